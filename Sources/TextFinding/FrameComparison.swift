import CFrames
package import DICOMModel

extension PixelDescription {
    /// Whether what moves from frame to frame can be followed in the stored bytes, which then are about what is seen.
    func showsMotion(under rendering: RenderingDescription) -> Bool {
        guard bitsAllocated == 8, !isFloat, !isNative422, rows >= 8, columns >= 8 else { return false }
        switch samplesPerPixel {
        case 1:
            // A narrow window shows as text what is noise to the whole range, and indices of a palette aren't grey levels.
            return [.monochrome1, .monochrome2].contains(photometricInterpretation) && rendering.modalityLUT == nil
                && rendering.voiLUTs.isEmpty
                && rendering.windows.allSatisfy { $0.width >= 128 * abs(rendering.rescaleSlope) }
        case 3: return !isPlanar
        default: return false
        }
    }
}

extension NativeFrame {
    private static let block = frames_block

    /// The parts of these tiles of a frame that no earlier frame explains, a box for each tile that has any.
    ///
    /// A block of 8 × 8 pixels that isn't explained, but nearly, and has no neighbour like it, is noise: two letters of the
    /// smallest text take more.
    ///
    /// - Parameters:
    ///   - earlier: frames of the same description, of 8-bit samples side by side, the last one first, and where they show
    ///     text. That of the last one explains only what stayed in its place, but for noise; that of the others nothing.
    ///   - tiles: aligned to blocks.
    ///   - surroundings: so near to the last frame's text, in pixels, nothing may have moved.
    ///   - usual: how the blocks usually differ from one frame to the next, as the frame before left it; empty before the
    ///     first. This frame's differences are taken in.
    package func unexplained(
        by earlier: [(frame: NativeFrame, text: [PixelRegion])], in tiles: [PixelRegion], surroundings: Int,
        usual: inout [UInt16]
    ) -> [PixelRegion] {
        let text = (earlier.first?.text ?? []).map { $0.expanded(by: surroundings, within: description.bounds) }
        let (columns, rows) = (
            (description.columns + Self.block - 1) / Self.block, (description.rows + Self.block - 1) / Self.block
        )
        var wanted = [UInt8](repeating: 0, count: columns * rows)
        for tile in tiles {
            let isText = text.contains(where: tile.intersects)
            let wish = isText ? frames_in_place : frames_anywhere
            Self.forEachBlock(of: tile, columns: columns) { wanted[$0] = UInt8(wish.rawValue) }
        }
        if usual.count != wanted.count { usual = [UInt16](repeating: 0, count: wanted.count) }
        let shown = earlier.map { earlier in
            var shown = [UInt8](repeating: 0, count: wanted.count)
            for text in earlier.text {
                Self.forEachBlock(of: text.intersection(description.bounds), columns: columns) { shown[$0] = 1 }
            }
            return shown
        }
        let answers = self.answers(by: earlier.map(\.frame), text: shown, wanted: wanted, usual: &usual)
        return tiles.compactMap { tile in
            var box: PixelRegion?
            Self.forEachBlock(of: tile, columns: columns) { index in
                guard answers[index] != 0 else { return }
                let (column, row) = (index % columns, index / columns)
                let near = PixelRegion(x: column - 1, y: row - 1, width: 3, height: 3)
                    .intersection(PixelRegion(x: 0, y: 0, width: columns, height: rows))
                var others = 0
                for y in near.y..<near.maxY {
                    for x in near.x..<near.maxX where answers[y * columns + x] != 0 { others += 1 }
                }
                guard others > 1 || answers[index] == UInt8(frames_foreign.rawValue) else { return }
                let place = PixelRegion(
                    x: column * Self.block, y: row * Self.block, width: Self.block, height: Self.block)
                box = box?.union(place) ?? place
            }
            return box?.intersection(description.bounds)
        }
    }

    /// By block, row by row: a `frames_answer`.
    private func answers(
        by earlier: [NativeFrame], text: [[UInt8]], wanted: [UInt8], usual: inout [UInt16]
    ) -> [UInt8] {
        let size = frames_size(
            width: description.columns, height: description.rows, channels: description.samplesPerPixel)
        return [UInt8](unsafeUninitializedCapacity: wanted.count) { target, count in
            count = wanted.count
            var status: Int32 = -1
            bytes.withUnsafeBufferPointer { frame in
                Self.withPointers(to: earlier.map(\.bytes)[...]) { frames in
                    Self.withPointers(to: text[...]) { text in
                        status = frames_explain(
                            frame.baseAddress, frames, text, frames.count, size, wanted, &usual, target.baseAddress)
                    }
                }
            }
            // Without memory nothing is explained.
            guard status != 0 else { return }
            for (index, isWanted) in wanted.enumerated() {
                target[index] = isWanted == 0 ? 0 : UInt8(frames_foreign.rawValue)
            }
        }
    }

    private static func withPointers(
        to arrays: ArraySlice<[UInt8]>, known: [UnsafePointer<UInt8>?] = [],
        _ body: ([UnsafePointer<UInt8>?]) -> Void
    ) {
        guard let first = arrays.first else { return body(known) }
        first.withUnsafeBufferPointer {
            withPointers(to: arrays.dropFirst(), known: known + [$0.baseAddress], body)
        }
    }

    /// The indices of a tile's blocks, row by row.
    private static func forEachBlock(of tile: PixelRegion, columns: Int, _ body: (Int) -> Void) {
        for row in tile.y / block..<(tile.maxY + block - 1) / block {
            for column in tile.x / block..<(tile.maxX + block - 1) / block { body(row * columns + column) }
        }
    }
}

/// Tells byte sequences from each other: those of two that differ are the same with a chance of some 2^-60.
struct BytesDigest: Hashable {
    private let parts: Int
    private let count: Int

    private static let key = (0..<frames_key).map { _ in UInt8.random(in: 0...255) }

    init(_ bytes: [UInt8]) {
        count = bytes.count
        let blocks = [UInt64](unsafeUninitializedCapacity: frames_digest_size(bytes.count)) { target, count in
            frames_digest(bytes, bytes.count, Self.key, target.baseAddress)
            count = frames_digest_size(bytes.count)
        }
        var hasher = Hasher()
        blocks.withUnsafeBytes { hasher.combine(bytes: $0) }
        parts = hasher.finalize()
    }
}

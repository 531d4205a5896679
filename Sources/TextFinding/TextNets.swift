import DICOMModel

/// The networks of the model, which are asked about the same places.
package final class TextNets {
    private let networks: [TextNet]

    /// - Throws: `TextFindingError` `.missingModel` where the model that was built in isn't what the kernel expects.
    package init() throws {
        let memory = try TextNet.Memory()
        networks = try (0..<TextNet.count).map { try TextNet($0, in: memory) }
    }

    /// How large a picture is beside the frame that it shows.
    package enum Size: CaseIterable {
        case whole
        case reduced
        case enlarged
    }

    /// The looks after the first network's own, each at the picture as it is or at its negative upside down, in steps: only
    /// where all before take a cell for text on average it is worth the next. What is text in one sense is text in the other.
    ///
    /// The last network learned from what the first takes for text by mistake; of bodies in reduced and enlarged pictures
    /// the second is the better judge.
    private static func looks(at size: Size) -> [[(network: Int, isNegative: Bool)]] {
        [[(2, false), (size == .whole ? 3 : 1, true)], [(2, true)]]
    }

    /// Log odds from which a cell is doubtful.
    private static let doubtful: Float = 0
    /// Beyond a cell this much of the picture bears most on its answer, in pixels.
    private static let surroundings = 32
    /// Where the gate is shut, log odds count as no lower than this.
    private static let shut: Float = -8

    /// Log odds as the first network gives them, but where text seems to stand the mean with those of other looks: what
    /// looks like text in one sense only, or to one network, is seldom text. The first network's own counts twice but in
    /// reduced pictures, of which it takes too much for text, such as organs that have become as small as letters.
    package func logits(
        of image: GrayImage, seeds: [UInt8], size: Size
    ) throws -> (columns: Int, rows: Int, values: [Float]) {
        var answer = try networks[0].logits(of: image, seeds: seeds)
        let whole = PixelRegion(x: 0, y: 0, width: image.width / 8 * 8, height: image.height / 8 * 8)
        var seen: Float = size == .reduced ? 1 : 2
        for looks in Self.looks(at: size) {
            let blocks = Self.doubtfulBlocks(of: answer.values, columns: answer.columns)
            let places = Self.boxes(of: blocks, columns: answer.columns / 2).map { $0.intersection(whole) }
            for box in PixelRegion.united(places.filter { !$0.isEmpty }) {
                guard let part = image.cropped(to: box) else { continue }
                let seeds = (box.y / 8..<box.maxY / 8).flatMap { row -> ArraySlice<UInt8> in
                    let start = row * (answer.columns / 2)
                    return blocks[start + box.x / 8..<start + box.maxX / 8]
                }
                let values = try looks.map { network, isNegative -> [Float] in
                    guard isNegative else { return try networks[network].logits(of: part, seeds: seeds).values }
                    return try networks[network].logits(of: part.negativeUpsideDown(), seeds: seeds.reversed())
                        .values.reversed()
                }
                answer.values.withUnsafeMutableBufferPointer { mean in
                    Self.add(values, to: mean, columns: answer.columns, in: box, seen: seen)
                }
            }
            seen += Float(looks.count)
        }
        return answer
    }

    /// By block of 8 × 8 pixels, row by row: 1 where a cell is doubtful.
    private static func doubtfulBlocks(of values: [Float], columns: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: values.count / 4)
        for row in 0..<values.count / columns {
            for column in 0..<columns where values[row * columns + column] >= doubtful {
                result[row / 2 * (columns / 2) + column / 2] = 1
            }
        }
        return result
    }

    /// Doubtful blocks, joined along their rows, with their surroundings.
    private static func boxes(of blocks: [UInt8], columns: Int) -> [PixelRegion] {
        var result: [PixelRegion] = []
        for row in 0..<blocks.count / columns {
            var first: Int?
            for column in 0...columns {
                if column < columns, blocks[row * columns + column] != 0 {
                    first = first ?? column
                } else if let start = first {
                    result.append(
                        PixelRegion(x: start * 8, y: row * 8, width: (column - start) * 8, height: 8)
                            .expanded(by: surroundings))
                    first = nil
                }
            }
        }
        return result
    }

    /// Takes what further looks show of one box into the means.
    ///
    /// - Parameter seen: how many looks the means are of.
    private static func add(
        _ looks: [[Float]], to mean: UnsafeMutableBufferPointer<Float>, columns: Int, in box: PixelRegion, seen: Float
    ) {
        let (width, height) = (box.width / TextNet.cell, box.height / TextNet.cell)
        for row in 0..<height {
            for column in 0..<width {
                let index = (box.y / TextNet.cell + row) * columns + box.x / TextNet.cell + column
                guard mean[index] >= doubtful else { continue }
                let sum = looks.reduce(mean[index] * seen) { $0 + max($1[row * width + column], shut) }
                mean[index] = sum / (seen + Float(looks.count))
            }
        }
    }
}

extension GrayImage {
    fileprivate func negativeUpsideDown() -> GrayImage {
        GrayImage(checkedWidth: width, height: height, pixels: pixels.reversed().map { 255 - $0 })
    }
}

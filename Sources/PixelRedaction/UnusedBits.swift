public import DICOMModel

/// One bit of the allocated words that is not part of the stored value, seen as a picture.
public struct UnusedBitPlane: Hashable, Sendable {
    /// Counted from the least significant bit of the word.
    public let bit: Int
    /// The channel it was taken from, 0 in grey images.
    public let channel: Int
    public let plane: BitPlane
}

extension NativeFrame {
    /// Whether the unused bits hold anything: neither zero in every word of the frame nor, in every word, the sign of a
    /// signed value (PS3.5 8.1.1).
    public var hasUnusedBitsSet: Bool {
        let (isZero, isSign) = unusedBits
        return !isZero && !isSign
    }

    /// Whether unused bits are the sign of their value in every word; some writers leave them zero instead.
    var extendsSign: Bool { unusedBits.isSign }

    private var unusedBits: (isZero: Bool, isSign: Bool) {
        let layout = StoredBits(description)
        guard layout.hasUnusedBits, layout.bitsAllocated >= 8 else { return (true, true) }
        var isZero = true
        var isSign = true
        let width = layout.bytesPerSample
        for offset in stride(from: 0, through: bytes.count - width, by: width) {
            let word = bytes.word(at: offset, bytes: width)
            if word & ~layout.storedMask != 0 { isZero = false }
            if word != layout.cleared(word) { isSign = false }
            if !isZero, !isSign { break }
        }
        return (isZero, isSign)
    }

    /// Sets all unused bits to zero, or to the sign where values are signed.
    mutating func clearUnusedBits() {
        let layout = StoredBits(description)
        guard layout.hasUnusedBits, layout.bitsAllocated >= 8 else { return }
        let width = layout.bytesPerSample
        for offset in stride(from: 0, through: bytes.count - width, by: width) {
            let word = bytes.word(at: offset, bytes: width)
            bytes.setWord(layout.cleared(word), at: offset, bytes: width)
        }
    }

    /// Every unused bit that is neither the same in the whole frame nor the extension of the sign.
    public func unusedBitPlanes() -> [UnusedBitPlane] {
        let layout = StoredBits(description)
        guard layout.hasUnusedBits, layout.bitsAllocated >= 8, hasUnusedBitsSet else { return [] }
        let channels = description.isNative422 ? 1 : description.samplesPerPixel
        return (0..<channels).flatMap { unusedBitPlanes(channel: $0, layout: layout) }
    }

    private func unusedBitPlanes(channel: Int, layout: StoredBits) -> [UnusedBitPlane] {
        let pixels = description.pixelsPerFrame
        let width = layout.bytesPerSample
        let offsets = SampleOffsets(description)
        guard bytes.count >= description.bytesPerFrame else { return [] }
        var anySet: UInt32 = 0
        var allSet: UInt32 = .max
        for pixel in 0..<pixels {
            let word = bytes.word(at: offsets.offset(pixel: pixel, channel: channel), bytes: width)
            anySet |= word
            allSet &= word
        }
        let varying = anySet & ~allSet & ~layout.storedMask
        return (0..<layout.bitsAllocated).filter { varying >> UInt32($0) & 1 == 1 }.map { bit in
            let bits = (0..<pixels).map { pixel -> UInt8 in
                let word = bytes.word(at: offsets.offset(pixel: pixel, channel: channel), bytes: width)
                return UInt8(truncatingIfNeeded: word >> UInt32(bit) & 1)
            }
            let plane = BitPlane(rows: description.rows, columns: description.columns, bits: bits)
            return UnusedBitPlane(bit: bit, channel: channel, plane: plane)
        }
    }
}

/// Where a sample's bytes are in a frame of 8 or more bits.
struct SampleOffsets {
    private let description: PixelDescription
    private let width: Int

    init(_ description: PixelDescription) {
        self.description = description
        width = max(1, description.bitsAllocated / 8)
    }

    /// - Parameters:
    ///   - pixel: row × columns + column.
    ///   - channel: 0…2; in 4:2:2 the two colour differences belong to both pixels of a pair.
    func offset(pixel: Int, channel: Int) -> Int {
        if description.isNative422 {
            let pair = pixel / 2 * 4
            return (channel == 0 ? pair + pixel % 2 : pair + 1 + channel) * width
        }
        if description.isPlanar {
            return (channel * description.pixelsPerFrame + pixel) * width
        }
        return (pixel * description.samplesPerPixel + channel) * width
    }
}

extension ImageReader {
    /// Whether a frame could hold anything in its unused bits: not where its stream's samples have no more than Bits
    /// Stored, and not in lossy JPEG, where such bits are rounding.
    func mayHoldUnusedBits(_ stream: [UInt8]) -> Bool {
        let layout = StoredBits(description)
        guard layout.hasUnusedBits, layout.bitsAllocated >= 8, !isLossyJPEG else { return false }
        guard let precision = StreamPrecision.bits(stream, codec: transferSyntax.codec) else { return true }
        return layout.shift > 0 || precision > layout.bitsStored
    }
}

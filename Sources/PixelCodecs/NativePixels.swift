public import DICOMModel

/// Frames of native Pixel Data where they stand in the value, which may be larger than memory.
///
/// Handles byte order (words are swapped; so are 8-bit samples in an OW value, PS3.5 8.2 and annex D), and 1-bit frames,
/// which follow each other without padding (PS3.5 8.1.1).
public struct NativePixels: Sendable {
    public let description: PixelDescription
    /// Bytes that are reversed together: 1 for none.
    private let swapWidth: Int

    /// - Parameters:
    ///   - isBigEndian: whether the Transfer Syntax is big endian.
    ///   - vr: the element's; decides what 8-bit and 1-bit samples in big endian look like.
    /// - Throws: `PixelCodecError` as `FrameCodec.init` does for native.
    public init(description: PixelDescription, isBigEndian: Bool, vr: VR) throws {
        try FrameCodec.check(description)
        self.description = description
        let isWords = vr != .ob && vr != .un
        swapWidth = isBigEndian ? max(description.bitsAllocated / 8, isWords ? 2 : 1) : 1
    }

    /// Where a frame stands in the value, in bits from its beginning. Nil where that isn't representable.
    private func bitRange(of number: FrameNumber) -> Range<Int>? {
        let (start, overflow) = number.index.multipliedReportingOverflow(by: description.bitsPerFrame)
        guard !overflow, start <= .max - description.bitsPerFrame - 512 else { return nil }
        return start..<(start + description.bitsPerFrame)
    }

    /// The bytes of the value that must be read and written for one frame: its own, grown to whole words.
    /// - Throws: `.tooLarge` for a frame number beyond what can be addressed.
    public func byteRange(of number: FrameNumber) throws -> Range<Int> {
        guard let bits = bitRange(of: number) else {
            throw PixelCodecError(.tooLarge, "the frame number is too large")
        }
        let first = bits.lowerBound / 8
        let last = (bits.upperBound + 7) / 8
        return (first / swapWidth * swapWidth)..<((last + swapWidth - 1) / swapWidth * swapWidth)
    }

    /// Reads one frame.
    /// - Parameters:
    ///   - count: the value's length in bytes.
    ///   - read: gives bytes of the value; never asked beyond `count`.
    /// - Returns: stored values in little endian, with this description.
    /// - Throws: `.mismatch` where the value ends before the frame does, and what `read` throws.
    public func frame(
        _ number: FrameNumber, count: Int, read: (Range<Int>) throws -> [UInt8]
    ) throws -> NativeFrame {
        let range = try byteRange(of: number)
        var bytes = try load(range, count: count, read: read)
        swap(&bytes)
        let skipped = (bitRange(of: number)?.lowerBound ?? 0) - range.lowerBound * 8
        if description.bitsAllocated == 1 {
            bytes = Self.bits(bytes, from: skipped, count: description.bitsPerFrame)
        } else {
            let start = skipped / 8
            if start > 0 || bytes.count > description.bytesPerFrame {
                bytes = Array(bytes[start..<min(start + description.bytesPerFrame, bytes.count)])
            }
        }
        guard bytes.count == description.bytesPerFrame else { throw Self.short }
        return NativeFrame(description: description, bytes: bytes)
    }

    /// What must be written to the value to replace one frame.
    ///
    /// Neighbouring frames may share a byte or a word with it: write the result before asking for the next frame's, or
    /// let `read` give what was written.
    /// - Returns: where in the value, and the bytes in the file's own order.
    /// - Throws: `.mismatch` where the frame isn't of this description or the value ends before it, and what `read`
    ///   throws.
    public func replacement(
        for frame: NativeFrame, at number: FrameNumber, count: Int, read: (Range<Int>) throws -> [UInt8]
    ) throws -> (range: Range<Int>, bytes: [UInt8]) {
        guard frame.bytes.count == description.bytesPerFrame, let bits = bitRange(of: number) else { throw Self.short }
        let whole = try byteRange(of: number)
        let skipped = bits.lowerBound - whole.lowerBound * 8
        var bytes: [UInt8]
        if skipped == 0, whole.count == frame.bytes.count, description.bitsPerFrame % 8 == 0 {
            guard whole.upperBound <= count else { throw Self.short }
            bytes = frame.bytes
        } else {
            bytes = try load(whole, count: count, read: read)
            swap(&bytes)
            if description.bitsAllocated == 1 {
                Self.put(frame.bytes, count: description.bitsPerFrame, into: &bytes, at: skipped)
            } else {
                guard skipped / 8 + frame.bytes.count <= bytes.count else { throw Self.short }
                bytes.replaceSubrange((skipped / 8)..<(skipped / 8 + frame.bytes.count), with: frame.bytes)
            }
        }
        swap(&bytes)
        // A value of odd length ends inside of a word; only what is there can be written.
        if whole.upperBound > count { bytes.removeLast(min(bytes.count, whole.upperBound - count)) }
        return (whole.lowerBound..<(whole.lowerBound + bytes.count), bytes)
    }
}

extension NativePixels {
    private static var short: PixelCodecError {
        PixelCodecError(.mismatch, "Pixel Data ends before the frame does")
    }

    /// The bytes of `range`; a last word that the value cuts off is filled up with zeros.
    private func load(_ range: Range<Int>, count: Int, read: (Range<Int>) throws -> [UInt8]) throws -> [UInt8] {
        let missing = range.upperBound - count
        guard missing < swapWidth else { throw Self.short }
        let wanted = range.lowerBound..<min(range.upperBound, max(range.lowerBound, count))
        var bytes = try read(wanted)
        guard bytes.count == wanted.count else { throw Self.short }
        if missing > 0 { bytes.append(contentsOf: repeatElement(0, count: missing)) }
        return bytes
    }

    /// Between the file's byte order and little endian; its own inverse. The length is a multiple of `swapWidth`.
    private func swap(_ bytes: inout [UInt8]) {
        guard swapWidth > 1 else { return }
        bytes.withUnsafeMutableBufferPointer { buffer in
            var start = 0
            while start + swapWidth <= buffer.count {
                var low = start
                var high = start + swapWidth - 1
                while low < high {
                    buffer.swapAt(low, high)
                    low += 1
                    high -= 1
                }
                start += swapWidth
            }
        }
    }

    /// `count` bits from bit `start` on, moved to bit 0; the rest of the last byte is zero.
    private static func bits(_ bytes: [UInt8], from start: Int, count: Int) -> [UInt8] {
        let shift = UInt16(start % 8)
        let first = start / 8
        var result = [UInt8](repeating: 0, count: (count + 7) / 8)
        for index in result.indices {
            let low = first + index < bytes.count ? UInt16(bytes[first + index]) : 0
            let high = first + index + 1 < bytes.count ? UInt16(bytes[first + index + 1]) : 0
            result[index] = UInt8(truncatingIfNeeded: (low | high << 8) >> shift)
        }
        if count % 8 != 0, let last = result.indices.last { result[last] &= UInt8((1 << (count % 8)) - 1) }
        return result
    }

    private static func put(_ source: [UInt8], count: Int, into bytes: inout [UInt8], at start: Int) {
        for bit in 0..<count {
            let target = start + bit
            guard target / 8 < bytes.count, bit / 8 < source.count else { return }
            let mask: UInt8 = 1 << UInt8(target % 8)
            if source[bit / 8] >> UInt8(bit % 8) & 1 == 1 {
                bytes[target / 8] |= mask
            } else {
                bytes[target / 8] &= ~mask
            }
        }
    }
}

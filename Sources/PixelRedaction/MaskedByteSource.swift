import DICOMFile
import DICOMModel

/// Native Pixel Data as it is after masking: the original bytes, changed while they are read, so that a cine of any
/// length is written without being held in memory.
struct MaskedByteSource: ByteSource {
    let original: NativePixelData
    /// By frame index, counted from 0.
    let masks: [Int: FrameMask]
    /// Whether all frames get their unused bits cleared.
    let clearsUnusedBits: Bool

    var count: Int { original.value.count }

    /// Reads are widened to this many bytes, so that no sample and no swapped word is cut.
    private static let alignment = 8

    func read(_ range: Range<Int>) throws -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw DICOMFileError(.readFailed, "the Pixel Data ends before the range does")
        }
        let whole = widened(range, by: Self.alignment, count: count)
        var bytes = try original.order.load(whole, of: original.value)
        guard bytes.count == whole.count else {
            throw DICOMFileError(.readFailed, "the Pixel Data ends before the range does")
        }
        clear(&bytes, at: whole)
        mask(&bytes, at: whole)
        original.order.reorder(&bytes)
        let start = range.lowerBound - whole.lowerBound
        return start == 0 && bytes.count == range.count ? bytes : Array(bytes[start..<(start + range.count)])
    }

    private func clear(_ bytes: inout [UInt8], at range: Range<Int>) {
        guard clearsUnusedBits else { return }
        let layout = StoredBits(original.description)
        guard layout.hasUnusedBits, layout.bitsAllocated >= 8 else { return }
        let width = layout.bytesPerSample
        let end = min(range.upperBound, original.expectedCount) - range.lowerBound
        for offset in stride(from: 0, through: end - width, by: width) {
            bytes.setWord(layout.cleared(bytes.word(at: offset, bytes: width)), at: offset, bytes: width)
        }
    }

    private func mask(_ bytes: inout [UInt8], at range: Range<Int>) {
        let description = original.description
        let frameBits = description.bitsPerFrame
        guard frameBits > 0, !range.isEmpty else { return }
        let first = range.lowerBound * 8 / frameBits
        let last = min((range.upperBound * 8 - 1) / frameBits, original.numberOfFrames - 1)
        guard first <= last else { return }
        for frame in first...last {
            guard let mask = masks[frame] else { continue }
            if description.bitsAllocated == 1 {
                let firstBit = frame * frameBits - range.lowerBound * 8
                mask.applyBits(to: &bytes, firstBit: firstBit, description: description)
            } else {
                applyWhole(mask, to: &bytes, frameStart: frame * description.bytesPerFrame, at: range)
            }
        }
    }

    private func applyWhole(_ mask: FrameMask, to bytes: inout [UInt8], frameStart: Int, at range: Range<Int>) {
        let description = original.description
        mask.apply(to: &bytes, startingAt: range.lowerBound - frameStart, description: description)
    }
}

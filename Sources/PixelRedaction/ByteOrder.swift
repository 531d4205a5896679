import DICOMFile
import DICOMModel

/// How the bytes of a native Pixel Data or Overlay Data value lie in the file, compared with little endian.
///
/// In Explicit VR Big Endian the bytes of each OW word are swapped (PS3.5 7.3), so 8-bit samples in OW are swapped in
/// pairs as well. Some writers swap 32-bit samples as a whole and some by halves; see `NativePixelData`.
struct ByteOrder: Hashable, Sendable {
    /// 1 where the file's bytes are in little endian order already, else how many are reversed together.
    let wordSize: Int

    static let littleEndian = ByteOrder(wordSize: 1)

    init(wordSize: Int) {
        self.wordSize = wordSize
    }

    /// - Parameter bitsAllocated: of the samples; 1 for Overlay Data.
    init(isBigEndian: Bool, vr: VR, bitsAllocated: Int) {
        guard isBigEndian else {
            wordSize = 1
            return
        }
        let word = vr == .ow ? 2 : 1
        wordSize = max(word, bitsAllocated / 8)
    }

    /// Between file order and little endian, both ways. `bytes` begins at a word; a trailing part of a word stays.
    func reorder(_ bytes: inout [UInt8]) {
        guard wordSize > 1 else { return }
        var start = 0
        while start + wordSize <= bytes.count {
            var low = start
            var high = start + wordSize - 1
            while low < high {
                bytes.swapAt(low, high)
                low += 1
                high -= 1
            }
            start += wordSize
        }
    }

    /// The bytes at `range` of the value as if it were little endian; `range` is cut to the value.
    func load(_ range: Range<Int>, of value: ValueBytes) throws -> [UInt8] {
        let whole = widened(range, by: wordSize, count: value.count)
        var bytes = try value.load(whole)
        reorder(&bytes)
        let start = min(range.lowerBound - whole.lowerBound, bytes.count)
        let end = min(start + range.count, bytes.count)
        return start == 0 && end == bytes.count ? bytes : Array(bytes[start..<end])
    }
}

/// `range` grown outwards to multiples of `step` and cut to `0..<count`.
func widened(_ range: Range<Int>, by step: Int, count: Int) -> Range<Int> {
    let lower = min(max(range.lowerBound, 0), count) / step * step
    let upper = min(max(range.upperBound, 0), count)
    let (padded, overflow) = upper.addingReportingOverflow(step - 1)
    let end = overflow ? count : min(padded / step * step, count)
    return lower..<max(lower, end)
}

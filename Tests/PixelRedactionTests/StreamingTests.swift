import DICOMFile
import DICOMModel
import PixelRedaction
import Synchronization
import Testing

/// Memory holds a few frames, however long a cine is. `make bench-pixels` shows it on 2 GB.
@Suite struct StreamingTests {
    /// Frames that are made when they are read, and the largest part that was asked for at once.
    private final class Cine: ByteSource {
        let count: Int
        let largest = Mutex(0)

        init(count: Int) { self.count = count }

        func read(_ range: Range<Int>) throws -> [UInt8] {
            largest.withLock { $0 = max($0, range.count) }
            return range.map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        }
    }

    /// Counts what it is given, and the largest part.
    private struct Counter: ByteSink {
        var count = 0
        var largest = 0

        mutating func write(_ bytes: ArraySlice<UInt8>) {
            count += bytes.count
            largest = max(largest, bytes.count)
        }
    }

    private func regions(_ count: Int) -> [FrameNumber: [PixelRegion]] {
        let box = PixelRegion(x: 0, y: 0, width: 30, height: 5)
        return Dictionary(uniqueKeysWithValues: (0..<count).map { (FrameNumber(index: $0), [box]) })
    }

    @Test func `a native cine is masked, written and proven a frame at a time`() throws {
        let description = PixelDescription(rows: 60, columns: 80, bitsAllocated: 16, bitsStored: 16, isSigned: true)
        var synthetic = SyntheticObject(description)
        synthetic.numberOfFrames = 1
        var original = try synthetic.object()
        let cine = Cine(count: 300 * description.bytesPerFrame)
        try original.dataSet.set(.numberOfFrames, .is, string: "300")
        original.dataSet[.pixelData] = DataElement(
            tag: .pixelData, vr: .ow, value: .bytes(ValueBytes(source: cine, range: 0..<cine.count)))
        var redacted = original
        let summary = try PixelRedactor().redact(&redacted, regions: regions(300))
        var sink = Counter()
        try redacted.write(to: &sink)
        #expect(sink.count > cine.count && sink.largest < 1 << 18)
        let proof = try PixelComparison().compare(original: original, redacted: redacted, masked: summary.masked)
        #expect(proof.failures == [] && proof.comparedFrames == 300)
        // What the writer copies at once is more than one of these frames.
        #expect(cine.largest.withLock { $0 } <= max(description.bytesPerFrame, 1 << 16) + 8)
    }

    @Test func `5,000 encapsulated frames are masked without being held in memory`() throws {
        var synthetic = SyntheticObject(PixelDescription(rows: 12, columns: 40, bitsAllocated: 8))
        synthetic.transferSyntax = .rleLossless
        synthetic.numberOfFrames = 5000
        let original = try synthetic.object()
        var redacted = original
        let summary = try PixelRedactor().redact(&redacted, regions: regions(5000))
        #expect(summary.changedFrames.count == 5000)
        guard case .fragments(let pixelData)? = redacted.dataSet[.pixelData]?.value else { return }
        // None of the new streams is in memory.
        let held = pixelData.fragments.count { $0.loaded != nil }
        #expect(held == 0 && pixelData.fragments.count == 5000)
        let fresh = try redacted.reread()
        let proof = try PixelComparison().compare(original: original, redacted: fresh, masked: summary.masked)
        #expect(proof.failures == [] && proof.comparedFrames == 5000)
    }
}

import DICOMFile
import DICOMModel
import PixelCodecs
import PixelRedaction
import Testing

/// Frames of several fragments, and the tables that say where they begin.
@Suite struct OffsetTableTests {
    private func bytes(_ values: [Int], width: Int) -> [UInt8] {
        values.flatMap { value in (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    /// Three frames; the second is cut into two fragments.
    private func object(basic: Bool) throws -> DICOMObject {
        var synthetic = SyntheticObject(PixelDescription(rows: 16, columns: 24, bitsAllocated: 8))
        synthetic.transferSyntax = .jpegLSLossless
        synthetic.numberOfFrames = 3
        var object = try synthetic.object()
        guard case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value else { return object }
        let second = try pixelData.fragments[1].load()
        pixelData.fragments.replaceSubrange(1...1, with: [ValueBytes(second[..<100]), ValueBytes(second[100...])])
        let sizes = pixelData.fragments.map { $0.count + 8 }
        pixelData.basicOffsetTable = basic ? bytes([0, sizes[0], sizes[0] + sizes[1] + sizes[2]], width: 4) : []
        object.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        return try object.reread()
    }

    private func fragments(_ object: DICOMObject) throws -> [[UInt8]] {
        guard case .fragments(let pixelData)? = object.dataSet[.pixelData]?.value else { return [] }
        return try pixelData.fragments.map { try $0.load() }
    }

    @Test(arguments: [true, false])
    func `other frames keep their fragments and the table is right`(_ basic: Bool) throws {
        let original = try object(basic: basic)
        let box = PixelRegion(x: 2, y: 2, width: 9, height: 7)
        for index in 0..<3 {
            var redacted = original
            let frame = FrameNumber(index: index)
            let summary = try PixelRedactor().redact(&redacted, regions: [frame: [box]])
            let fresh = try redacted.reread()
            let result = try PixelComparison().compare(original: original, redacted: fresh, masked: summary.masked)
            #expect(result.failures == [] && result.identicalFrames == 2)
            let old = try fragments(original)
            let new = try fragments(fresh)
            if index != 0 { #expect(new.first == old.first) }
            if index != 1 { #expect(new[1...2] == old[1...2]) }
            if index != 2 { #expect(new.last == old.last) }
            guard basic, case .fragments(let pixelData)? = fresh.dataSet[.pixelData]?.value else { continue }
            let sizes = new.map { $0.count + 8 }
            let starts = index == 1 ? [0, 1, 2] : [0, 1, 3]
            #expect(pixelData.basicOffsetTable == bytes(starts.map { sizes[..<$0].reduce(0, +) }, width: 4))
        }
    }

    @Test func `the Extended Offset Table follows`() throws {
        var synthetic = SyntheticObject(PixelDescription(rows: 16, columns: 24, bitsAllocated: 8))
        synthetic.transferSyntax = .rleLossless
        synthetic.numberOfFrames = 3
        var original = try synthetic.object()
        guard case .fragments(var pixelData)? = original.dataSet[.pixelData]?.value else { return }
        let sizes = pixelData.fragments.map(\.count)
        pixelData.basicOffsetTable = []
        original.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        let offsets = [0, sizes[0] + 8, sizes[0] + sizes[1] + 16]
        original.dataSet[.extendedOffsetTable] = DataElement(
            tag: .extendedOffsetTable, vr: .ov, bytes: bytes(offsets, width: 8))
        original.dataSet[.extendedOffsetTableLengths] = DataElement(
            tag: .extendedOffsetTableLengths, vr: .ov, bytes: bytes(sizes, width: 8))
        var redacted = try original.reread()
        let box = PixelRegion(x: 0, y: 0, width: 24, height: 9)
        _ = try PixelRedactor().redact(&redacted, regions: [FrameNumber(index: 1): [box]])
        let new = try fragments(redacted.reread()).map(\.count)
        #expect(new[1] < sizes[1])
        #expect(redacted.dataSet.integers(.extendedOffsetTable) == [0, new[0] + 8, new[0] + new[1] + 16])
    }

    @Test func `a Number of Frames that the fragments contradict is refused`() throws {
        for text in ["2", "5"] {
            var broken = try object(basic: true)
            try broken.dataSet.set(.numberOfFrames, .is, string: text)
            let error = #expect(throws: PixelRedactionError.self) { try ImageReader(broken) }
            #expect(error?.code == .pixelDataLengthMismatch)
        }
    }
}

import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// Text beside the picture in a compressed stream, and a second picture behind it.
@Suite struct StreamCommentTests {
    private let canary = Array("QUAXEL^ZYLVIA".utf8)

    private func object(_ syntax: TransferSyntax) throws -> DICOMObject {
        var synthetic = SyntheticObject(PixelDescription(rows: 16, columns: 24, bitsAllocated: 8))
        synthetic.transferSyntax = syntax
        synthetic.numberOfFrames = 2
        return try synthetic.object()
    }

    /// With `change` made to the stream of frame 2.
    private func changed(_ object: DICOMObject, _ change: ([UInt8]) -> [UInt8]) throws -> DICOMObject {
        guard case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value else { return object }
        var stream = change(try pixelData.fragments[1].load())
        if stream.count % 2 == 1 { stream.append(0) }
        pixelData.fragments[1] = ValueBytes(stream)
        var result = object
        result.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        return try result.reread()
    }

    private func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)] + body
    }

    private func expectRemoved(from dirty: DICOMObject) throws {
        #expect(try dirty.serialized().contains(canary))
        var redacted = dirty
        let summary = try PixelRedactor().redact(&redacted, regions: [:])
        #expect(summary.changes == [.streamCommentsRemoved] && summary.changedFrames.isEmpty)
        #expect(try !redacted.serialized().contains(canary))
        let result = try PixelComparison().compare(original: dirty, redacted: redacted.reread(), masked: [:])
        #expect(result.failures == [] && result.identicalFrames == 1)
        let frames = try [dirty, redacted].map { try ImageReader($0).frame(FrameNumber(index: 1)) }
        #expect(frames[0] == frames[1])
    }

    @Test(arguments: [TransferSyntax.jpegLSLossless, .jpegLosslessSV1], [0xFE, 0xE1, 0xE0, 0xED] as [UInt8])
    func `comments and application segments of JPEG go`(_ syntax: TransferSyntax, _ marker: UInt8) throws {
        let dirty = try changed(object(syntax)) { stream in
            Array(stream[..<2]) + segment(marker, canary) + stream[2...]
        }
        try expectRemoved(from: dirty)
    }

    @Test(arguments: [
        ("LEAD Technologies Inc. V1.01\0", true), ("Lavc58.134.100", true), ("", true), ("\0\0\0\0", true),
        ("LEAD Technologies Inc. V19500312", false), ("Lavc12.03.1950", false), ("Lavc", false),
        ("LEAD Technologies Inc. V1.01\0QUAXEL", false), ("QUAXEL", false),
    ])
    func `only what an encoder says of itself stays in a frame without a region`(_ text: String, _ stays: Bool) throws {
        let original = try changed(object(.jpegLosslessSV1)) { stream in
            Array(stream[..<2]) + segment(0xFE, Array(text.utf8)) + stream[2...]
        }
        var redacted = original
        let summary = try PixelRedactor().redact(&redacted, regions: [:])
        #expect(summary.changes == (stays ? [] : [.streamCommentsRemoved]))
        #expect(try (original.serialized() == redacted.serialized()) == stays)
    }

    @Test func `a comment in the main header of JPEG 2000 goes`() throws {
        let dirty = try changed(object(.jpeg2000Lossless)) { stream in
            // Behind SOC and SIZ, whose length stands at 4.
            let end = 4 + (Int(stream[4]) << 8 | Int(stream[5]))
            return Array(stream[..<end]) + segment(0x64, [0, 1] + canary) + stream[end...]
        }
        try expectRemoved(from: dirty)
    }

    @Test(arguments: [TransferSyntax.jpegLSLossless, .jpegLosslessSV1, .jpeg2000Lossless])
    func `bytes behind the end of a stream go`(_ syntax: TransferSyntax) throws {
        let dirty = try changed(object(syntax)) { stream in
            // dcmtk and pydicom read up to the end marker as well.
            (stream.last == 0 ? stream.dropLast() : stream[...]) + canary
        }
        try expectRemoved(from: dirty)
    }

    @Test func `a fragment with a stream of its own that belongs to no frame is refused`() throws {
        var single = SyntheticObject(PixelDescription(rows: 16, columns: 24, bitsAllocated: 8))
        single.transferSyntax = .jpegLosslessSV1
        var object = try single.object()
        guard case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value else { return }
        pixelData.fragments.append(pixelData.fragments[0])
        object.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        let error = #expect(throws: PixelRedactionError.self) { try ImageReader(object) }
        #expect(error?.code == .pixelDataLengthMismatch)
    }
}

extension Array where Element == UInt8 {
    func contains(_ other: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}

import DICOMFile
import DICOMModel
import PixelCodecs
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
    private func changed(_ object: DICOMObject, _ change: ([UInt8]) throws -> [UInt8]) throws -> DICOMObject {
        guard case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value else { return object }
        var stream = try change(try pixelData.fragments[1].load())
        if stream.count % 2 == 1 { stream.append(0) }
        pixelData.fragments[1] = ValueBytes(stream)
        pixelData.basicOffsetTable = []
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

    /// Nothing is released, and what somebody else released in spite of it fails the comparison.
    private func expectHeld(_ dirty: DICOMObject) throws {
        var redacted = dirty
        let error = #expect(throws: PixelRedactionError.self) {
            _ = try PixelRedactor().redact(&redacted, regions: [:])
        }
        #expect(error?.code == .undecodableFrame && error?.frame == FrameNumber(index: 1))
        try expectCaught(dirty)
    }

    private func expectCaught(_ released: DICOMObject) throws {
        let result = try PixelComparison().compare(original: released, redacted: released, masked: [:])
        #expect(
            result.failures.map(\.code) == [.besidePicture] && result.failures.first?.frame == FrameNumber(index: 1))
        #expect(try ImageReader.hasCompany(released))
    }

    @Test(arguments: [TransferSyntax.jpegLSLossless, .jpegLosslessSV1], [0xFE, 0xE1, 0x00] as [UInt8])
    func `a JPEG without an end marker is held`(_ syntax: TransferSyntax, _ marker: UInt8) throws {
        let dirty = try changed(object(syntax)) { stream in
            let end = stream.last == 0 ? stream.count - 3 : stream.count - 2
            return stream[..<2] + (marker == 0 ? [] : segment(marker, canary)) + stream[2..<end]
        }
        if syntax == .jpegLosslessSV1 {
            // The decoder shows the picture all the same.
            let frames = try [dirty, object(syntax)].map { try ImageReader($0).frame(FrameNumber(index: 1)) }
            #expect(frames[0] == frames[1])
        }
        try expectHeld(dirty)
    }

    @Test(arguments: [TransferSyntax.jpegLSLossless, .jpegLosslessSV1])
    func `a second picture in the same fragment is held`(_ syntax: TransferSyntax) throws {
        let dirty = try changed(object(syntax)) { stream in
            stream.dropLast(stream.last == 0 ? 3 : 2) + stream
        }
        try expectHeld(dirty)
    }

    @Test func `text in a segment for the number of lines goes`() throws {
        let dirty = try changed(object(.jpegLosslessSV1)) { stream in
            stream[..<2] + segment(0xDC, canary) + stream[2...]
        }
        try expectCaught(dirty)
        try expectRemoved(from: dirty)
    }

    @Test(arguments: [UInt8(0x64), 0x6F])
    func `text in the main header of JPEG 2000 goes, end marker or not`(_ marker: UInt8) throws {
        let clean = try object(.jpeg2000Lossless)
        for dropped in [0, 2] {
            let dirty = try changed(clean) { stream in
                let end = 4 + (Int(stream[4]) << 8 | Int(stream[5]))
                let last = stream.count - (stream.last == 0 ? 1 : 0) - dropped
                return Array(stream[..<end]) + segment(marker, [0, 1] + canary) + stream[end..<last]
            }
            try expectCaught(dirty)
            // OpenJPEG itself refuses some of these streams; what is left is the clean one.
            var redacted = dirty
            #expect(try PixelRedactor().redact(&redacted, regions: [:]).changes == [.streamCommentsRemoved])
            #expect(try !redacted.serialized().contains(canary))
            let frames = try [clean, redacted].map { try ImageReader($0).frame(FrameNumber(index: 1)) }
            #expect(frames[0] == frames[1])
            #expect(try !ImageReader.hasCompany(redacted))
        }
    }

    @Test(.enabled(if: MatrixRun.isPossible), arguments: [0xFE, 0xE1, 0xDC, 0x00] as [UInt8], [true, false])
    func `lossy JPEG with text beside the picture`(_ marker: UInt8, _ hasEnd: Bool) throws {
        let cell = try #require(MatrixCase.all.first { $0.transferSyntax == .jpegBaseline && $0.frames > 1 })
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["clean"], in: folder)
        let dirty = try changed(DICOMObject.read(FileByteSource(path: folder["clean"]))) { stream in
            let end = try #require(stream.indices.last { stream[$0...].starts(with: [0xFF, 0xD9]) })
            let beside = marker == 0 ? [] : segment(marker, canary)
            // Behind the end, or a second picture where there is none.
            let behind = marker != 0 ? [] : hasEnd ? canary : Array(stream[..<end])
            return stream[..<2] + beside + stream[2..<(hasEnd ? end + 2 : end)] + behind
        }
        guard hasEnd else { return try expectHeld(dirty) }
        try expectCaught(dirty)
        var redacted = dirty
        #expect(try PixelRedactor().redact(&redacted, regions: [:]).changes.contains(.streamCommentsRemoved))
        #expect(try !redacted.serialized().contains(canary))
        #expect(try PixelComparison().compare(original: dirty, redacted: redacted, masked: [:]).failures == [])
    }

    @Test func `of a JP2 file only the codestream stays`() throws {
        func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
            [0, 0, 0, UInt8(body.count + 8)] + Array(type.utf8) + body
        }
        let dirty = try changed(object(.jpeg2000Lossless)) { stream in
            box("jP  ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", Array("jp2 ".utf8) + [0, 0, 0, 0] + Array("jp2 ".utf8))
                + box("xml ", canary) + [0, 0, 0, 0] + Array("jp2c".utf8) + stream
        }
        try expectCaught(dirty)
        try expectRemoved(from: dirty)
    }

    // MARK: - RLE and deflated frames

    /// What hides text in a stream without changing what it decodes to.
    enum Hiding: CaseIterable {
        case tail, gap, header, literal
    }

    @Test(arguments: Hiding.allCases)
    func `bytes around the segments of RLE go`(_ hiding: Hiding) throws {
        let clean = try object(.rleLossless)
        let samples = try ImageReader(clean).frame(FrameNumber(index: 1)).bytes
        let dirty = try changed(clean) { stream in
            switch hiding {
            case .tail: return stream + canary
            case .gap:
                var header = Array(stream[..<64])
                header[4] = UInt8(64 + canary.count)
                return header + canary + stream[64...]
            case .header: return stream[..<12] + canary + stream[(12 + canary.count)...]
            case .literal:
                // All samples as runs of literal bytes, the last one with text behind its last sample.
                var packed = Array(stream[..<64])
                for (run, behind) in [(0..<128, []), (128..<256, []), (256..<356, []), (356..<384, canary)] {
                    packed.append(UInt8(run.count + behind.count - 1))
                    packed += samples[run]
                    packed += behind
                }
                return packed
            }
        }
        try expectCaught(dirty)
        try expectRemoved(from: dirty)
    }

    @Test func `bytes behind a deflated frame go`() throws {
        let syntax = TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1"))
        let dirty = try changed(object(syntax)) { $0 + canary }
        try expectCaught(dirty)
        try expectRemoved(from: dirty)
    }

    @Test func `a deflated frame that holds more than its samples is encoded anew`() throws {
        let syntax = TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1"))
        let clean = try object(syntax)
        let samples = try ImageReader(clean).frame(FrameNumber(index: 1)).bytes
        let dirty = try changed(clean) { _ in try DeflateCodec.deflate(samples + canary.prefix(10)) }
        try expectCaught(dirty)
        var redacted = dirty
        #expect(try PixelRedactor().redact(&redacted, regions: [:]).changes == [.streamCommentsRemoved])
        #expect(try PixelComparison().compare(original: dirty, redacted: redacted, masked: [:]).failures == [])
    }

    @Test func `a deflated frame with a row more than the header says is refused`() throws {
        let syntax = TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1"))
        let clean = try object(syntax)
        let samples = try ImageReader(clean).frame(FrameNumber(index: 1)).bytes
        var dirty = try changed(clean) { _ in try DeflateCodec.deflate(samples + samples.prefix(24)) }
        let error = #expect(throws: PixelRedactionError.self) { try PixelRedactor().redact(&dirty, regions: [:]) }
        #expect(error?.code == .undecodableFrame)
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

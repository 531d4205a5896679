import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import TestSupport
import Testing

/// What becomes of an object whose own Transfer Syntax can't carry a mask; that samples are right the reference matrix shows.
@Suite(.enabled(if: MatrixRun.isPossible)) struct FallbackTests {
    private static let box = [PixelRegion(x: 3, y: 5, width: 20, height: 9)]
    private static let first = FrameNumber(index: 0)

    private func cell(_ codec: TransferSyntax.PixelCodec, frames: Int = 2) throws -> DICOMObject {
        var cell = try #require(MatrixCase.elsewhere.last { $0.transferSyntax.codec == codec })
        cell.frames = frames
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["input"], in: folder)
        return try DICOMObject.read(MemoryByteSource([UInt8](Data(contentsOf: URL(filePath: folder["input"])))))
    }

    private func redactor(_ fallback: LosslessFallback) -> PixelRedactor {
        var options = PixelRedactor.Options()
        options.fallback = fallback
        return PixelRedactor(options: options)
    }

    @Test(arguments: [TransferSyntax.PixelCodec.highThroughputJPEG2000, .jpegBaseline])
    func `without a fallback the object is refused and stays as it was`(_ codec: TransferSyntax.PixelCodec) throws {
        let original = try cell(codec)
        var object = original
        let error = #expect(throws: PixelRedactionError.self) {
            try PixelRedactor().redact(&object, regions: [Self.first: Self.box])
        }
        #expect(error?.code == (codec == .jpegBaseline ? .unsupportedPixelFormat : .unencodableFrame))
        #expect(try object.serialized() == original.serialized())
    }

    @Test func `the change is recorded with its reason, and File Meta and history tell the truth`() throws {
        var object = try cell(.highThroughputJPEG2000)
        let summary = try redactor(.jpegLS).redact(&object, regions: [Self.first: Self.box])
        #expect(summary.transferSyntax == .jpegLSLossless)
        #expect(
            summary.changes == [
                .lossStated, .regionsMasked, .framesEncodedReversibly, .transferSyntaxChanged, .noEncoder,
                .overlaysRemoved,
            ])
        #expect(summary.changedFrames == [Self.first])
        let written = try object.reread()
        #expect(written.fileMeta.string(.transferSyntaxUID) == "1.2.840.10008.1.2.4.80")
        #expect(written.dataSet.string(.lossyImageCompression) == "01")
    }

    @Test func `palette indices leave lossy JPEG for the same reason each time`() throws {
        var object = try cell(.jpegBaseline)
        let summary = try redactor(.jpegLS).redact(&object, regions: [Self.first: Self.box])
        #expect(summary.changes.contains(.noBlackInStream) && summary.changes.contains(.transferSyntaxChanged))
        #expect(try object.reread().fileMeta.string(.transferSyntaxUID) == "1.2.840.10008.1.2.4.80")
    }

    /// RLE is larger than native for this noise.
    @Test func `what would be no smaller than native is written native`() throws {
        var synthetic = SyntheticObject(MatrixLayout.grey8.description)
        synthetic.sample = { _, pixel, _ in (pixel &* 7919 &* pixel &+ pixel >> 3) & 255 }
        let folder = try Dcmtk.Folder()
        let picture = folder.file("noise.pgm")
        try Data(Array("P5 61 43 255\n".utf8) + synthetic.nativeFrame(0).bytes).write(to: URL(filePath: picture))
        try folder.run(["ojph_compress", "-i", picture, "-o", folder.file("noise.j2c"), "-reversible", "true"])
        synthetic.transferSyntax = TransferSyntax(uid: UID("1.2.840.10008.1.2.4.201"))
        let stream = [UInt8](try Data(contentsOf: URL(filePath: folder.file("noise.j2c"))))
        var object = try synthetic.object(streams: [stream])
        let summary = try redactor(.rle).redact(
            &object, regions: [Self.first: [PixelRegion(x: 0, y: 0, width: 3, height: 3)]])
        #expect(summary.transferSyntax == .explicitVRLittleEndian)
        let written = try object.reread()
        #expect(written.transferSyntax == .explicitVRLittleEndian)
        let expected = synthetic.nativeFrame(0)
        let frame = try ImageReader(written).frame(Self.first)
        for y in 0..<43 {
            for x in 0..<61 {
                let value = x < 3 && y < 3 ? 0 : expected.value(x: x, y: y)
                #expect(frame.value(x: x, y: y) == value)
            }
        }
    }

    /// What near-lossless JPEG-LS makes of noise is noise, whose reversible stream is larger than its samples.
    @Test(arguments: [LosslessFallback.none, .rle])
    func `what was compressed with loss never comes out larger than native`(_ fallback: LosslessFallback) throws {
        let folder = try Dcmtk.Folder()
        var synthetic = SyntheticObject(PixelDescription(rows: 64, columns: 64, bitsAllocated: 8))
        var random = SeededGenerator(seed: 7)
        let noise = (0..<4096).map { _ in Int.random(in: 0...255, using: &random) }
        synthetic.sample = { _, pixel, _ in noise[pixel] }
        try synthetic.object().write(toPath: folder["native"])
        try folder.run(["dcmcjpls", "+en", "+md", "2", folder["native"], folder["near"]])
        var object = try DICOMObject.read(FileByteSource(path: folder["near"]))
        let small = [PixelRegion(x: 3, y: 3, width: 4, height: 2)]
        if fallback == .none {
            let error = #expect(throws: PixelRedactionError.self) {
                try PixelRedactor().redact(&object, regions: [Self.first: small])
            }
            #expect(error?.code == .unencodableFrame)
        } else {
            let summary = try redactor(fallback).redact(&object, regions: [Self.first: small])
            #expect(summary.changes.contains(.streamNotEncodable))
            #expect(summary.transferSyntax == .explicitVRLittleEndian && summary.bytesAfter == 4096)
        }
    }

    @Test func `another Transfer Syntax than the recorded one fails the proof`() throws {
        let original = try cell(.highThroughputJPEG2000)
        var object = original
        let summary = try redactor(.jpegLossless).redact(&object, regions: [Self.first: Self.box])
        let proof = PixelComparison(transferSyntax: .jpegLosslessSV1)
        #expect(try proof.compare(original: original, redacted: object, masked: summary.masked).isProven)
        for wrong: TransferSyntax? in [nil, .rleLossless] {
            let result = try PixelComparison(transferSyntax: wrong)
                .compare(original: original, redacted: object, masked: summary.masked)
            #expect(result.failures.contains { $0.code == .transferSyntaxChanged })
        }
    }

    @Test func `a sample that changed on the way fails the proof`() throws {
        let original = try cell(.highThroughputJPEG2000)
        var object = original
        let summary = try redactor(.explicitLittle).redact(&object, regions: [Self.first: Self.box])
        guard case .bytes(let value) = object.dataSet[.pixelData]?.value else {
            Issue.record("not native")
            return
        }
        var bytes = try value.load()
        bytes[bytes.count / 2] ^= 1
        object.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ow, bytes: bytes)
        let result = try PixelComparison(transferSyntax: .explicitVRLittleEndian)
            .compare(original: original, redacted: object, masked: summary.masked)
        #expect(!result.isProven)
    }
}

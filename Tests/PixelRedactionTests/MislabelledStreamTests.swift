import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import TestSupport
import Testing

/// Streams that aren't in the Transfer Syntax that the object names, as archives have them: lossy JPEG 2000 called lossless.
@Suite(.enabled(if: Dcmtk.isInstalled)) struct MislabelledStreamTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let encoder: [String]
        let named: TransferSyntax
        let real: TransferSyntax
        var testDescription: String { "\(real.name), called \(named.name)" }
    }

    static let cases = [
        Case(encoder: ["dcmcjpeg", "+eb"], named: .jpegLosslessSV1, real: .jpegBaseline),
        Case(encoder: ["dcmcjpeg", "+eb"], named: .jpegLossless, real: .jpegBaseline),
        Case(encoder: ["dcmcjpeg", "+e1"], named: .jpegBaseline, real: .jpegLosslessSV1),
        Case(encoder: ["dcmcjpeg", "+el", "+sv", "6"], named: .jpegLosslessSV1, real: .jpegLossless),
        Case(encoder: ["dcmcjpls", "+en", "+md", "2"], named: .jpegLSLossless, real: .jpegLSNearLossless),
        Case(encoder: ["opj_compress", "-I", "-r", "8"], named: .jpeg2000Lossless, real: .jpeg2000),
    ]
    private let box = PixelRegion(x: 16, y: 8, width: 24, height: 16)

    private func object(_ test: Case, in folder: Dcmtk.Folder) throws -> DICOMObject {
        var synthetic = SyntheticObject(PixelDescription(rows: 64, columns: 80, bitsAllocated: 8))
        synthetic.numberOfFrames = 2
        synthetic.sample = { frame, pixel, _ in 60 + (frame * 31 + pixel % 80 + pixel / 80 * 2) % 120 }
        if test.encoder[0] == "opj_compress" {
            synthetic.transferSyntax = test.real
            let streams = try (0..<2).map { frame in
                let picture = Array("P5\n80 64\n255\n".utf8) + synthetic.nativeFrame(frame).bytes
                try Data(picture).write(to: URL(filePath: folder.file("\(frame).pgm")))
                try folder.run(test.encoder + ["-i", folder.file("\(frame).pgm"), "-o", folder.file("\(frame).j2k")])
                return [UInt8](try Data(contentsOf: URL(filePath: folder.file("\(frame).j2k"))))
            }
            return try synthetic.object(streams: streams)
        }
        try synthetic.object().write(toPath: folder["native"])
        try folder.run(test.encoder + [folder["native"], folder["compressed"]])
        return try DICOMObject.read(FileByteSource(path: folder["compressed"]))
    }

    private func pixelData(_ object: DICOMObject) throws -> EncapsulatedPixelData {
        guard case .fragments(let value)? = object.dataSet[.pixelData]?.value else {
            throw CocoaError(.coderInvalidValue)
        }
        return value
    }

    @Test(arguments: cases)
    func `the result names what its streams are in, and is masked in that`(_ test: Case) throws {
        let right = try object(test, in: Dcmtk.Folder())
        var wrong = right
        wrong.dataSet[.lossyImageCompression] = nil
        wrong.setTransferSyntax(test.named)
        for regions in [[:], [FrameNumber(index: 1): [box]]] {
            var expected = right
            _ = try PixelRedactor().redact(&expected, regions: regions)
            var object = wrong
            let summary = try PixelRedactor().redact(&object, regions: regions)
            #expect(summary.changes.contains(.transferSyntaxCorrected))
            #expect(!summary.changes.contains(.maskLargerThanContent))
            #expect(summary.transferSyntax == test.real && object.transferSyntax == test.real)
            #expect(object.fileMeta.string(.transferSyntaxUID) == test.real.uid.value)
            #expect((object.dataSet.string(.lossyImageCompression) == "01") == !test.real.isLossless)
            let (streams, others) = (try pixelData(object).fragments, try pixelData(expected).fragments)
            #expect(try streams.map { try $0.load() } == others.map { try $0.load() })
            let proof = PixelComparison(transferSyntax: summary.transferSyntax)
            #expect(try proof.compare(original: wrong, redacted: object, masked: summary.masked).isProven)
        }
    }

    @Test(arguments: cases.filter(\.named.isLossless))
    func `frames of two Transfer Syntaxes in one object are refused`(_ test: Case) throws {
        let right = try object(test, in: Dcmtk.Folder())
        var synthetic = SyntheticObject(PixelDescription(rows: 64, columns: 80, bitsAllocated: 8))
        synthetic.transferSyntax = test.named
        let first = try pixelData(synthetic.object()).fragments[0]
        var mixed = right
        mixed.setTransferSyntax(test.named)
        var value = try pixelData(right)
        value.fragments[value.fragments.startIndex] = first
        value.basicOffsetTable = []
        mixed.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(value))
        let error = #expect(throws: PixelRedactionError.self) { try PixelRedactor().redact(&mixed, regions: [:]) }
        #expect(error?.code == .undecodableFrame)
        #expect(throws: PixelRedactionError.self) { try ImageReader(mixed).frame(FrameNumber(index: 1)) }
    }
}

import DICOMModel
import Foundation
import PixelCodecs
import Testing

@Suite struct OtherImplementationTests {
    static func grey(_ bits: Int, isSigned: Bool = false) -> PixelDescription {
        PixelDescription(
            rows: 43, columns: 61, bitsAllocated: bits <= 8 ? 8 : 16, bitsStored: bits, isSigned: isSigned)
    }

    static let colour = PixelDescription(
        rows: 43, columns: 61, samplesPerPixel: 3, bitsAllocated: 8, photometricInterpretation: .rgb)

    static let descriptions = [grey(8), grey(10), grey(12), grey(16), grey(16, isSigned: true), colour]

    struct Program: Sendable, CustomTestStringConvertible {
        let syntax: TransferSyntax
        let encoder: String
        let decoder: String
        let options: [String]

        var testDescription: String { "\(encoder) \(options.joined(separator: " "))" }
    }

    static let lossless = [
        Program(syntax: .rleLossless, encoder: "dcmcrle", decoder: "dcmdrle", options: []),
        Program(syntax: .jpegLosslessSV1, encoder: "dcmcjpeg", decoder: "dcmdjpeg", options: ["+e1"]),
        Program(syntax: .jpegLossless, encoder: "dcmcjpeg", decoder: "dcmdjpeg", options: ["+el", "+sv", "4"]),
        Program(syntax: .jpegLossless, encoder: "dcmcjpeg", decoder: "dcmdjpeg", options: ["+el", "+sv", "6"]),
        Program(syntax: .jpegLossless, encoder: "dcmcjpeg", decoder: "dcmdjpeg", options: ["+el", "+sv", "7"]),
        Program(syntax: .jpegLSLossless, encoder: "dcmcjpls", decoder: "dcmdjpls", options: ["+el"]),
        Program(syntax: .jpegLSLossless, encoder: "dcmcjpls", decoder: "dcmdjpls", options: ["+el", "+il"]),
        Program(syntax: .jpegLSLossless, encoder: "dcmcjpls", decoder: "dcmdjpls", options: ["+el", "+is"]),
        Program(syntax: .jpegLSLossless, encoder: "dcmcjpls", decoder: "dcmdjpls", options: ["+el", "+in"]),
    ]

    @Test(.enabled(if: OtherImplementation.hasDCMTK), arguments: lossless, descriptions)
    func `lossless streams are read as DCMTK wrote them, and the other way round`(
        program: Program, description: PixelDescription
    ) throws {
        let other = try OtherImplementation()
        let frame = SyntheticFrame.make(description)
        let file: TestFile
        do {
            file = try other.encode(frame, with: program.encoder, program.options)
        } catch is OtherImplementation.Failure {
            // DCMTK doesn't do every combination (10 bits with an interleave mode of colour, for instance).
            return
        }
        let codec = try FrameCodec(transferSyntax: program.syntax, description: file.description)
        let decoded = try codec.decode(file.pixels)
        #expect(decoded.description.photometricInterpretation == description.photometricInterpretation)
        let isRead = interleaved(decoded) == frame.bytes
        #expect(isRead)
        let stream = try codec.encode(decoded, replacing: file.pixels)
        #expect(stream.count <= file.pixels.count * 11 / 10 + 100)
        let theirs = try other.decode(stream, program.syntax, file.description, with: program.decoder)
        var result = file.description
        result.isPlanar = file.description.isPlanar
        let isWritten = interleaved(NativeFrame(description: result, bytes: theirs)) == frame.bytes
        #expect(isWritten)
    }

    @Test(.enabled(if: OtherImplementation.hasDCMTK), arguments: [2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15])
    func `odd precisions are read by DCMTK`(bits: Int) throws {
        let other = try OtherImplementation()
        let description = Self.grey(bits)
        let frame = SyntheticFrame.make(description)
        for (syntax, decoder) in [
            (TransferSyntax.jpegLosslessSV1, "dcmdjpeg"), (.jpegLSLossless, "dcmdjpls"),
            (.jpegLSNearLossless, "dcmdjpls"),
        ] {
            let stream = try FrameCodec(transferSyntax: syntax, description: description).encode(frame)
            let isExact = try other.decode(stream, syntax, description, with: decoder) == frame.bytes
            #expect(isExact, "\(syntax.name)")
        }
    }

    @Test(
        .enabled(if: OtherImplementation.hasDCMTK),
        arguments: [["+eb"], ["+eb", "+n1"], ["+eb", "+s2"], ["+eb", "+cr"]])
    func `lossy colour has DCMTK's samples`(options: [String]) throws {
        let other = try OtherImplementation()
        let file = try other.encode(SyntheticFrame.make(Self.colour), with: "dcmcjpeg", options)
        let decoded = try FrameCodec(transferSyntax: .jpegBaseline, description: file.description).decode(file.pixels)
        #expect(decoded.description.photometricInterpretation == (options.contains("+cr") ? .rgb : .ybrFull))
        let theirs = try other.convert(file, with: "dcmdjpeg", ["+cn", "+px"])
        let isEqual = decoded.bytes[...] == theirs.pixels.prefix(decoded.bytes.count)
        #expect(isEqual)
    }

    @Test(.enabled(if: OtherImplementation.hasDCMTK), arguments: [8, 12])
    func `lossy grey has DCMTK's samples`(bits: Int) throws {
        let other = try OtherImplementation()
        let file = try other.encode(
            SyntheticFrame.make(Self.grey(bits)), with: "dcmcjpeg", [bits == 8 ? "+eb" : "+ee", "+q", "90"])
        let decoded = try FrameCodec(transferSyntax: file.syntax, description: file.description).decode(file.pixels)
        let theirs = try other.convert(file, with: "dcmdjpeg", [])
        let isEqual = decoded.bytes[...] == theirs.pixels.prefix(decoded.bytes.count)
        #expect(isEqual)
    }

    @Test(.enabled(if: OtherImplementation.hasOpenJPEG), arguments: [8, 12, 16], [false, true])
    func `JPEG 2000 is read and written as OpenJPEG's programs do`(bits: Int, isSigned: Bool) throws {
        let other = try OtherImplementation()
        let description = Self.grey(bits, isSigned: isSigned)
        let frame = SyntheticFrame.make(description)
        let raw = other.folder.appending(path: "in.rawl")
        let stream = other.folder.appending(path: "out.j2k")
        try Data(frame.bytes).write(to: raw)
        let format = "\(description.columns),\(description.rows),1,\(bits),\(isSigned ? "s" : "u")"
        try other.run("opj_compress", ["-i", raw.path, "-F", format, "-o", stream.path])
        let codec = try FrameCodec(transferSyntax: .jpeg2000Lossless, description: description)
        let isRead = try codec.decode([UInt8](Data(contentsOf: stream))).bytes == frame.bytes
        #expect(isRead)
        try Data(try codec.encode(frame)).write(to: stream)
        try other.run("opj_decompress", ["-i", stream.path, "-o", raw.path])
        // The program leaves the bits above a signed sample's precision empty.
        var expected = frame.bytes
        if bits == 12 { for index in stride(from: 1, to: expected.count, by: 2) { expected[index] &= 0x0F } }
        let isWritten = try [UInt8](Data(contentsOf: raw)) == expected
        #expect(isWritten)
    }

    private func interleaved(_ frame: NativeFrame) -> [UInt8] {
        guard frame.description.isPlanar, frame.description.samplesPerPixel == 3 else { return frame.bytes }
        let plane = frame.description.pixelsPerFrame
        return (0..<plane).flatMap { pixel in (0..<3).map { frame.bytes[$0 * plane + pixel] } }
    }
}

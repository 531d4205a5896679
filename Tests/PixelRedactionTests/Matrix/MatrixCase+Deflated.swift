import DICOMModel
import Foundation

/// Deflated Image Frame Compression: each frame a raw deflate stream (RFC 1951).
extension MatrixCase {
    static let deflatedFrames: [MatrixCase] = [
        MatrixLayout.grey8, .grey12, .grey16, .grey16Signed, .grey32, .palette8, .rgb, .rgbPlanar, .rgb16, .ybr,
    ].map {
        MatrixCase(
            transferSyntax: TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1")), layout: $0, writer: .zlib,
            decoder: ["zlib"])
    }
}

/// zlib as Python has it, which is none of our code around the same library.
enum PythonZlib {
    enum Step: String {
        case deflate = "c = zlib.compressobj(9, zlib.DEFLATED, -15); out = c.compress(data) + c.flush()"
        case inflate = "out = zlib.decompressobj(-15).decompress(data)"
    }

    static func run(_ step: Step, _ bytes: [UInt8], in folder: Dcmtk.Folder) throws -> [UInt8] {
        let (input, output) = (folder.file(UUID().uuidString), folder.file(UUID().uuidString))
        try Data(bytes).write(to: URL(filePath: input))
        let program = """
            import sys, zlib
            data = open(sys.argv[1], "rb").read()
            \(step.rawValue)
            open(sys.argv[2], "wb").write(out)
            """
        try folder.run(["python3", "-c", program, input, output])
        return [UInt8](try Data(contentsOf: URL(filePath: output)))
    }
}

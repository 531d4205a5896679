import DICOMModel
import Foundation

/// Streams that no program of the others writes.
extension MatrixCase {
    /// Deflated Image Frame Compression: each frame a raw deflate stream (RFC 1951).
    static let deflatedFrames: [MatrixCase] =
        native.filter { !$0.description.isFloat && !$0.description.isNative422 }.map {
            python(TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1")), $0, .deflate, .inflate)
        }

    /// RLE of packed bits, which dcmtk doesn't know.
    static let bits = [python(.rleLossless, MatrixLayout.bit, .pack, .unpack)]

    /// - Returns: one frame of packed bits, three of others: native bits of several frames aren't whole bytes.
    private static func python(
        _ syntax: TransferSyntax, _ layout: MatrixLayout, _ writer: PythonCodec, _ decoder: PythonCodec
    ) -> MatrixCase {
        MatrixCase(
            transferSyntax: syntax, layout: layout, writer: .python(writer), decoder: [decoder.name],
            frames: layout.description.bitsAllocated == 1 ? 1 : 3)
    }
}

/// Codecs in Python, which share no code with ours; zlib is the same library.
enum PythonCodec: String, CaseIterable {
    case deflate = "c = zlib.compressobj(9, zlib.DEFLATED, -15); out = c.compress(data) + c.flush()"
    case inflate = "out = zlib.decompressobj(-15).decompress(data)"
    /// One segment (PS3.5 G.3): runs of equal bytes, and literal bytes between them.
    case pack = """
        packets, runs = b"", [(byte, len(list(run))) for byte, run in itertools.groupby(data)]
        for byte, count in runs:
            while count > 0:
                part = min(count, 128)
                packets += bytes([257 - part, byte]) if part > 1 else bytes([0, byte])
                count -= part
        out = struct.pack("<16I", 1, 64, *[0] * 14) + packets + bytes(len(packets) % 2)
        """
    case unpack = """
        out, place = b"", 64
        while place + 1 < len(data):
            control = data[place]
            if control < 128:
                out += data[place + 1:place + 2 + control]
                place += 2 + control
            else:
                out += data[place + 1:place + 2] * (257 - control) if control > 128 else b""
                place += 2 if control > 128 else 1
        """

    /// As the support table calls it.
    var name: String {
        switch self {
        case .deflate, .inflate: "zlib"
        case .pack, .unpack: "PackBits in Python"
        }
    }

    /// The one that decodes, by its name.
    static func decoder(named name: String) -> PythonCodec? { [.inflate, .unpack].first { $0.name == name } }

    func run(_ bytes: [UInt8], in folder: Dcmtk.Folder) throws -> [UInt8] {
        let (input, output) = (folder.file(UUID().uuidString), folder.file(UUID().uuidString))
        try Data(bytes).write(to: URL(filePath: input))
        let program = """
            import itertools, struct, sys, zlib
            data = open(sys.argv[1], "rb").read()
            \(rawValue)
            open(sys.argv[2], "wb").write(out)
            """
        try folder.run(["python3", "-c", program, input, output])
        return [UInt8](try Data(contentsOf: URL(filePath: output)))
    }
}

import DICOMModel
import Foundation

/// Runs DCMTK's and OpenJPEG's programs on small files in a folder of its own.
struct OtherImplementation: ~Copyable {
    let folder: URL

    static let hasDCMTK = ["dcmcjpeg", "dcmdjpeg", "dcmcjpls", "dcmdjpls", "dcmcrle", "dcmdrle"].allSatisfy(exists)
    static let hasOpenJPEG = ["opj_compress", "opj_decompress"].allSatisfy(exists)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pixelcodecs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func exists(_ program: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/" + program)
    }

    /// Encodes a native frame with a DCMTK program; returns the stream and the header that DCMTK gave the file.
    func encode(_ frame: NativeFrame, with program: String, _ options: [String]) throws -> TestFile {
        let file = TestFile(description: frame.description, syntax: .explicitVRLittleEndian, pixels: frame.bytes)
        return try convert(file, with: program, options)
    }

    /// Decodes a stream with a DCMTK program to native samples.
    func decode(
        _ stream: [UInt8], _ syntax: TransferSyntax, _ description: PixelDescription, with program: String,
        _ options: [String] = []
    ) throws -> [UInt8] {
        let file = TestFile(description: description, syntax: syntax, pixels: stream)
        let decoded = try convert(file, with: program, options).pixels
        return Array(
            decoded.prefix(description.pixelsPerFrame * description.samplesPerPixel * description.bitsAllocated / 8))
    }

    func convert(_ file: TestFile, with program: String, _ options: [String]) throws -> TestFile {
        let input = folder.appending(path: "in.dcm")
        let output = folder.appending(path: "out.dcm")
        try Data(file.bytes).write(to: input)
        try run(program, options + [input.path, output.path])
        return try TestFile([UInt8](Data(contentsOf: output)))
    }

    func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/" + program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(program: program) }
    }

    struct Failure: Error {
        let program: String
    }
}

/// A DICOM file just large enough for the programs: explicit little endian, no sequences, one frame.
struct TestFile {
    var description: PixelDescription
    var syntax: TransferSyntax
    /// The frame's stream, or native samples.
    var pixels: [UInt8]

    init(description: PixelDescription, syntax: TransferSyntax, pixels: [UInt8]) {
        self.description = description
        self.syntax = syntax
        self.pixels = pixels
    }

    var bytes: [UInt8] {
        let meta =
            element(2, 2, "UI", text("1.2.840.10008.5.1.4.1.1.7", padding: 0))
            + element(2, 3, "UI", text("1.2.3.4", padding: 0))
            + element(2, 0x10, "UI", text(syntax.uid.value, padding: 0))
            + element(2, 0x12, "UI", text("1.2.3", padding: 0))
        var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        bytes += element(2, 0, "UL", [UInt8(meta.count & 0xFF), UInt8(meta.count >> 8), 0, 0]) + meta
        bytes += element(8, 0x16, "UI", text("1.2.840.10008.5.1.4.1.1.7", padding: 0))
        bytes += element(8, 0x18, "UI", text("1.2.3.4", padding: 0)) + element(8, 0x60, "CS", text("OT", padding: 0x20))
        bytes += word(0x02, description.samplesPerPixel)
        bytes += element(0x28, 4, "CS", text(description.photometricInterpretation.term, padding: 0x20))
        if description.samplesPerPixel > 1 { bytes += word(0x06, description.isPlanar ? 1 : 0) }
        bytes += word(0x10, description.rows) + word(0x11, description.columns)
        bytes += word(0x100, description.bitsAllocated) + word(0x101, description.bitsStored)
        bytes += word(0x102, description.highBit) + word(0x103, description.isSigned ? 1 : 0)
        let padded = pixels + (pixels.count % 2 == 0 ? [] : [0])
        guard syntax.isEncapsulated else { return bytes + element(0x7FE0, 0x10, "OW", padded) }
        return bytes + [
            0xE0, 0x7F, 0x10, 0, 0x4F, 0x42, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0,
        ]
            + [0xFE, 0xFF, 0x00, 0xE0] + long(padded.count) + padded + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    }

    /// Reads what a program wrote.
    init(_ bytes: [UInt8]) throws {
        var values: [UInt32: [UInt8]] = [:]
        var position = 132
        func number(_ offset: Int, _ count: Int) throws -> Int {
            guard offset + count <= bytes.count else { throw Malformed() }
            return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        while position + 8 <= bytes.count {
            let tag = UInt32(try number(position, 2)) << 16 | UInt32(try number(position + 2, 2))
            let isLong = ["OB", "OW", "UN", "SQ", "UT"].contains(
                String(decoding: bytes[(position + 4)..<(position + 6)], as: UTF8.self))
            var length = try number(position + (isLong ? 8 : 6), isLong ? 4 : 2)
            position += isLong ? 12 : 8
            if length == 0xFFFF_FFFF {
                guard tag == 0x7FE0_0010 else { throw Malformed() }
                // The Basic Offset Table's item, then fragments up to the delimiter.
                position += 8 + (try number(position + 4, 4))
                var stream: [UInt8] = []
                while try number(position, 4) == 0xE000_FFFE {
                    length = try number(position + 4, 4)
                    stream += bytes[(position + 8)..<(position + 8 + length)]
                    position += 8 + length
                }
                values[tag] = stream
                break
            }
            guard position + length <= bytes.count else { throw Malformed() }
            values[tag] = Array(bytes[position..<(position + length)])
            position += length
        }
        func value(_ element: UInt32) -> Int {
            (values[0x0028_0000 | element] ?? []).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func string(_ tag: UInt32) -> String {
            String(decoding: (values[tag] ?? []).filter { $0 != 0 }, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        }
        description = PixelDescription(
            rows: value(0x10), columns: value(0x11), samplesPerPixel: value(2), bitsAllocated: value(0x100),
            bitsStored: value(0x101), highBit: value(0x102), isSigned: value(0x103) == 1, isPlanar: value(6) == 1,
            photometricInterpretation: PhotometricInterpretation(string(0x0028_0004)))
        syntax = TransferSyntax(uid: UID(string(0x0002_0010)))
        pixels = values[0x7FE0_0010] ?? []
    }

    struct Malformed: Error {}

    private func long(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    private func text(_ value: String, padding: UInt8) -> [UInt8] {
        Array(value.utf8) + (value.utf8.count % 2 == 0 ? [] : [padding])
    }

    private func word(_ element: Int, _ value: Int) -> [UInt8] {
        self.element(0x28, element, "US", [UInt8(value & 0xFF), UInt8(value >> 8)])
    }

    private func element(_ group: Int, _ element: Int, _ vr: String, _ value: [UInt8]) -> [UInt8] {
        let tag = [group & 0xFF, group >> 8, element & 0xFF, element >> 8].map { UInt8($0) } + Array(vr.utf8)
        if vr == "OW" { return tag + [0, 0] + long(value.count) + value }
        return tag + [UInt8(value.count & 0xFF), UInt8(value.count >> 8)] + value
    }
}

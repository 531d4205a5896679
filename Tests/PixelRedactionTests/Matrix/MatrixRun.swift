import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction

/// Masks the inputs of the reference matrix and lets pydicom and dcmtk judge what came out.
struct MatrixRun {
    struct Result: Sendable {
        let cell: MatrixCase
        /// Nothing where the cell is proven.
        var problems: [String]
        /// Bytes of Pixel Data after masking, as a share of those before and of native ones.
        var share = 0.0
        var shareOfNative = 0.0
        /// A stream of a few bytes that grew, which the summary says.
        var isSmallAndSaidToGrow = false
    }

    /// A case as `Judge/judge.py` wants it.
    struct Request: Encodable {
        let before: String
        let after: String
        let original: String
        let masked: String
        let untouched: String
        let regions: [String: [[Int]]]
        let fill: [MatrixLayout.Fill]
        let tolerance: Int
        let ring: Int
        let bits: Int
        let syntax: String
        var rounding = 0
        var term = ""
    }

    let folder: Dcmtk.Folder

    static let isPossible =
        Dcmtk.isInstalled
        && ["dcmconv", "cjpeg", "opj_compress", "opj_decompress", "ojph_compress", "ojph_expand", "python3"].allSatisfy
        {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
        } && hasPydicom

    private static let hasPydicom = run(["-c", "import pydicom, numpy, PIL"], input: Data()) != nil

    init() throws {
        folder = try Dcmtk.Folder()
    }

    func results(_ cells: [MatrixCase]) throws -> [Result] {
        var results: [Result] = []
        var requests: [Request] = []
        for (index, cell) in cells.enumerated() {
            do {
                let (request, result) = try mask(cell, number: index)
                requests.append(request)
                results.append(result)
            } catch {
                requests.append(
                    Request(
                        before: "", after: "", original: "", masked: "", untouched: "", regions: [:], fill: [],
                        tolerance: 0, ring: 0, bits: 0, syntax: ""))
                results.append(Result(cell: cell, problems: ["\(error)"]))
            }
        }
        let judgements = try judge(requests)
        for index in results.indices where results[index].problems.isEmpty {
            results[index].problems = judgements[index]
        }
        return results
    }

    private func mask(_ cell: MatrixCase, number: Int) throws -> (Request, Result) {
        func file(_ name: String) -> String { folder["\(number)-\(name)"] }
        try cell.write(to: file("original"), in: folder)
        let original = try DICOMObject.read(FileByteSource(path: file("original")))
        var untouched = original
        _ = try PixelRedactor().redact(&untouched, regions: [:])
        try untouched.write(toPath: file("untouched"))
        var object = original
        var options = PixelRedactor.Options()
        options.fallback = cell.fallback
        let summary = try PixelRedactor(options: options).redact(&object, regions: [cell.maskedFrame: [MatrixCase.box]])
        try object.write(toPath: file("masked"))
        var result = Result(cell: cell, problems: [])
        let masked = summary.masked[cell.maskedFrame] ?? []
        if masked.count != 1 || !masked[0].contains(MatrixCase.box) { result.problems.append("the box isn't masked") }
        let bytes = [original, object].map(Self.pixelBytes)
        result.share = Double(bytes[1]) / Double(max(bytes[0], 1))
        result.shareOfNative =
            Double(bytes[1]) / Double(max(cell.layout.description.bytesPerFrame * cell.frames, 1))
        result.isSmallAndSaidToGrow = bytes[0] < 256 && summary.changes.contains(.maskLargerThanContent)
        let proof = PixelComparison(transferSyntax: cell.output)
        if try !proof.compare(original: original, redacted: object, masked: summary.masked).isProven {
            result.problems.append("our own proof fails")
        }
        let before = try decoded(file("original"), by: cell.decoder, cell)
        let after = try decoded(file("masked"), by: cell.outputDecoder, cell)
        let request = Request(
            before: before, after: after, original: file("original"),
            masked: file("masked"), untouched: file(cell.layout.junk == 0 ? "untouched" : "original"),
            regions: [String(cell.maskedFrame.index): masked.map { [$0.x, $0.y, $0.width, $0.height] }],
            fill: cell.layout.fill, tolerance: cell.tolerance, ring: cell.ring,
            bits: cell.layout.junk == 0 ? 0 : (1 << cell.layout.description.bitsStored) - 1,
            syntax: cell.output.uid.value, rounding: cell.rounding)
        return (request, result)
    }

    /// The path of the file as a program decodes it.
    private func decoded(_ path: String, by decoder: [String], _ cell: MatrixCase) throws -> String {
        guard let program = decoder.first else { return path }
        let output = path + "-decoded"
        if let codec = PythonCodec.decoder(named: program) {
            try expand(path, to: output, by: codec)
        } else if ["ojph_expand", "opj_decompress"].contains(program) {
            try expand(path, to: output, by: program, cell)
        } else {
            try folder.run(decoder + [path, output])
        }
        return output
    }

    /// What pydicom of Debian doesn't know.
    private func expand(_ path: String, to output: String, by codec: PythonCodec) throws {
        var object = try DICOMObject.read(FileByteSource(path: path))
        guard case .fragments(let pixelData) = object.dataSet[.pixelData]?.value else { return }
        var bytes = try pixelData.fragments.flatMap { try codec.run($0.load(), in: folder) }
        if bytes.count % 2 == 1 { bytes.append(0) }
        let isWide = (object.dataSet.integer(.bitsAllocated) ?? 8) > 8
        object.dataSet.setNativePixelData(ValueBytes(bytes), vr: isWide ? .ow : .ob)
        object.setTransferSyntax(.explicitVRLittleEndian)
        try object.write(toPath: output)
    }

    /// The programs of OpenJPH and OpenJPEG know streams, not DICOM.
    private func expand(_ path: String, to output: String, by program: String, _ cell: MatrixCase) throws {
        var object = try DICOMObject.read(FileByteSource(path: path))
        guard case .fragments(let pixelData) = object.dataSet[.pixelData]?.value else { return }
        var bytes: [UInt8] = []
        for fragment in pixelData.fragments {
            let stream = path + ".j2c"
            let picture = path + (cell.layout.description.samplesPerPixel == 3 ? ".ppm" : ".pgm")
            try Data(try fragment.load()).write(to: URL(filePath: stream))
            try folder.run([program, "-i", stream, "-o", picture])
            var samples = [UInt8](try Data(contentsOf: URL(filePath: picture)))
                .suffix(cell.layout.description.bytesPerFrame)
            if cell.layout.description.bitsAllocated == 16 {
                for place in stride(from: samples.startIndex, to: samples.endIndex - 1, by: 2) {
                    samples.swapAt(place, place + 1)
                }
            }
            bytes += samples
        }
        if bytes.count % 2 == 1 { bytes.append(0) }
        object.dataSet.setNativePixelData(ValueBytes(bytes), vr: .ow)
        // What the program gives is RGB, as a component transformation has it.
        if cell.layout.description.samplesPerPixel == 3 {
            object.dataSet[.photometricInterpretation] = DataElement(
                tag: .photometricInterpretation, vr: .cs, ascii: "RGB")
        }
        object.setTransferSyntax(.explicitVRLittleEndian)
        try object.write(toPath: output)
    }

    /// The largest size against the input that docs/conformance.md promises; nil where there is only native.
    static func largestShare(_ syntax: TransferSyntax) -> Double? {
        switch syntax.codec {
        case .native, .jpegBaseline, .jpegExtended: 1
        case .rle, .deflatedFrame, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless: 1.05
        default: nil
        }
    }

    /// Of the value, item headers left out.
    static func pixelBytes(_ object: DICOMObject) -> Int {
        switch DICOMModel.Tag.pixelDataKinds.lazy.compactMap({ object.dataSet[$0] }).first?.value {
        case .bytes(let value): return value.count
        case .fragments(let pixelData): return pixelData.fragments.reduce(0) { $0 + $1.count }
        default: return 0
        }
    }

    // MARK: - The judge

    func judge(_ requests: [Request]) throws -> [[String]] {
        let answer = Self.run([Self.program], input: try JSONEncoder().encode(requests)) ?? Data()
        return try JSONDecoder().decode([[String]].self, from: answer)
    }

    private static let program = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Judge/judge.py").path

    /// What Python prints; nil where it fails.
    private static func run(_ arguments: [String], input: Data) -> Data? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        try? stdin.fileHandleForWriting.write(contentsOf: input)
        try? stdin.fileHandleForWriting.close()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? output : nil
    }
}

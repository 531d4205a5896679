import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction

/// One cell of the reference matrix: an input that another program encodes, and how it is judged.
struct MatrixCase: Sendable {
    /// What makes the input.
    enum Writer: Sendable {
        /// A program of dcmtk, given the native file.
        case dcmtk([String])
        /// libjpeg-turbo's program, given a picture; its streams become fragments.
        case cjpeg([String])
        /// OpenJPEG's program, given raw samples.
        case openJPEG([String])
        /// Python, given the native frames.
        case python(PythonCodec)
        /// OpenJPH's program, given a picture.
        case openJPH([String])
    }

    let transferSyntax: TransferSyntax
    let layout: MatrixLayout
    let writer: Writer
    /// The program that decodes; empty where pydicom does.
    let decoder: [String]
    /// What a masked object goes to that can't stay in its Transfer Syntax.
    var fallback = LosslessFallback.none
    var frames = 3
    /// How far from the fill a decoder of lossy JPEG may be.
    var tolerance = 0
    /// How far two decoders of an irreversible wavelet may be apart.
    var rounding = 0
    /// What the header says otherwise than the program that writes.
    var header: [DataElement] = []
    /// Pixels beside a border whose colour differences a decoder may interpolate.
    var ring = 0

    static let box = PixelRegion(x: 9, y: 5, width: 30, height: 17)

    var name: String {
        "\(transferSyntax.name), \(layout.title), \(frames) frames"
            + (fallback == .none ? "" : " to \(fallback.rawValue)")
    }
    /// What the masked object is encoded in, and the program that decodes it.
    var output: TransferSyntax { fallback.transferSyntax ?? transferSyntax }
    var outputDecoder: [String] {
        switch fallback {
        case .none: decoder
        case .explicitLittle, .jpeg2000: []
        case .rle: ["dcmdrle"]
        case .jpegLossless: ["dcmdjpeg", "+cn"]
        case .jpegLS: ["dcmdjpls"]
        }
    }
    var maskedFrame: FrameNumber { FrameNumber(index: frames > 1 ? 1 : 0) }

    var writerName: String {
        switch writer {
        case .dcmtk(let command): command[0]
        case .cjpeg: "cjpeg"
        case .openJPEG: "opj_compress"
        case .openJPH: "ojph_compress"
        case .python(let codec): codec.name
        }
    }

    var decoderName: String { decoder.first ?? "pydicom" }
    var outputDecoderName: String { outputDecoder.first ?? "pydicom" }

    /// Makes the input.
    func write(to path: String, in folder: Dcmtk.Folder) throws {
        guard !header.isEmpty else { return try encode(to: path, in: folder) }
        let written = folder.file(UUID().uuidString)
        try encode(to: written, in: folder)
        var object = try DICOMObject.read(FileByteSource(path: written))
        for element in header { object.dataSet[element.tag] = element }
        try object.write(toPath: path)
    }

    private func encode(to path: String, in folder: Dcmtk.Folder) throws {
        var synthetic = layout.synthetic(frames: frames)
        switch writer {
        case .dcmtk(let command):
            let native = folder.file(UUID().uuidString)
            try synthetic.object().write(toPath: native)
            try folder.run(command + [native, path])
        case .cjpeg(let options):
            let streams = try (0..<frames).map { try jpeg(synthetic, $0, options, folder) }
            synthetic.transferSyntax = transferSyntax
            try synthetic.object(streams: streams).write(toPath: path)
        case .python(let codec):
            let streams = try (0..<frames).map {
                try codec.run(synthetic.nativeFrame($0).bytes, in: folder)
            }
            synthetic.transferSyntax = transferSyntax
            try synthetic.object(streams: streams).write(toPath: path)
        case .openJPH(let options):
            let streams = try (0..<frames).map { try jpegHT(synthetic, $0, options, folder) }
            synthetic.transferSyntax = transferSyntax
            try synthetic.object(streams: streams).write(toPath: path)
        case .openJPEG(let options):
            let streams = try (0..<frames).map { try jpeg2000(synthetic, $0, options, folder) }
            synthetic.transferSyntax = transferSyntax
            try synthetic.object(streams: streams).write(toPath: path)
        }
    }

    /// A binary picture of PNM: words of 16 bits have the high byte first.
    private func picture(_ synthetic: SyntheticObject, _ index: Int) -> Data {
        let description = layout.description
        let format = description.samplesPerPixel == 3 ? "P6" : "P5"
        let header = "\(format)\n\(description.columns) \(description.rows)\n\((1 << description.bitsStored) - 1)\n"
        var bytes = synthetic.nativeFrame(index).bytes
        if description.bitsAllocated == 16 {
            for place in stride(from: 0, to: bytes.count - 1, by: 2) { bytes.swapAt(place, place + 1) }
        }
        return Data(Array(header.utf8) + bytes)
    }

    private func jpegHT(
        _ synthetic: SyntheticObject, _ index: Int, _ options: [String], _ folder: Dcmtk.Folder
    ) throws -> [UInt8] {
        let name = UUID().uuidString
        let input = folder.file(name + (layout.description.samplesPerPixel == 3 ? ".ppm" : ".pgm"))
        let output = folder.file(name + ".j2c")
        try picture(synthetic, index).write(to: URL(filePath: input))
        try folder.run(["ojph_compress", "-i", input, "-o", output] + options)
        return [UInt8](try Data(contentsOf: URL(filePath: output)))
    }

    private func jpeg(
        _ synthetic: SyntheticObject, _ index: Int, _ options: [String], _ folder: Dcmtk.Folder
    ) throws -> [UInt8] {
        var picture = synthetic
        // What cjpeg is given is RGB, whatever it makes of it.
        if layout.description.samplesPerPixel == 3 { picture.description.photometricInterpretation = .rgb }
        let (input, output) = (folder.file(UUID().uuidString), folder.file(UUID().uuidString))
        try self.picture(picture, index).write(to: URL(filePath: input))
        try folder.run(["cjpeg", "-quality", "88", "-outfile", output] + options + [input])
        return [UInt8](try Data(contentsOf: URL(filePath: output)))
    }

    private func jpeg2000(
        _ synthetic: SyntheticObject, _ index: Int, _ options: [String], _ folder: Dcmtk.Folder
    ) throws -> [UInt8] {
        let description = layout.description
        var planar = synthetic
        planar.description.isPlanar = description.samplesPerPixel > 1
        let name = UUID().uuidString
        let (input, output) = (folder.file(name + ".rawl"), folder.file(name + ".j2k"))
        try Data(planar.nativeFrame(index).bytes).write(to: URL(filePath: input))
        let format = [description.columns, description.rows, description.samplesPerPixel, description.bitsStored]
        let raw = format.map(String.init).joined(separator: ",") + (description.isSigned ? ",s" : ",u")
        try folder.run(["opj_compress", "-i", input, "-o", output, "-F", raw] + options)
        return [UInt8](try Data(contentsOf: URL(filePath: output)))
    }
}

extension MatrixCase {
    static let grey: [MatrixLayout] = [.grey8, .grey10, .grey12, .grey16, .inverse8, .inverse12]
    private static let signed: [MatrixLayout] = [.grey12Signed, .grey16Signed]
    static let native: [MatrixLayout] =
        [.bit] + grey + signed + [
            .grey8Signed, .grey32, .grey32Signed, .palette8, .palette16, .paletteSegmented, .rgb, .rgbPlanar, .rgb12,
            .rgb16, .rgb32, .greyHigh, .greyMiddle, .ybr, .ybrPlanar, .ybr422, .highBits, .float, .floatInverse,
            .doubleFloat,
        ]
    private static let rle: [MatrixLayout] =
        grey + signed + [
            .grey8Signed, .grey32, .grey32Signed, .palette8, .palette16, .paletteSegmented, .rgb, .rgbPlanar, .rgb12,
            .rgb16, .rgb32, .greyHigh, .greyMiddle, .ybr, .ybrPlanar, .highBits,
        ]
    private static let colours: [MatrixLayout] = [
        .palette8, .palette16, .paletteSegmented, .rgbPlanar, .rgb12, .rgb16, .ybr, .ybrPlanar, .grey8Signed, .greyHigh,
        .greyMiddle, .highBits,
    ]
    private static let predictive: [MatrixLayout] = grey + signed + [.rgb]

    private static func cases(
        _ syntax: TransferSyntax, _ layouts: [MatrixLayout], _ writer: [String], _ decoder: [String] = []
    ) -> [MatrixCase] {
        layouts.map { MatrixCase(transferSyntax: syntax, layout: $0, writer: .dcmtk(writer), decoder: decoder) }
            + layouts.prefix(1).map {
                MatrixCase(
                    transferSyntax: syntax, layout: $0, writer: .dcmtk(writer), decoder: decoder, frames: 1)
            }
    }

    /// Lossy JPEG: a layout's photometric term, how it is sampled, and what cjpeg is told.
    private static func jpeg(
        _ title: String, _ photometric: PhotometricInterpretation, ring: Int = 0, _ options: String...
    ) -> MatrixCase {
        let fill: [MatrixLayout.Fill] =
            switch photometric {
            case .monochrome1: [.value(255)]
            case .monochrome2: [.value(0)]
            case .rgb: [.value(0), .value(0), .value(0)]
            default: [.value(0), .value(128), .value(128)]
            }
        return MatrixCase(
            transferSyntax: .jpegBaseline, layout: MatrixLayout(title, photometric, 8, fill: fill),
            writer: .cjpeg(options), decoder: ["dcmdjpeg", "+cn", "+px"], tolerance: 2, ring: ring)
    }

    private static let baseline: [MatrixCase] = [
        jpeg("grey 8", .monochrome2, "-grayscale"), jpeg("MONOCHROME1 8", .monochrome1, "-grayscale"),
        jpeg("grey 8 with restart markers", .monochrome2, "-grayscale", "-restart", "3B"),
        jpeg("grey 8 progressive", .monochrome2, "-grayscale", "-progressive"),
        jpeg("RGB", .rgb, "-rgb"), jpeg("YBR 4:4:4", .ybrFull, "-sample", "1x1"),
        jpeg("YBR 4:2:2", .ybrFull422, ring: 2, "-sample", "2x1"),
        jpeg("YBR 4:2:0", .ybrFull422, ring: 2, "-sample", "2x2"),
        jpeg("YBR 4:4:0", .ybrFull422, ring: 2, "-sample", "1x2"),
        jpeg("YBR 4:2:2 with restart markers", .ybrFull422, ring: 2, "-sample", "2x1", "-restart", "2B"),
        jpeg("YBR 4:2:0 progressive", .ybrFull422, ring: 2, "-sample", "2x2", "-progressive"),
    ]

    private static func extended(
        _ layout: MatrixLayout, tolerance: Int = 2, ring: Int = 0, _ options: String...
    ) -> MatrixCase {
        MatrixCase(
            transferSyntax: .jpegExtended, layout: layout, writer: .dcmtk(["dcmcjpeg", "+ee", "+q", "95"] + options),
            decoder: ["dcmdjpeg", "+cn", "+px"], tolerance: tolerance, ring: ring)
    }

    /// dcmcjpeg makes 12 bits of 10: here the values have 10, and the header says so afterwards.
    private static func tenBits(
        _ title: String, _ photometric: PhotometricInterpretation, fill: Int, tolerance: Int
    ) -> MatrixCase {
        var layout = MatrixLayout(title, photometric, 16, 12, fill: [.value(fill)])
        layout.bitsInUse = 10
        var cell = extended(layout, tolerance: tolerance)
        cell.header = [
            DataElement(tag: .bitsStored, vr: .us, bytes: [10, 0]), DataElement(tag: .highBit, vr: .us, bytes: [9, 0]),
        ]
        return cell
    }

    /// What dcmcjpeg makes YCbCr of, and its black.
    private static func colour(_ title: String, _ stored: Int) -> MatrixLayout {
        let middle = 1 << (stored - 1)
        return MatrixLayout(
            title, .rgb, stored == 8 ? 8 : 16, stored, fill: [.value(0), .value(middle), .value(middle)])
    }

    private static let extended: [MatrixCase] =
        [.grey8, .grey12, .inverse8, .inverse12Lossy].map { extended($0) } + [
            tenBits("grey 10 of 16", .monochrome2, fill: 0, tolerance: 2),
            // Rounded down by a quantiser, from 2 below white.
            tenBits("MONOCHROME1 10 of 16", .monochrome1, fill: 1023, tolerance: 35),
            extended(.rgb, "+cr"), extended(.rgb12, "+cr"),
            extended(colour("YBR 4:4:4", 8), "+s4"), extended(colour("YBR 4:4:4, 12 bits", 12), "+s4"),
            extended(colour("YBR 4:2:2", 8), ring: 2, "+s2"),
            extended(colour("YBR 4:2:2, 12 bits", 12), ring: 2, "+s2"),
        ]

    private static let nearLossless = ["dcmcjpls", "+en", "+md", "2"]

    /// dcmcjpls refuses to lose something of signed values and palette indices: here the header makes them that afterwards.
    private static var nearRelabelled: [MatrixCase] {
        func cell(_ unsigned: MatrixLayout, as layout: MatrixLayout, _ header: [DataElement]) -> MatrixCase {
            var relabelled = unsigned
            (relabelled.title, relabelled.fill) = (layout.title, layout.fill)
            return MatrixCase(
                transferSyntax: .jpegLSNearLossless, layout: relabelled, writer: .dcmtk(nearLossless),
                decoder: ["dcmdjpls"], header: header)
        }
        let signed = [DataElement(tag: .pixelRepresentation, vr: .us, bytes: [1, 0])]
        let palette = DataElement(tag: .photometricInterpretation, vr: .cs, ascii: "PALETTE COLOR")
        return [
            cell(.grey8, as: .grey8Signed, signed), cell(.grey12, as: .grey12Signed, signed),
            cell(.grey16, as: .grey16Signed, signed),
            cell(.grey8, as: .palette8, MatrixLayout.palette8.extra + [palette]),
        ]
    }

    private static func jpeg2000(
        _ syntax: TransferSyntax, _ layouts: [MatrixLayout], _ options: String..., decoder: [String] = []
    ) -> [MatrixCase] {
        layouts.map { MatrixCase(transferSyntax: syntax, layout: $0, writer: .openJPEG(options), decoder: decoder) }
    }

    /// What Pillow, which pydicom asks, makes 8 bits of.
    private static let deepColour: [MatrixCase] =
        jpeg2000(.jpeg2000Lossless, [.rgb12, .rgb16], "-mct", "0", decoder: ["opj_decompress"])
        + jpeg2000(.jpeg2000Lossless, [.ybrRCT16], "-mct", "1", decoder: ["opj_decompress"])
        + jpeg2000(.jpeg2000, [.rgb12, .rgb16], "-I", "-r", "6", "-mct", "0", decoder: ["opj_decompress"])

    static let all: [MatrixCase] =
        cases(.implicitVRLittleEndian, native, ["dcmconv", "+ti"])
        + cases(.explicitVRLittleEndian, native, ["dcmconv", "+te"])
        + cases(
            .explicitVRBigEndian, native.filter { $0.description.bitsAllocated < 32 || $0.description.isFloat },
            ["dcmconv", "+tb"],
            ["dcmconv", "+te"])
        + cases(.deflatedExplicitVRLittleEndian, native, ["dcmconv", "+td"])
        + cases(.rleLossless, rle, ["dcmcrle"], ["dcmdrle"])
        + baseline + extended
        + cases(.jpegLossless, predictive + colours, ["dcmcjpeg", "+el", "+sv", "4"], ["dcmdjpeg", "+cn"])
        + cases(.jpegLosslessSV1, predictive + colours, ["dcmcjpeg", "+e1"], ["dcmdjpeg", "+cn"])
        + cases(.jpegLSLossless, predictive + colours, ["dcmcjpls", "+el"], ["dcmdjpls"])
        + cases(
            .jpegLSNearLossless, grey + [.rgb, .rgbPlanar, .rgb12, .rgb16, .ybr, .ybrPlanar], nearLossless, ["dcmdjpls"]
        )
        + nearRelabelled
        + jpeg2000(
            .jpeg2000Lossless, grey + signed + [.grey8Signed, .palette8, .palette16, .paletteSegmented, .rgb, .ybr],
            "-mct", "0")
        + jpeg2000(.jpeg2000Lossless, [.ybrRCT], "-mct", "1")
        + jpeg2000(
            .jpeg2000, grey + signed + [.grey8Signed, .palette8, .palette16, .rgb, .ybr], "-I", "-r", "6",
            "-mct", "0")
        + jpeg2000(.jpeg2000, [.ybrICT], "-I", "-r", "6", "-mct", "1")
        + deepColour + deflatedFrames + bits + elsewhere + long
}

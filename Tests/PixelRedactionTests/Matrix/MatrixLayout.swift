import DICOMFile
import DICOMModel

/// A pixel format of the reference matrix: what is stored, and what black is in it, by hand.
struct MatrixLayout: Sendable {
    /// One channel's fill.
    enum Fill: Sendable, Encodable {
        case value(Int)
        /// The darkest value in use of a frame, where the end of the range would wash out a viewer.
        case smallestInUse
        case largestInUse

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .value(let value): try container.encode(value)
            case .smallestInUse: try container.encode("min")
            case .largestInUse: try container.encode("max")
            }
        }
    }

    /// As the support table calls it.
    var title: String
    let description: PixelDescription
    var fill: [Fill]
    var extra: [DataElement] = []
    /// How many bits the values have, where that is fewer than Bits Stored.
    var bitsInUse: Int?
    /// Bits of a word that are no part of the stored value and are set in some pixels.
    var junk = 0

    /// Odd in both directions unless the format forbids it.
    init(
        _ title: String, _ photometric: PhotometricInterpretation, _ allocated: Int, _ stored: Int? = nil,
        highBit: Int? = nil, signed: Bool = false, planar: Bool = false, float: Bool = false, columns: Int = 61,
        fill: [Fill]
    ) {
        self.title = title
        self.fill = fill
        description = PixelDescription(
            rows: 43, columns: columns, samplesPerPixel: photometric.samplesPerPixel ?? 1, bitsAllocated: allocated,
            bitsStored: stored, highBit: highBit, isSigned: signed, isPlanar: planar,
            photometricInterpretation: photometric,
            isFloat: float)
    }

    /// An object in Explicit VR Little Endian with two Overlay Planes, one of them of several frames.
    func synthetic(frames: Int) -> SyntheticObject {
        var synthetic = SyntheticObject(description)
        synthetic.numberOfFrames = frames
        synthetic.extra = extra + Self.overlays(frames: frames)
        let span = 1 << min(bitsInUse ?? description.bitsStored, 30)
        let lowest = description.isSigned ? -span / 2 : 0
        let (columns, junk) = (description.columns, junk)
        let shift = max(0, description.highBit - description.bitsStored + 1)
        synthetic.sample = { frame, pixel, channel in
            // A slope of 512 steps with noise of an eighth of the range.
            let slope = pixel % columns * 5 + pixel / columns * 3 + frame * 17 + channel * 41
            let noise = (pixel * 7919 + frame * 104_729 + channel * 1299) % 1021 % 61
            let value = (lowest + (slope + noise) * max(1, span / 512) % span) << shift
            return pixel % 11 == 3 ? value | junk : value
        }
        return synthetic
    }

    private static func overlays(frames: Int) -> [DataElement] {
        func group(_ group: UInt16, frames: Int) -> [DataElement] {
            func tag(_ element: UInt16) -> DICOMModel.Tag { DICOMModel.Tag(group, element) }
            return [
                DataElement(tag: tag(0x10), vr: .us, bytes: [8, 0]),
                DataElement(tag: tag(0x11), vr: .us, bytes: [8, 0]),
                DataElement(tag: tag(0x15), vr: .is, ascii: String(frames)),
                DataElement(tag: tag(0x40), vr: .cs, ascii: "G"),
                DataElement(tag: tag(0x50), vr: .ss, bytes: [1, 0, 1, 0]),
                DataElement(tag: tag(0x51), vr: .us, bytes: [1, 0]),
                DataElement(tag: tag(0x100), vr: .us, bytes: [1, 0]),
                DataElement(tag: tag(0x102), vr: .us, bytes: [0, 0]),
                DataElement(tag: tag(0x3000), vr: .ow, bytes: [UInt8](repeating: 0x5A, count: 8 * frames)),
            ]
        }
        return group(0x6000, frames: 1) + group(0x6002, frames: frames)
    }
}

extension MatrixLayout {
    private static let black: [Fill] = [.value(0)]
    private static let rgbBlack: [Fill] = [.value(0), .value(0), .value(0)]
    private static let ybrBlack: [Fill] = [.value(0), .value(128), .value(128)]

    static let bit = MatrixLayout("1 bit", .monochrome2, 1, fill: black)
    static let grey8 = MatrixLayout("grey 8", .monochrome2, 8, fill: black)
    static let grey8Signed = MatrixLayout("grey 8 signed", .monochrome2, 8, signed: true, fill: [.value(-128)])
    static let grey10 = MatrixLayout("grey 10 of 16", .monochrome2, 16, 10, fill: black)
    static let grey12 = MatrixLayout("grey 12 of 16", .monochrome2, 16, 12, fill: black)
    static let greyHigh = MatrixLayout("grey 12 of 16, High Bit 15", .monochrome2, 16, 12, highBit: 15, fill: black)
    static let greyMiddle = MatrixLayout("grey 10 of 16, High Bit 12", .monochrome2, 16, 10, highBit: 12, fill: black)
    static let grey12Signed = MatrixLayout(
        "grey 12 of 16 signed", .monochrome2, 16, 12, signed: true, fill: [.smallestInUse])
    static let grey16 = MatrixLayout("grey 16", .monochrome2, 16, fill: black)
    static let grey16Signed = MatrixLayout("grey 16 signed", .monochrome2, 16, signed: true, fill: [.smallestInUse])
    static let grey32 = MatrixLayout("grey 32", .monochrome2, 32, fill: black)
    static let grey32Signed = MatrixLayout("grey 32 signed", .monochrome2, 32, signed: true, fill: [.smallestInUse])
    static let float = MatrixLayout("float", .monochrome2, 32, float: true, fill: [.smallestInUse])
    static let floatInverse = MatrixLayout("float, MONOCHROME1", .monochrome1, 32, float: true, fill: [.largestInUse])
    static let doubleFloat = MatrixLayout("double float", .monochrome2, 64, float: true, fill: [.smallestInUse])
    static let inverse8 = MatrixLayout("MONOCHROME1 8", .monochrome1, 8, fill: [.value(255)])
    static let inverse12 = MatrixLayout("MONOCHROME1 12 of 16", .monochrome1, 16, 12, fill: [.largestInUse])
    /// White is at the end of the stream's range, to which a decoder comes close.
    static let inverse12Lossy = MatrixLayout("MONOCHROME1 12 of 16", .monochrome1, 16, 12, fill: [.value(4095)])
    static let rgb = MatrixLayout("RGB", .rgb, 8, fill: rgbBlack)
    static let rgbPlanar = MatrixLayout("RGB planar", .rgb, 8, planar: true, fill: rgbBlack)
    static let rgb12 = MatrixLayout("RGB 12 of 16", .rgb, 16, 12, fill: rgbBlack)
    static let rgb16 = MatrixLayout("RGB 16", .rgb, 16, fill: rgbBlack)
    static let rgb32 = MatrixLayout("RGB 32", .rgb, 32, fill: rgbBlack)
    static let ybr = MatrixLayout("YBR_FULL", .ybrFull, 8, fill: ybrBlack)
    static let ybrPlanar = MatrixLayout("YBR_FULL planar", .ybrFull, 8, planar: true, fill: ybrBlack)
    static let ybr422 = MatrixLayout("YBR_FULL_422", .ybrFull422, 8, columns: 62, fill: ybrBlack)
    static let ybrRCT = MatrixLayout("YBR_RCT", .ybrRCT, 8, fill: rgbBlack)
    static let ybrRCT16 = MatrixLayout("YBR_RCT 16", .ybrRCT, 16, fill: rgbBlack)
    static let ybrICT = MatrixLayout("YBR_ICT", .ybrICT, 8, fill: rgbBlack)

    static let palette8: MatrixLayout = {
        // 8-bit entries, two to a word: all bright but number 77.
        var layout = MatrixLayout("palette 8", .paletteColor, 8, fill: [.value(77)])
        layout.extra = tables(descriptor: [0, 1, 0, 0, 8, 0], (0..<256).map { $0 == 77 ? 0 : 0xFF - UInt8($0 / 4) })
        return layout
    }()

    static let palette16: MatrixLayout = {
        var layout = MatrixLayout("palette 16", .paletteColor, 16, fill: [.value(77)])
        layout.extra = tables(
            descriptor: [0, 1, 0, 0, 16, 0], (0..<256).flatMap { $0 == 77 ? [0, 0] : [0x55, 0xFF - UInt8($0 / 4)] })
        return layout
    }()

    static let paletteSegmented: MatrixLayout = {
        // A discrete segment of one white entry, then a line down to black at the last (PS3.3 C.7.9.2).
        var layout = MatrixLayout("palette 8, segmented", .paletteColor, 8, fill: [.value(255)])
        let segments: [UInt8] = [0, 0, 1, 0, 0xFF, 0xFF, 1, 0, 255, 0, 0, 0]
        layout.extra = (0..<3 as Range<UInt16>).flatMap { channel in
            [
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1101 + channel), vr: .us, bytes: [0, 1, 0, 0, 16, 0]),
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1221 + channel), vr: .ow, bytes: segments),
            ]
        }
        return layout
    }()

    static let highBits: MatrixLayout = {
        var layout = MatrixLayout("grey 12 of 16 with pictures in bits 13 and 15", .monochrome2, 16, 12, fill: black)
        layout.junk = 0xA000
        return layout
    }()

    private static func tables(descriptor: [UInt8], _ table: [UInt8]) -> [DataElement] {
        (0..<3 as Range<UInt16>).flatMap { channel in
            [
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1101 + channel), vr: .us, bytes: descriptor),
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1201 + channel), vr: .ow, bytes: table),
            ]
        }
    }
}

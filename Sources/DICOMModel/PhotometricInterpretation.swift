/// What the samples of a pixel mean (PS3.3 C.7.6.3.1.2).
public enum PhotometricInterpretation: Hashable, Sendable {
    case monochrome1, monochrome2, paletteColor, rgb, ybrFull, ybrFull422, ybrPartial420, ybrICT, ybrRCT
    /// A term of the file's own, without padding.
    case other(String)

    public init(_ term: String) {
        self = Self.terms[term] ?? .other(term)
    }

    public var term: String {
        switch self {
        case .monochrome1: "MONOCHROME1"
        case .monochrome2: "MONOCHROME2"
        case .paletteColor: "PALETTE COLOR"
        case .rgb: "RGB"
        case .ybrFull: "YBR_FULL"
        case .ybrFull422: "YBR_FULL_422"
        case .ybrPartial420: "YBR_PARTIAL_420"
        case .ybrICT: "YBR_ICT"
        case .ybrRCT: "YBR_RCT"
        case .other(let term): term
        }
    }

    /// One sample a pixel, shown as grey.
    public var isMonochrome: Bool { self == .monochrome1 || self == .monochrome2 }

    /// Luminance and two colour differences, in any form.
    public var isYBR: Bool {
        switch self {
        case .ybrFull, .ybrFull422, .ybrPartial420, .ybrICT, .ybrRCT: true
        default: false
        }
    }

    /// Samples per Pixel that the term asks for, or nil where it isn't known.
    public var samplesPerPixel: Int? {
        switch self {
        case .monochrome1, .monochrome2, .paletteColor: 1
        case .rgb, .ybrFull, .ybrFull422, .ybrPartial420, .ybrICT, .ybrRCT: 3
        case .other: nil
        }
    }

    private static let terms: [String: PhotometricInterpretation] = [
        "MONOCHROME1": .monochrome1, "MONOCHROME2": .monochrome2, "PALETTE COLOR": .paletteColor, "RGB": .rgb,
        "YBR_FULL": .ybrFull, "YBR_FULL_422": .ybrFull422, "YBR_PARTIAL_420": .ybrPartial420, "YBR_ICT": .ybrICT,
        "YBR_RCT": .ybrRCT,
    ]
}

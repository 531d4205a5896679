public import DICOMModel

/// One way to show a frame as an 8-bit picture.
public struct Rendering: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// From the lowest to the highest value present.
        case fullRange = "full-range"
        case window
        case voiLUT = "voi-lut"
        /// Without the outermost values of either end.
        case percentiles
        /// Every grey level gets room, whatever its value.
        case equalised
        /// The lowest values present set apart from each other and from all others.
        case lowest
        /// The highest values present set apart.
        case highest
        case luminance
        case maximumChannel = "maximum-channel"
        case saturation
        /// The two colour differences of YBR: text as light as its ground shows in one of them.
        case blueDifference = "blue-difference"
        case redDifference = "red-difference"
        /// A one-bit picture.
        case bits

        /// Whether it shows what luminance, or grey values, don't: colour.
        var isColourAlone: Bool {
            switch self {
            case .saturation, .blueDifference, .redDifference: true
            default: false
            }
        }
    }

    public let kind: Kind
    /// As large as the frame.
    public let image: GrayImage

    public init(kind: Kind, image: GrayImage) {
        self.kind = kind
        self.image = image
    }
}

/// A rendering that is yet to be made.
struct RenderingPlan {
    let kind: Rendering.Kind
    let image: () -> GrayImage
}

/// Turns stored values into pictures that together show what stands in a frame under any window.
public struct FrameRenderer: Sendable {
    let rendering: RenderingDescription
    let description: PixelDescription

    public init(rendering: RenderingDescription, description: PixelDescription) {
        self.rendering = rendering
        self.description = description
    }

    /// The pictures to search, the most useful first; those that show nothing new are left out.
    ///
    /// - Throws: `TextFindingError` `.malformedFrame` or `.unsupported`.
    public func renderings(of frame: NativeFrame, pass: InspectionPass = .inspection) throws -> [Rendering] {
        try plans(of: frame, pass: pass).map { Rendering(kind: $0.kind, image: $0.image()) }
    }

    /// The same, yet to be made one by one: ten pictures of a mammogram are too many to have at once.
    func plans(of frame: NativeFrame, pass: InspectionPass) throws -> [RenderingPlan] {
        guard frame.description.rows == description.rows, frame.description.columns == description.columns else {
            throw TextFindingError(.malformedFrame, "the frame's size differs from its image's")
        }
        if frame.description.samplesPerPixel == 1 {
            let values = try StoredValues(frame: frame)
            if frame.description.photometricInterpretation == .paletteColor, let palette = rendering.palette {
                return colorPlans(of: ColorPlanes(values, palette: palette), pass: pass)
            }
            return monochromePlans(of: values, pass: pass)
        }
        return colorPlans(of: try ColorPlanes(samplesOf: frame), pass: pass)
    }

    /// The pictures alone.
    public func images(of frame: NativeFrame, pass: InspectionPass = .inspection) throws -> [GrayImage] {
        try renderings(of: frame, pass: pass).map(\.image)
    }
}

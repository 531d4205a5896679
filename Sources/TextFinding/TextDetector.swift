public import DICOMModel

/// A place that may hold a line of text, before anybody has tried to read it.
public struct TextCandidate: Hashable, Sendable {
    /// A line's run of glyphs, tight, in pixels of the image that was searched.
    public var region: PixelRegion
    /// 0…1: how text-like it looks.
    public var score: Double
    /// Light glyphs on a darker ground.
    public var isLightOnDark: Bool
    /// The line runs up or down.
    public var isVertical: Bool
    /// In pixels across the line: how high its glyphs are.
    public var glyphHeight: Int
    /// How far a slanted line sinks for each pixel along it; 0 for a level one.
    public var slope: Double

    public init(
        region: PixelRegion, score: Double, isLightOnDark: Bool, isVertical: Bool, glyphHeight: Int, slope: Double = 0
    ) {
        self.region = region
        self.score = score
        self.isLightOnDark = isLightOnDark
        self.isVertical = isVertical
        self.glyphHeight = glyphHeight
        self.slope = slope
    }
}

/// Finds where text may stand in a picture, without reading it. Missing text is worse than a candidate too many.
public protocol TextDetector {
    /// A stable name, recorded with every finding.
    var name: String { get }
    /// In pixels: glyphs of at least this height are looked for.
    var smallestGlyphHeight: Int { get }
    /// All candidates of the picture, in no order; they may overlap.
    func candidates(in image: GrayImage) -> [TextCandidate]
}

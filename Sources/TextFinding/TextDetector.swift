public import DICOMModel

/// A place that may hold a line of text, before anybody has tried to read it.
public struct TextCandidate: Hashable, Sendable {
    /// What the network says of the region.
    public struct Support: Hashable, Sendable {
        /// The mean over the cells that it marks.
        public var logOdds: Double
        /// 0…1: how much of the region it marks.
        public var share: Double

        public init(logOdds: Double, share: Double) {
            self.logOdds = logOdds
            self.share = share
        }
    }

    /// A line's run of glyphs, tight, in pixels of the image that was searched.
    public var region: PixelRegion
    /// 0…1: how text-like its strokes look; nil where none were measured.
    public var strokes: Double?
    /// nil without a network.
    public var support: Support?
    /// Light glyphs on a darker ground.
    public var isLightOnDark: Bool
    /// The line runs up or down.
    public var isVertical: Bool
    /// In pixels across the line: how high its glyphs are.
    public var glyphHeight: Int
    /// How far a slanted line sinks for each pixel to the right, or a vertical one goes to the right for each pixel
    /// down; 0 for a level or upright one.
    public var slope: Double

    public init(
        region: PixelRegion, strokes: Double?, support: Support? = nil, isLightOnDark: Bool, isVertical: Bool,
        glyphHeight: Int, slope: Double = 0
    ) {
        self.region = region
        self.strokes = strokes
        self.support = support
        self.isLightOnDark = isLightOnDark
        self.isVertical = isVertical
        self.glyphHeight = glyphHeight
        self.slope = slope
    }
}

extension TextCandidate {
    /// 0…1: how text-like it looks, before anybody reads it.
    public var score: Double { max(strokes ?? 0, support?.isSure == true ? 0.7 : 0) }
}

extension TextCandidate.Support {
    /// Text whatever its strokes look like. On pictures without text the network is seldom as sure.
    var isSure: Bool { logOdds >= 3.5 && share >= 0.8 }
}

/// Finds where text may stand in a frame, without reading it. Missing text is worse than a candidate too many.
public protocol TextDetector {
    /// A stable name, recorded with every finding.
    var name: String { get }
    /// In pixels: glyphs of at least this height are looked for.
    var smallestGlyphHeight: Int { get }
    /// The candidates of each picture, in no order; they may overlap. What several pictures of a frame show alike may
    /// be given for one of them only.
    func candidates(in renderings: [Rendering]) -> [[TextCandidate]]
}

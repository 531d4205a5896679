import DICOMModel

/// A place that may hold a line of text, before anybody has tried to read it.
struct TextCandidate: Hashable {
    /// What the network says of a region.
    struct Support: Hashable {
        /// The mean over the cells that it marks as text; 0 where there is none.
        var logOdds: Double
        /// The strongest of them.
        var peak: Double
        /// 0…1: how much of the region they fill.
        var share: Double
        /// The mean over them of the strongest answer of any other level.
        var other: Double
        /// How sure the network is of the surest part of all that hangs together with them.
        var strength: Double
        /// How many they are, counted at the level of the pyramid at which they were seen.
        var cells: Double
    }

    /// A line's run of glyphs, tight, in pixels of the image that was searched.
    var region: PixelRegion
    /// 0…1: how text-like its strokes look; nil where none were measured.
    var strokes: Double?
    var support: Support
    /// Light glyphs on a darker ground.
    var isLightOnDark: Bool
    /// The line runs up or down.
    var isVertical: Bool
    /// In pixels across the line: how high its glyphs are.
    var glyphHeight: Int
    /// How far a slanted line sinks for each pixel to the right, or a vertical one goes to the right for each pixel
    /// down; 0 for a level or upright one.
    var slope: Double
}

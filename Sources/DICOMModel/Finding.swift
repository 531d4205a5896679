/// What a text region says, from the most to the least suspicious.
public enum FindingCategory: String, Hashable, Sendable, Codable, CaseIterable {
    /// Matches a value of this object's own header.
    case identifier
    /// A date, time, NHS number, postcode, telephone number, e-mail address or record number.
    case pattern
    case nameLike = "name-like"
    case freeText = "free-text"
    /// Text is there, what it says can't be told.
    case unreadable
    /// The whole line fits the closed grammar of safe technical text.
    case technical
    /// A laterality or orientation marker.
    case marker
    /// A rectangle that a script of the site asks to be filled (`alterPixels`), whatever stands in it.
    case byScript = "by-script"
    /// A rectangle that a device rule of the policy masks, whatever stands in it.
    case byRule = "by-rule"

    /// Whether the site asked for it, so that it is no sign of text, and is masked as it is.
    public var isAskedFor: Bool { self == .byScript || self == .byRule }
}

/// Where a finding was seen.
public enum FindingSource: String, Hashable, Sendable, Codable, CaseIterable {
    case pixels
    /// An Overlay Plane (60xx,3000).
    case overlay
    /// A bit of Pixel Data above or below the stored bits: an embedded overlay or junk.
    case unusedBits = "unused-bits"
}

/// Text seen in an instance: where, and of which category; never what it says.
public struct Finding: Hashable, Sendable, Codable {
    /// In stored pixels. For an overlay: already moved to the image by the overlay's origin.
    public var region: PixelRegion
    /// The frames it stands on, ascending.
    public var frames: [FrameNumber]
    public var category: FindingCategory
    public var source: FindingSource
    /// The rules that led to the category, each a stable id such as `header-name` or `nhs-number`; no values.
    public var rules: [String]
    /// What found the region: a stable name of the detector or reader.
    public var engine: String
    /// 0…1: how sure the engine is that this is text.
    public var score: Double

    public init(
        region: PixelRegion, frames: [FrameNumber], category: FindingCategory, source: FindingSource,
        rules: [String] = [], engine: String, score: Double
    ) {
        self.region = region
        self.frames = frames
        self.category = category
        self.source = source
        self.rules = rules
        self.engine = engine
        self.score = score
    }
}

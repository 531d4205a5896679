public import DICOMModel

/// A line of text, or what must be taken for one, seen in a frame or a bit plane.
public struct TextRegion: Hashable, Sendable {
    /// In stored pixels, with a margin for the soft edges of glyphs.
    public var region: PixelRegion
    /// What the line says as far as it could be read; nil where it couldn't.
    public var text: Sensitive<String>?
    /// 0…1: how sure the recogniser is of `text`; 0 where there is none, or where only
    /// part of the line could be read.
    public var confidence: Double
    /// 0…1: how likely there is text at all.
    public var score: Double
    /// What found it: the detector's name.
    public var engine: String

    public init(region: PixelRegion, text: Sensitive<String>?, confidence: Double, score: Double, engine: String) {
        self.region = region
        self.text = text
        self.confidence = confidence
        self.score = score
        self.engine = engine
    }
}

/// Which of the two looks at a frame: they differ in renderings, scales and how lines are read, so that the second
/// doesn't repeat the first one's blindness.
public enum InspectionPass: String, Hashable, Sendable, CaseIterable {
    /// The first look, at the frame as it came in.
    case inspection
    /// The second look, at the frame after redaction.
    case verification
}

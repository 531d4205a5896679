/// A stable code for something that redaction changed beside or in the samples, as the ledger and the report have it.
public struct PixelChange: Hashable, Sendable, Comparable {
    public let name: String

    public init(_ name: String) {
        self.name = name
    }

    public static let regionsMasked = PixelChange("regions-masked")
    public static let unusedBitsCleared = PixelChange("unused-bits-cleared")
    public static let streamCommentsRemoved = PixelChange("stream-comments-removed")
    public static let overlaysRemoved = PixelChange("overlays-removed")
    public static let nestedImagesRemoved = PixelChange("nested-images-removed")
    /// Lossy Image Compression now says what the stream says.
    public static let lossStated = PixelChange("lossy-compression-stated")
    public static let pixelValueExtremesUpdated = PixelChange("pixel-value-extremes-updated")
    /// A frame that was compressed with loss now has a lossless stream of what it decoded to.
    public static let framesEncodedReversibly = PixelChange("frames-encoded-reversibly")
    /// The masked frames take more room than the table of docs/conformance.md has for their Transfer Syntax: the edges of a
    /// mask cost more than what it covers.
    public static let maskLargerThanContent = PixelChange("mask-larger-than-content")
    /// All frames are encoded in another, lossless Transfer Syntax, for one of the reasons that follow.
    public static let transferSyntaxChanged = PixelChange("transfer-syntax-changed")
    /// The Transfer Syntax named now is the one that the streams are in, which the input didn't name.
    public static let transferSyntaxCorrected = PixelChange("transfer-syntax-corrected")
    /// There is a decoder for the input's Transfer Syntax and no encoder.
    public static let noEncoder = PixelChange("no-encoder-for-transfer-syntax")
    /// Palette indices or signed values in lossy JPEG: rounding would make another colour of black.
    public static let noBlackInStream = PixelChange("no-black-in-lossy-stream")
    /// A masked frame can't be encoded as its stream was, or only in more bytes than native samples have.
    public static let streamNotEncodable = PixelChange("stream-not-encodable")

    public static func < (left: PixelChange, right: PixelChange) -> Bool { left.name < right.name }
}

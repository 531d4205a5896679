public import DICOMModel

/// What a redaction did to an object's pixels.
public struct PixelRedactionSummary: Hashable, Sendable {
    /// A stable code for something that changed.
    public struct Change: Hashable, Sendable, Comparable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        public static let regionsMasked = Change("regions-masked")
        public static let unusedBitsCleared = Change("unused-bits-cleared")
        public static let streamCommentsRemoved = Change("stream-comments-removed")
        public static let overlaysRemoved = Change("overlays-removed")
        public static let nestedImagesRemoved = Change("nested-images-removed")
        /// Lossy Image Compression now says what the stream says.
        public static let lossStated = Change("lossy-compression-stated")
        public static let pixelValueExtremesUpdated = Change("pixel-value-extremes-updated")
        /// A frame that was compressed with loss now has a lossless stream of what it decoded to.
        public static let framesEncodedReversibly = Change("frames-encoded-reversibly")
        /// All frames are encoded in another, lossless Transfer Syntax, for one of the reasons that follow.
        public static let transferSyntaxChanged = Change("transfer-syntax-changed")
        /// There is a decoder for the input's Transfer Syntax and no encoder.
        public static let noEncoder = Change("no-encoder-for-transfer-syntax")
        /// Palette indices or signed values in lossy JPEG: rounding would make another colour of black.
        public static let noBlackInStream = Change("no-black-in-lossy-stream")
        /// A masked frame can't be encoded as its stream was.
        public static let streamNotEncodable = Change("stream-not-encodable")

        public static func < (left: Change, right: Change) -> Bool { left.name < right.name }
    }

    /// Frames of which a sample or an unused bit changed, ascending.
    public internal(set) var changedFrames: [FrameNumber] = []
    /// What was really masked, after it was widened to whole 4:2:2 pairs or JPEG MCUs.
    public internal(set) var masked: [FrameNumber: [PixelRegion]] = [:]
    /// The Transfer Syntax of the result.
    public internal(set) var transferSyntax: TransferSyntax
    /// In the order they were met, each once.
    public private(set) var changes: [Change] = []

    init(transferSyntax: TransferSyntax) {
        self.transferSyntax = transferSyntax
    }

    mutating func add(_ change: Change) {
        if !changes.contains(change) { changes.append(change) }
    }
}

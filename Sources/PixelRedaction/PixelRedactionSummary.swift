public import DICOMModel

/// What a redaction did to an object's pixels.
public struct PixelRedactionSummary: Hashable, Sendable {
    public typealias Change = PixelChange

    /// Frames of which a sample or an unused bit changed, ascending.
    public internal(set) var changedFrames: [FrameNumber] = []
    /// What was really masked, after it was widened to whole 4:2:2 pairs or JPEG MCUs.
    public internal(set) var masked: [FrameNumber: [PixelRegion]] = [:]
    /// Bytes of Pixel Data that came in and that go out, item headers and offset tables left out.
    public internal(set) var bytesBefore = 0
    public internal(set) var bytesAfter = 0
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

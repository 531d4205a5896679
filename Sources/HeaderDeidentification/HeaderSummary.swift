public import DICOMModel

/// What was looked at before the header was rewritten, as far as the markers depend on it.
public enum PixelEvidence: Hashable, Sendable, CaseIterable {
    /// The object has no pixels, or none any more: pictures in items are removed.
    case noPixels
    /// Every frame was examined, and nothing had to be masked.
    case examinedAndClean
    /// Every frame was examined, and what was found is masked.
    case masked
    /// Not every frame was examined.
    case notExamined

    /// Whether the Clean Pixel Data Option (PS3.15 E.3.1) can be claimed: it is fulfilled as well where there are no pixels.
    /// De-identification Method Code Sequence belongs to the Patient (PS3.3 C.7.1.1), so that a patient's reports and images
    /// must agree on it.
    public var isClean: Bool { self != .notExamined }
}

/// What a header now says of itself; nothing of the original.
public struct HeaderSummary: Hashable, Sendable {
    /// In place of Patient ID and Patient's Name; nil where the object has no patient.
    public let patient: String?
    public let sopInstanceUID: UID
    /// Those written to (0012,0064).
    public let codes: [DeidentificationCode]
    /// Only where the deidentifier was asked to keep it.
    package var trail: DeidentificationTrail?
}

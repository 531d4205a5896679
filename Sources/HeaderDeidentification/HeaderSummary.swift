public import DICOMModel

/// What was looked at before the header was rewritten, as far as the markers depend on it.
public enum PixelEvidence: Hashable, Sendable, CaseIterable {
    /// The object has no pixels.
    case noPixels
    /// Every frame was examined, and nothing had to be masked.
    case examinedAndClean
    /// Every frame was examined, and what was found is masked.
    case masked
    /// Not every frame was examined.
    case notExamined

    /// Whether the Clean Pixel Data Option (PS3.15 E.3.1) can be claimed.
    public var isClean: Bool { self == .examinedAndClean || self == .masked }
}

/// What became of a header: counts and pseudonyms, nothing of the original.
public struct HeaderSummary: Hashable, Sendable {
    /// Elements by what was done with them, at all levels; those inside removed sequences are not counted.
    public internal(set) var removed = 0
    public internal(set) var removedPrivate = 0
    public internal(set) var emptied = 0
    public internal(set) var dummies = 0
    public internal(set) var newUIDs = 0
    /// What codes C left something of: cleaned texts, moved dates, cleaned sequences.
    public internal(set) var cleaned = 0
    public internal(set) var kept = 0

    /// In place of Patient ID and Patient's Name; nil where the object has no patient.
    public internal(set) var patient: String?
    public internal(set) var studyInstanceUID: UID?
    public internal(set) var seriesInstanceUID: UID?
    public internal(set) var sopInstanceUID: UID
    /// Those written to (0012,0064).
    public internal(set) var codes: [DeidentificationCode] = []

    init(sopInstanceUID: UID) {
        self.sopInstanceUID = sopInstanceUID
    }
}

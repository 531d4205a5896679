import Crypto
public import DICOMModel
public import DeviceRules
public import HeaderDeidentification
public import PixelRedaction

/// What is to become of series and of text, as information governance wrote it down (`docs/policy.md`).
public struct Policy: Hashable, Sendable {
    /// What becomes of a Series of some kind.
    public enum SeriesAction: String, Hashable, Sendable, Codable, CaseIterable {
        /// Examine the pixels, mask what `findings` says, release.
        case inspect
        /// Keep out; the input stays where it is.
        case reject
        /// Hold for a person.
        case quarantine
    }

    /// What becomes of text of some category.
    public enum FindingAction: String, Hashable, Sendable, CaseIterable {
        case mask
        case keep
        /// Hold the whole instance for a person.
        case quarantine
        /// Keep the whole instance out.
        case reject
    }

    /// Where text on some frames of a cine is masked.
    public enum CineMask: String, Hashable, Sendable, CaseIterable {
        /// On every frame, wherever it was found on any.
        case union
        /// Only on the frames on which it was found.
        case perFrame = "per-frame"
    }

    /// By series kind: `dose-page`, `ultrasound` …
    public var series: [String: SeriesAction]
    public var findings: [FindingCategory: FindingAction]
    public var cineMask: CineMask
    /// The largest share of a frame's area that may be masked before a person has to look, 0…1.
    public var maximumMaskedShare: Double
    /// Below this confidence, 0…1, a reading never counts as safe text.
    public var safeTextConfidence: Double
    /// What frames are encoded in where a masked one can't stay in its own Transfer Syntax.
    public var fallback: LosslessFallback
    /// The Basic Profile and the options that are chosen.
    public var deidentification: DeidentificationProfile
    public var limits: Limits
    public var header: HeaderRules
    public var admission: Admission
    public var quarantine: QuarantineRules
    public var report: ReportRules
    /// What is known of single devices.
    public var rules: [DeviceRule]
    /// The text it was read from.
    public var source: String

    /// What a worker may use before it is ended and its file is held.
    public struct Limits: Hashable, Sendable {
        /// Resident memory, in megabytes of 2^20 bytes.
        public var workerMegabytes: Int
        /// Wall-clock seconds for one step on one file.
        public var secondsPerFile: Int
        /// Seconds added for each frame.
        public var secondsPerFrame: Int
        /// Largest file that is taken out of an archive, in megabytes.
        public var archiveEntryMegabytes: Int
    }

    /// What is done to headers beside the profile and its options.
    public struct HeaderRules: Hashable, Sendable, Codable {
        public var scriptOrder: ScriptOrder
        public var accessionNumbers: AccessionNumberRule
        public var agesFrom90: AgeRule
        public var issuers: IssuerRule

        static let standard = HeaderRules(
            scriptOrder: .beforeProfile, accessionNumbers: .profile, agesFrom90: .keep,
            issuers: .distinguishes)
    }

    /// Which pictures reports get.
    public struct ReportRules: Hashable, Sendable {
        public enum ContactSheets: String, Hashable, Sendable, CaseIterable {
            /// For Series of which something is masked.
            case masked
            case all
            case off
        }

        public var contactSheets: ContactSheets
        /// The most frames that a contact sheet shows.
        public var framesPerSheet: Int
        /// The most Series of one run that get one.
        public var mostSheets: Int
    }

    /// How what is held is held, and who may release it.
    public struct QuarantineRules: Hashable, Sendable {
        /// How much one suspect instance holds.
        public enum Hold: String, Hashable, Sendable, CaseIterable {
            case series
            case instance
        }

        /// Whether a second person has to confirm.
        public enum FourEyes: String, Hashable, Sendable, CaseIterable {
            /// That text may stay which policy would mask.
            case required
            /// Every release of what was held.
            case always
            case off
        }

        public var hold: Hold
        public var fourEyes: FourEyes
        /// How long originals of what was decided are kept, before `quench quarantine purge` deletes them.
        public var retentionDays: Int
    }

    /// What becomes of an instance that the lists of a run speak against.
    public struct Admission: Hashable, Sendable {
        /// Its Study is not in the cohort list.
        public var outsideCohort: SeriesAction
        /// Its patient is on the opt-out list, or not on the allow list.
        public var notAllowed: SeriesAction
        /// It has no NHS number that could be looked up.
        public var withoutNumber: SeriesAction
    }

    /// SHA-256 of `source`, hexadecimal: names the policy in reports.
    public var digest: String { Self.digest(of: source) }

    static func digest(of text: String) -> String {
        hexadecimal(SHA256.hash(data: Array(text.utf8)))
    }
}

extension Policy {
    /// Whether what was found in the pixels is masked. Overlay Planes and unused bits go in any case.
    func masks(_ finding: Finding) -> Bool { finding.source == .pixels && findings[finding.category] != .keep }
}

public import DICOMModel

/// The pseudonymous name of an input file: hexadecimal digits derived by HMAC from its content and place.
public struct InstanceID: Hashable, Sendable, Codable, RawRepresentable, Comparable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static func < (left: InstanceID, right: InstanceID) -> Bool { left.rawValue < right.rawValue }
}

/// What a ledger event records. Each payload is free of patient data: codes, counts, geometry, digests, pseudonyms.
public enum LedgerEntry: Hashable, Sendable {
    case runStarted(RunStarted)
    case received(Received)
    case inspected(Inspected)
    case decided(Decided)
    case redacted(Redacted)
    case verified(Verified)
    case released(Released)
    case quarantined(Quarantined)
    case rejected(Rejected)
    case notDICOM(NotDICOM)
    case reviewed(Reviewed)
    case sampled(Sampled)
    case judged(Judged)
    case viewed(Viewed)
    case accessed(Accessed)
    case runFinished(RunFinished)
}

public struct RunStarted: Hashable, Sendable, Codable {
    /// Name → version of software, and name → SHA-256 of models: `quench`, `gdcm`, `tesseract`, `model:eng` …
    public var versions: [String: String]
    public var policyDigest: String
    /// The policy as it was used, in YAML.
    public var policy: String
    /// Names the project key without giving it away.
    public var keyID: String
    /// De-identification profile and options, by their CID 7050 codes: `113100` → `Basic Application …`.
    public var deidentification: [String: String]
    /// What else the output is bound to: SHA-256 of each script (`script:1` …), how scripts and profile go together, the
    /// project, and keyed digests of the lists. Nil in ledgers from before there were such.
    public var terms: [String: String]?

    public init(
        versions: [String: String], policyDigest: String, policy: String, keyID: String,
        deidentification: [String: String], terms: [String: String]? = nil
    ) {
        self.versions = versions
        self.policyDigest = policyDigest
        self.policy = policy
        self.keyID = keyID
        self.deidentification = deidentification
        self.terms = terms
    }
}

public struct Received: Hashable, Sendable, Codable {
    public var sourceSHA256: String
    public var byteCount: Int

    public init(sourceSHA256: String, byteCount: Int) {
        self.sourceSHA256 = sourceSHA256
        self.byteCount = byteCount
    }
}

/// The part of an instance's header that reports may show.
public struct InstanceSummary: Hashable, Sendable, Codable {
    /// Pseudonyms.
    public var patient: String
    public var study: String
    public var series: String
    public var instance: String
    public var modality: String
    public var sopClassUID: String
    public var transferSyntaxUID: String
    /// A stable code for what kind of series the header says it is: `image`, `dose-page`, `patient-protocol` …
    public var seriesKind: String
    public var manufacturer: String
    public var model: String
    public var rows: Int?
    public var columns: Int?
    /// As Number of Frames says; nil without pixels.
    public var numberOfFrames: Int?
    public var photometricInterpretation: String?
    /// The label of the project that the cohort list, or the run, files its Study under; nil without one.
    public var project: String?

    public init(
        patient: String, study: String, series: String, instance: String, modality: String, sopClassUID: String,
        transferSyntaxUID: String, seriesKind: String, manufacturer: String, model: String, rows: Int?, columns: Int?,
        numberOfFrames: Int?, photometricInterpretation: String?, project: String? = nil
    ) {
        self.patient = patient
        self.study = study
        self.series = series
        self.instance = instance
        self.modality = modality
        self.sopClassUID = sopClassUID
        self.transferSyntaxUID = transferSyntaxUID
        self.seriesKind = seriesKind
        self.manufacturer = manufacturer
        self.model = model
        self.rows = rows
        self.columns = columns
        self.numberOfFrames = numberOfFrames
        self.photometricInterpretation = photometricInterpretation
        self.project = project
    }
}

public struct Inspected: Hashable, Sendable, Codable {
    public var summary: InstanceSummary
    public var framesExamined: Int
    public var findings: [Finding]
    /// Reasons that inspection itself gives: structural signs of the series, what could not be examined.
    public var reasons: [ReasonCode]
    /// What was not looked at, as reason codes: `video`, `encapsulated-document` …
    public var notChecked: [ReasonCode]
    /// The smallest glyph height in pixels that the passes over this image can see; nil without pixels.
    public var smallestGlyphHeight: Int?
    public var milliseconds: Int

    public init(
        summary: InstanceSummary, framesExamined: Int, findings: [Finding], reasons: [ReasonCode],
        notChecked: [ReasonCode], smallestGlyphHeight: Int?, milliseconds: Int
    ) {
        self.summary = summary
        self.framesExamined = framesExamined
        self.findings = findings
        self.reasons = reasons
        self.notChecked = notChecked
        self.smallestGlyphHeight = smallestGlyphHeight
        self.milliseconds = milliseconds
    }
}

public struct Decided: Hashable, Sendable, Codable {
    /// What the policy proposes: `released`, `released-masked`, `rejected` or `quarantined`.
    public var outcome: Outcome
    public var reasons: [ReasonCode]

    public init(outcome: Outcome, reasons: [ReasonCode]) {
        self.outcome = outcome
        self.reasons = reasons
    }
}

public struct Redacted: Hashable, Sendable, Codable {
    public var transferSyntaxUID: String
    /// What was really masked, after alignment to blocks.
    public var regions: [MaskedRegion]
    public var changedFrames: Int
    /// The names of `PixelChange`s.
    public var changes: [String]
    /// SHA-256 of the stored picture blobs, for masked series.
    public var pictures: Pictures?
    /// Bytes of Pixel Data that came in and that go out; nil in ledgers of before they were counted.
    public var pixelBytesIn: Int?
    public var pixelBytesOut: Int?
    /// Small pictures for the contact sheet of the Series; nil where none were made.
    public var tiles: [Tile]?
    /// SHA-256 of the stored list of Attributes that the header has from its original; nil in ledgers from before there were
    /// such.
    public var attributes: String?
    public var milliseconds: Int

    public init(
        transferSyntaxUID: String, regions: [MaskedRegion], changedFrames: Int, changes: [String],
        pictures: Pictures?, pixelBytesIn: Int? = nil, pixelBytesOut: Int? = nil, tiles: [Tile]? = nil,
        attributes: String? = nil, milliseconds: Int
    ) {
        self.transferSyntaxUID = transferSyntaxUID
        self.regions = regions
        self.changedFrames = changedFrames
        self.changes = changes
        self.pictures = pictures
        self.pixelBytesIn = pixelBytesIn
        self.pixelBytesOut = pixelBytesOut
        self.tiles = tiles
        self.attributes = attributes
        self.milliseconds = milliseconds
    }
}

extension Redacted {
    /// The names of its pictures in the ledger.
    package var pictureNames: [String] {
        [pictures?.before, pictures?.after].compactMap { $0 } + (tiles ?? []).map(\.picture)
    }

    /// The names of all that the ledger stores of it.
    var blobs: [String] { pictureNames + [attributes].compactMap { $0 } }

    package func has(_ change: PixelChange) -> Bool { changes.contains(change.name) }
}

/// A box that was filled, on some frames.
public struct MaskedRegion: Hashable, Sendable, Codable {
    public var frames: [FrameNumber]
    /// In stored pixels, origin top left.
    public var region: PixelRegion

    public init(frames: [FrameNumber], region: PixelRegion) {
        self.frames = frames
        self.region = region
    }
}

extension Sequence<MaskedRegion> {
    /// Whether they cover a region, each of the frames by one of them at least.
    package func cover(_ region: PixelRegion, on frames: [FrameNumber]) -> Bool {
        var left = Set(frames)
        for mask in self where mask.region.contains(region) {
            left.subtract(mask.frames)
            if left.isEmpty { return true }
        }
        return false
    }
}

/// PNG pictures of the first masked frame; the before already has its regions covered.
public struct Pictures: Hashable, Sendable, Codable {
    public var before: String
    public var after: String

    public init(before: String, after: String) {
        self.before = before
        self.after = after
    }
}

/// A frame as it was released, reduced, its regions covered.
public struct Tile: Hashable, Sendable, Codable {
    public var frame: FrameNumber
    /// SHA-256 of the stored PNG.
    public var picture: String

    public init(frame: FrameNumber, picture: String) {
        self.frame = frame
        self.picture = picture
    }
}

public struct Verified: Hashable, Sendable, Codable {
    /// Stands among the passed checks where people decided that text may stay.
    package static let acceptedText = "text-accepted-in-review"

    /// Stable ids of the checks that passed: `outside-identical`, `inside-fill`, `text-again`, `residual-header` …
    public var passed: [String]
    /// Reason codes of those that failed; empty for what may be released.
    public var failed: [ReasonCode]
    /// Where, alone, people decided that text may stay; nil where they didn't, or where all may.
    public var accepted: [MaskedRegion]?
    /// Short and common words of the original that were found without blocking, where and as what:
    /// `person-name (0018,1030) LO`; nil where there are none.
    public var weak: [String]?
    public var milliseconds: Int

    public init(
        passed: [String], failed: [ReasonCode], accepted: [MaskedRegion]? = nil, weak: [String]? = nil,
        milliseconds: Int
    ) {
        self.passed = passed
        self.failed = failed
        self.accepted = accepted
        self.weak = weak
        self.milliseconds = milliseconds
    }
}

public struct Released: Hashable, Sendable, Codable {
    /// Relative to the output folder, with `/`.
    public var path: String
    public var sha256: String
    public var masked: Bool

    public init(path: String, sha256: String, masked: Bool) {
        self.path = path
        self.sha256 = sha256
        self.masked = masked
    }
}

public struct Quarantined: Hashable, Sendable, Codable {
    public var reasons: [ReasonCode]

    public init(reasons: [ReasonCode]) {
        self.reasons = reasons
    }
}

public struct Rejected: Hashable, Sendable, Codable {
    public var reasons: [ReasonCode]

    public init(reasons: [ReasonCode]) {
        self.reasons = reasons
    }
}

public struct NotDICOM: Hashable, Sendable, Codable {
    public var reasons: [ReasonCode]

    public init(reasons: [ReasonCode]) {
        self.reasons = reasons
    }
}

public struct RunFinished: Hashable, Sendable, Codable {
    /// How many input files this run saw, those of earlier runs included.
    public var inputs: Int
    public var interrupted: Bool

    public init(inputs: Int, interrupted: Bool) {
        self.inputs = inputs
        self.interrupted = interrupted
    }
}

extension InstanceSummary {
    /// What tells its Series from others.
    public var seriesKey: [String] { [patient, study, series] }
}

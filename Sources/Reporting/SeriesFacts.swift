internal import DICOMModel
internal import Ledger

/// What a report says about one series: a row of `series.csv`.
struct SeriesFacts {
    let patient: String
    let study: String
    let series: String
    private(set) var modalities: Set<String> = []
    private(set) var kinds: Set<String> = []
    private(set) var devices: Set<Device> = []
    private(set) var instanceCount = 0
    private(set) var framesExamined = 0
    private(set) var outcomes: [Outcome: Int] = [:]
    private(set) var unfinishedCount = 0
    private(set) var reasons: Set<ReasonCode> = []
    private(set) var findingCounts = [Int](repeating: 0, count: FindingCategory.allCases.count)
    /// Whether text stands in what was released of it because people let it stay.
    var holdsTextLetStay = false
    /// Of the first instance that has any.
    private(set) var pictures: Pictures?
    /// Whether these show where text stood that went with Overlay Planes or unused bits: the frame itself was not masked.
    private(set) var picturesAreOfRemoved = false
    /// Of all instances, for the contact sheet.
    private(set) var tiles: [SheetTile] = []

    /// A frame on a contact sheet.
    struct SheetTile {
        let frame: Int
        /// How many the instance has.
        let frames: Int
        let picture: String
    }

    struct Device: Hashable {
        let manufacturer: String
        let model: String

        var text: String { [manufacturer, model].filter { !$0.isEmpty }.joined(separator: " ") }
    }

    init(_ summary: InstanceSummary) {
        patient = summary.patient
        study = summary.study
        series = summary.series
    }

    mutating func add(_ facts: InstanceFacts) {
        if let summary = facts.summary {
            modalities.insert(summary.modality)
            kinds.insert(summary.seriesKind)
            devices.insert(Device(manufacturer: summary.manufacturer, model: summary.model))
        }
        instanceCount += 1
        framesExamined = framesExamined.addingClamped(facts.framesExamined)
        if let decision = facts.decision { outcomes[decision, default: 0] += 1 } else { unfinishedCount += 1 }
        reasons.formUnion(facts.reasons)
        for (place, count) in facts.findingCounts.enumerated() { findingCounts[place] += count }
        if pictures == nil || picturesAreOfRemoved, let redacted = facts.record.redacted, let pair = redacted.pictures,
            pictures == nil || !redacted.regions.isEmpty
        {
            pictures = pair
            picturesAreOfRemoved = redacted.regions.isEmpty
        }
        tiles += (facts.record.redacted?.tiles ?? []).map { tile in
            SheetTile(
                frame: tile.frame.value, frames: facts.summary?.numberOfFrames ?? 1, picture: tile.picture)
        }
    }

    /// False for DICOM files that name no Series: they don't make one together.
    var isSeries: Bool { !series.isEmpty }

    var decision: SeriesDecision {
        if unfinishedCount > 0 { return .unfinished }
        let held = Set(outcomes.keys)
        if held.isSubset(of: [.released, .releasedMasked]) {
            return held.contains(.releasedMasked) ? .masked : .released
        }
        if held == [.rejected] { return .rejected }
        return held == [.quarantined] ? .held : .mixed
    }

    var modality: String { modalities.sorted().joined(separator: " ") }
    var kind: String { kinds.sorted().joined(separator: " ") }
    var manufacturer: String { Set(devices.map(\.manufacturer)).sorted().joined(separator: "; ") }
    var model: String { Set(devices.map(\.model)).sorted().joined(separator: "; ") }
    var device: String { devices.map(\.text).sorted().joined(separator: "; ") }
    func count(_ outcome: Outcome) -> Int { outcomes[outcome] ?? 0 }
}

/// What became of a series as a whole.
enum SeriesDecision: String, CaseIterable {
    /// All released with their Pixel Data as it was.
    case released
    /// All released, some or all of them masked.
    case masked = "released-masked"
    case rejected
    case held = "quarantined"
    /// Its instances ended differently: some left, some didn't.
    case mixed
    case unfinished
}

extension Int {
    /// The sum, or the greatest number where it doesn't fit: a damaged ledger must not stop the report.
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

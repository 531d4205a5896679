import DICOMModel
import Ledger
import Pipeline

/// A held Series as the viewer shows it. Everything in it is pseudonyms, codes, geometry and words of reviewers.
struct SeriesView: Sendable, Encodable {
    /// A finding with what would be masked for it.
    struct Region: Sendable, Encodable {
        var id: String
        var category: String
        var source: String
        var score: Double
        var masking: HeldFinding.Masking
        /// x, y, width, height in stored pixels.
        var box: [Int]
        /// The box that is filled, with its margin.
        var mask: [Int]
        /// Ranges of frames on which it was seen, and on which it is filled.
        var frames: [[Int]]
        var maskFrames: [[Int]]
    }

    /// A box that was filled, and on which frames.
    struct Masked: Sendable, Encodable {
        /// x, y, width, height in stored pixels.
        var box: [Int]
        /// Ranges, both ends included.
        var frames: [[Int]]
    }

    struct Item: Sendable, Encodable {
        var id: String
        var state: String
        var isOpen: Bool
        /// Whether there is an original to look at, and a released file.
        var hasOriginal: Bool
        var hasReleased: Bool
        /// Whether there is none that could be deleted.
        var originalIsDeleted: Bool
        var rows: Int?
        var columns: Int?
        var frames: Int
        var framesExamined: Int
        var regions: [Region]
        var proposedBy: String?
        var proposed: Quarantine.Treatment?
        /// What was filled in the released file.
        var masked: [Masked]
        var history: [HeldInstance.Step]
        var looks: [HeldInstance.Look]
    }

    var name: String
    var patient: String
    var modality: String
    var kind: String
    var device: String
    var heldSince: String
    var isOpen: Bool
    var reasons: [HeldSeries.Explanation]
    var items: [Item]
    /// How many other held Series are of the same device and size.
    var alike: Int

    init(_ series: HeldSeries, state: LedgerState, policy: Policy, alike: Int) {
        name = series.name
        patient = series.patient
        modality = series.modality
        kind = series.kind
        device = series.device
        heldSince = series.heldSince
        isOpen = series.isOpen
        reasons = series.explanations
        items = series.instances.map { Item($0, record: state[InstanceID(rawValue: $0.id)], policy: policy) }
        self.alike = alike
    }
}

extension SeriesView.Item {
    init(_ instance: HeldInstance, record: InstanceRecord?, policy: Policy) {
        id = instance.id
        state = instance.state.rawValue
        isOpen = instance.state.isOpen
        originalIsDeleted = instance.originalIsDeleted
        hasOriginal = !instance.originalIsDeleted && instance.rows != nil
        rows = instance.rows
        columns = instance.columns
        frames = instance.frames ?? 0
        framesExamined = instance.framesExamined
        proposedBy = instance.proposedBy
        proposed = instance.proposed
        history = instance.history
        looks = (record?.views ?? []).map(HeldInstance.Look.init)
        masked = (record?.redacted?.regions ?? []).map {
            SeriesView.Masked(box: $0.region.corners, frames: $0.frames.ranges)
        }
        hasReleased = record?.released != nil
        if let summary = record?.inspected?.summary {
            let plan = MaskPlan(policy: policy, summary: summary, findings: instance.findings.map(\.finding))
            regions = instance.findings.map { SeriesView.Region($0, plan: plan) }
        } else {
            regions = []
        }
    }
}

extension SeriesView.Region {
    init(_ held: HeldFinding, plan: MaskPlan) {
        id = held.id.rawValue
        category = held.category.rawValue
        source = held.source.rawValue
        score = held.score
        masking = held.masking
        box = held.region.corners
        mask = plan.withMargin(held.finding).region.corners
        frames = held.frames.ranges
        maskFrames = plan.frames(of: held.finding).ranges
    }
}

extension [FrameNumber] {
    /// Ascending frames as ranges, both ends included.
    fileprivate var ranges: [[Int]] { map(\.value).ascendingRanges.map { [$0.lowerBound, $0.upperBound] } }
}

extension PixelRegion {
    /// x, y, width, height.
    fileprivate var corners: [Int] { [x, y, width, height] }
}

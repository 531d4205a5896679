import DICOMModel
public import Ledger
import PHIClassification

/// A Series, or part of one, that is or was held: the unit that people decide about.
public struct HeldSeries: Hashable, Sendable, Encodable {
    /// The Series' pseudonym; that of the one instance where its header couldn't be read.
    public var name: String
    public var patient: String
    public var modality: String
    public var kind: String
    public var device: String
    /// Since when the first of its instances is held; ISO 8601, UTC.
    public var heldSince: String
    /// Why, over all its instances.
    public var reasons: [String]
    /// What each of them means, and what to do next.
    public var explanations: [Explanation]
    /// How many instances are in each state.
    public var states: [String: Int]
    public var instances: [HeldInstance]

    /// A reason code for people.
    public struct Explanation: Hashable, Sendable, Encodable {
        public var reason: String
        public var sentence: String
        public var next: String
    }

    /// Whether a person still has to decide about some of it.
    public var isOpen: Bool { instances.contains { $0.state.isOpen } }

    init(_ records: [InstanceRecord], policy: Policy) {
        instances = records.compactMap { HeldInstance($0, policy: policy) }
        let summaries = records.compactMap(\.inspected?.summary)
        func joined(_ value: (InstanceSummary) -> String) -> String {
            Set(summaries.map(value)).filter { !$0.isEmpty }.sorted().joined(separator: " ")
        }
        let series = joined(\.series)
        name = series.isEmpty ? records.first?.id.rawValue ?? "" : series
        patient = joined(\.patient)
        modality = joined(\.modality)
        kind = joined(\.seriesKind)
        device = joined { [$0.manufacturer, $0.model].filter { !$0.isEmpty }.joined(separator: " ") }
        heldSince = records.compactMap(\.heldSince).min() ?? ""
        let codes = Set(records.flatMap(\.heldReasons)).sorted()
        reasons = codes.map(\.rawValue)
        explanations = codes.map { code in
            let entry = Reasons.entry(code)
            return Explanation(reason: code.rawValue, sentence: entry?.sentence ?? "", next: entry?.next ?? "")
        }
        states = Dictionary(grouping: instances, by: \.state.rawValue).mapValues(\.count)
    }
}

/// An instance that is or was held.
public struct HeldInstance: Hashable, Sendable, Encodable {
    /// The pseudonymous name of the input file: that of its folder in `quarantine/`.
    public var id: String
    /// The pseudonym of its SOP Instance UID; empty where the header couldn't be read.
    public var instance: String
    public var state: ReviewState
    public var heldSince: String
    public var reasons: [String]
    public var frames: Int?
    public var rows: Int?
    public var columns: Int?
    public var framesExamined: Int
    public var findings: [HeldFinding]
    /// Who proposed to let text stay, and waits for a second person; nil where nobody did.
    public var proposedBy: String?
    /// What was proposed: another person who asks for the same confirms it.
    public var proposed: Quarantine.Treatment?
    public var originalIsDeleted: Bool
    public var history: [Step]
    /// Who was shown its pictures on the review page.
    public var looks: [Look]

    /// What a person did.
    public struct Step: Hashable, Sendable, Encodable {
        public var time: String
        public var action: String
        public var by: String
        public var reason: String
        public var evidence: [String]
    }

    /// A person was shown frames.
    public struct Look: Hashable, Sendable, Encodable {
        public var time: String
        public var by: String
        /// Of the original, or of the released file.
        public var picture: String
        /// The first and the last frame.
        public var frames: [Int]

        package init(_ view: InstanceRecord.View) {
            time = view.time
            by = view.viewed.by
            picture = view.viewed.picture.rawValue
            frames = [view.viewed.firstFrame, view.viewed.lastFrame]
        }
    }

    /// Nil for an instance that never was held.
    init?(_ record: InstanceRecord, policy: Policy) {
        guard let state = record.reviewState, let heldSince = record.heldSince else { return nil }
        id = record.id.rawValue
        let summary = record.inspected?.summary
        instance = summary?.instance ?? ""
        self.state = state
        self.heldSince = heldSince
        reasons = record.heldReasons.map(\.rawValue)
        frames = summary?.numberOfFrames
        rows = summary?.rows
        columns = summary?.columns
        framesExamined = record.inspected?.framesExamined ?? 0
        findings = (record.inspected?.findings ?? []).map { HeldFinding($0, policy: policy) }
        let proposal = state.isOpen ? record.proposal : nil
        proposedBy = proposal?.by
        proposed = proposal?.treatment
        originalIsDeleted = record.originalIsDeleted
        looks = record.views.map(Look.init)
        history = record.reviews.map { review in
            let step = review.reviewed
            return Step(
                time: review.time, action: step.action.rawValue, by: step.by, reason: step.reason,
                evidence: step.evidence)
        }
    }
}

extension InstanceRecord {
    /// To let text stay, which a second person has to confirm; a later rescan or withdrawal makes it void.
    var proposal: (by: String, treatment: Quarantine.Treatment)? {
        let last = reviews.last { review in
            let action = review.reviewed.action
            return action.isProposal || action == .rescanned || action == .withdrawn
        }?.reviewed
        return last.flatMap { step in Quarantine.Treatment(proposedBy: step).map { (step.by, $0) } }
    }
}

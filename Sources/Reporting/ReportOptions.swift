public import DICOMModel
internal import Ledger

/// What the caller tells a report besides the ledger.
public struct ReportOptions: Hashable, Sendable {
    /// True for a scan: nothing was written, decisions are what the policy proposes, regions what it would mask.
    public var isProposal: Bool
    /// The plain sentences of the reason codes; a code without one is shown alone.
    public var explanations: [ReasonCode: ReasonExplanation]
    /// What the policy masks; regions of files that were not masked are proposed from findings of these categories.
    public var maskedCategories: Set<FindingCategory>

    /// Only files about which something was recorded then or later: ISO 8601, UTC, or the beginning of one (`2026-03-01`).
    /// Nil for all.
    public var since: String?
    /// Only files of studies that the cohort list, or the run, files under this project. Nil for all.
    public var project: String?

    /// Whether the report is about all of the ledger.
    var isWhole: Bool { since == nil && project == nil }

    func covers(_ record: InstanceRecord) -> Bool {
        covers(time: record.lastTime) && isOfProject(record)
    }

    func covers(time: String) -> Bool { since.map { time >= $0 } ?? true }

    func isOfProject(_ record: InstanceRecord) -> Bool {
        project.map { record.inspected?.summary.project == $0 } ?? true
    }

    public init(
        isProposal: Bool = false, explanations: [ReasonCode: ReasonExplanation] = [:],
        maskedCategories: Set<FindingCategory> = Set(FindingCategory.allCases).subtracting([.technical, .marker]),
        since: String? = nil, project: String? = nil
    ) {
        self.isProposal = isProposal
        self.explanations = explanations
        self.maskedCategories = maskedCategories
        self.since = since
        self.project = project
    }
}

/// A reason code for people.
public struct ReasonExplanation: Hashable, Sendable {
    /// What it means, as a whole sentence.
    public var sentence: String
    /// What to do next, as a whole sentence.
    public var next: String

    public init(sentence: String, next: String) {
        self.sentence = sentence
        self.next = next
    }
}

internal import DICOMModel

extension Report {
    /// What a report says about one series, for a program that prints it.
    public struct SeriesRow: Hashable, Sendable, Encodable {
        /// A pseudonym.
        public var series: String
        public var modality: String
        public var kind: String
        public var instances: Int
        public var framesExamined: Int
        /// By category; 0 where there is none.
        public var findings: [String: Int]
        /// `released`, `released-masked`, `rejected`, `quarantined`, `mixed` or `unfinished`.
        public var decision: String
        public var reasons: [String]
    }

    /// All series, in the order of the page.
    public var seriesRows: [SeriesRow] {
        content.series.map { facts in
            SeriesRow(
                series: facts.series, modality: facts.modality, kind: facts.kind, instances: facts.instanceCount,
                framesExamined: facts.framesExamined,
                findings: Dictionary(
                    uniqueKeysWithValues: zip(FindingCategory.allCases.map(\.rawValue), facts.findingCounts)),
                decision: facts.decision.rawValue, reasons: facts.reasons.map(\.rawValue).sorted())
        }
    }
}

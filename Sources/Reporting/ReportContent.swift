internal import DICOMModel
internal import Ledger

/// The facts of a report, in the order in which every form of it shows them.
struct ReportContent {
    let options: ReportOptions
    let chain: ChainVerification
    let runs: [RunRecord]
    /// By patient, study, series, instance, content.
    private(set) var instances: [InstanceFacts]
    /// By patient, study, series. Rows of DICOM files of no Series are among them, and aren't counted as any.
    private(set) var series: [SeriesFacts] = []
    private(set) var totals = ReportTotals()
    /// How many files have the reason, by decision.
    private(set) var reasons: [ReasonCode: [Outcome: Int]] = [:]
    /// How many findings of each category, by what became of them, in the order of `FindingFate.allCases`.
    private(set) var findingFates = [[Int]](
        repeating: [Int](repeating: 0, count: FindingFate.allCases.count), count: FindingCategory.allCases.count)
    private(set) var notChecked: [ReasonCode: Extent] = [:]
    /// The least and the greatest of the smallest visible glyph heights of all images.
    private(set) var glyphHeights: ClosedRange<Int>?
    /// What vouches for the ledger; nil in ledgers of before there were receipts.
    let receipt: Receipt?
    let samples: [SampleRecord]
    /// Who saw what, in the order of names.
    let activities: [ReviewerActivity]
    /// Where text was masked, by modality and device.
    private(set) var heatMaps: [HeatMap.Key: HeatMap] = [:]
    private(set) var stages = StageTimes()
    let header: HeaderFacts
    /// Instances that are or were held, by where they stand.
    private(set) var reviewStates: [ReviewState: Int] = [:]
    private var notCheckedSeries: Set<[String]> = []

    /// How much of the input something is about.
    struct Extent {
        var files = 0
        var series = 0
    }

    /// - Parameter list: the Attributes of a stored list.
    init(
        state: LedgerState, chain: ChainVerification, receipt: Receipt?, options: ReportOptions,
        list: (String) throws -> [RetainedAttribute]?
    ) rethrows {
        self.options = options
        self.chain = chain
        self.receipt = receipt
        samples = options.isWhole ? state.samples : []
        activities = ReviewerActivity.all(in: state, options: options)
        runs = state.runs
        instances = state.instances.filter(options.covers).map { InstanceFacts($0, options: options) }
            .map { (key: $0.sortKey, facts: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map(\.facts)
        header = try HeaderFacts(instances, list: list)
        for facts in instances {
            totals.add(facts)
            count(facts)
            addToSeries(facts)
        }
        for facts in series { totals.add(facts) }
        totals.add(runs, isWhole: options.isWhole)
    }

    /// How many findings of each category.
    var findingCounts: [Int] { findingFates.map { $0.reduce(0, +) } }

    private mutating func count(_ facts: InstanceFacts) {
        if let decision = facts.decision {
            for reason in facts.reasons { reasons[reason, default: [:]][decision, default: 0] += 1 }
        }
        for finding in facts.record.inspected?.findings ?? [] {
            guard let place = FindingCategory.allCases.firstIndex(of: finding.category) else { continue }
            findingFates[place][facts.fate(of: finding, options: options).rawValue] += 1
        }
        if let state = facts.record.reviewState { reviewStates[state, default: 0] += 1 }
        stages.add(facts.record)
        addToHeatMap(facts)
        guard let inspected = facts.record.inspected else { return }
        if let height = inspected.smallestGlyphHeight {
            glyphHeights =
                min(glyphHeights?.lowerBound ?? height, height)...max(glyphHeights?.upperBound ?? height, height)
        }
        for code in Set(inspected.notChecked) {
            notChecked[code, default: Extent()].files += 1
            let summary = inspected.summary
            if facts.isOfSeries, notCheckedSeries.insert([code.rawValue] + summary.seriesKey).inserted {
                notChecked[code, default: Extent()].series += 1
            }
        }
    }

    private mutating func addToHeatMap(_ facts: InstanceFacts) {
        guard facts.decision == .releasedMasked, let summary = facts.summary else { return }
        let key = HeatMap.Key(modality: summary.modality, manufacturer: summary.manufacturer, model: summary.model)
        heatMaps[key, default: HeatMap()].add(facts.regions.map(\.region), rows: summary.rows, columns: summary.columns)
    }

    /// Instances are sorted, so those of a series follow each other.
    private mutating func addToSeries(_ facts: InstanceFacts) {
        guard let summary = facts.summary else { return }
        if let last = series.last, last.series == summary.series, last.study == summary.study,
            last.patient == summary.patient
        {
            series[series.count - 1].add(facts)
        } else {
            var new = SeriesFacts(summary)
            new.add(facts)
            series.append(new)
        }
        if facts.holdsTextLetStay(options) { series[series.count - 1].holdsTextLetStay = true }
    }
}

extension ReportContent {
    /// The run whose policy and versions the report shows.
    var lastRun: RunRecord? { runs.last }

    /// Whether an earlier run worked by another policy, other versions or another profile.
    var runsDiffer: Bool { Set(runs.map(\.started)).count > 1 }

    func explanation(_ code: ReasonCode) -> ReasonExplanation? {
        options.explanations[code] ?? Self.ownExplanations[code]
    }

    private static let ownExplanations: [ReasonCode: ReasonExplanation] = [
        .unfinished: ReasonExplanation(
            sentence: "The run ended before anything became of the file.",
            next: "Start the same command again; it goes on where it was.")
    ]
}

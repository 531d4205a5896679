public import DICOMModel
internal import Ledger

/// The sums of a report, and whether they add up to what came in.
public struct ReportTotals: Hashable, Sendable {
    /// Input files that the ledger knows.
    public internal(set) var files = 0
    public internal(set) var filesByOutcome: [Outcome: Int] = [:]
    public internal(set) var unfinishedFiles = 0
    public internal(set) var series = 0
    /// All instances released, some or all of them masked or none.
    public internal(set) var releasedSeries = 0
    /// Of the released series, those with a masked instance.
    public internal(set) var maskedSeries = 0
    /// Series of which something was released with text that people let stay.
    public internal(set) var seriesWithTextLetStay = 0
    public internal(set) var rejectedSeries = 0
    public internal(set) var heldSeries = 0
    /// Series whose instances ended differently.
    public internal(set) var mixedSeries = 0
    public internal(set) var unfinishedSeries = 0
    /// Files of no series, by what became of them: not DICOM, or without a header that names one.
    public internal(set) var withoutSeries: [Outcome: Int] = [:]
    public internal(set) var filesWithoutSeries = 0
    /// Files that were taken back after their release, and not released again.
    public internal(set) var withdrawnFiles = 0
    public internal(set) var framesExamined = 0
    /// Frames of released files that were not examined, as far as Number of Frames tells.
    public internal(set) var unexaminedReleasedFrames = 0
    /// How many input files the last run that ended counted.
    public internal(set) var inputsOfLastRun: Int?
    /// The last run ended, and nobody stopped it.
    public internal(set) var lastRunIsComplete = false

    /// The terms of the sum, for files.
    var sum: Int { filesByOutcome.values.reduce(unfinishedFiles, +) }

    var seriesSum: Int {
        releasedSeries + rejectedSeries + heldSeries + mixedSeries + unfinishedSeries
    }

    /// The counts by decision sum up to the files and series that came in, and these to what the last run counted,
    /// unless it was interrupted and hadn't seen all.
    public var addUp: Bool {
        sum == files && seriesSum == series && (!lastRunIsComplete || inputsOfLastRun == files)
    }

    /// Every file that came in ended, and the sums match: only then may a report say that nothing was skipped.
    public var nothingWasSkipped: Bool {
        addUp && unfinishedFiles == 0 && lastRunIsComplete && inputsOfLastRun == files
    }

    mutating func add(_ facts: InstanceFacts) {
        files += 1
        if let decision = facts.decision { filesByOutcome[decision, default: 0] += 1 } else { unfinishedFiles += 1 }
        if facts.record.withdrawnAt != nil { withdrawnFiles += 1 }
        if !facts.isOfSeries {
            filesWithoutSeries += 1
            if let decision = facts.decision { withoutSeries[decision, default: 0] += 1 }
        }
        framesExamined = framesExamined.addingClamped(facts.framesExamined)
        if facts.isReleased {
            let frames = facts.summary?.numberOfFrames ?? 0
            let (missing, overflow) = frames.subtractingReportingOverflow(facts.framesExamined)
            if !overflow { unexaminedReleasedFrames = unexaminedReleasedFrames.addingClamped(max(0, missing)) }
        }
    }

    mutating func add(_ facts: SeriesFacts) {
        guard facts.isSeries else { return }
        series += 1
        if facts.holdsTextLetStay { seriesWithTextLetStay += 1 }
        switch facts.decision {
        case .released: releasedSeries += 1
        case .masked:
            releasedSeries += 1
            maskedSeries += 1
        case .rejected: rejectedSeries += 1
        case .held: heldSeries += 1
        case .mixed: mixedSeries += 1
        case .unfinished: unfinishedSeries += 1
        }
    }

    /// - Parameter isWhole: false for a report about part of the ledger, whose sums are their own account.
    mutating func add(_ runs: [RunRecord], isWhole: Bool) {
        lastRunIsComplete = runs.last?.finished.map { !$0.interrupted } ?? false
        inputsOfLastRun = isWhole ? runs.last?.finished?.inputs : runs.last?.finished.map { _ in files }
    }
}

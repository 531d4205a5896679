import DICOMModel
import Foundation
import Ledger
import Reporting
import Testing

@Suite struct TotalsTests {
    @Test func `the sums add up to what came in`() throws {
        let totals = try Report(ledger: try Samples.ledger(Samples.mixed)).totals
        #expect(totals.files == 8)
        #expect(
            totals.filesByOutcome == [.released: 3, .releasedMasked: 1, .rejected: 1, .quarantined: 2, .notDICOM: 1])
        #expect(totals.series == 5)
        #expect(totals.releasedSeries == 2)
        #expect(totals.maskedSeries == 1)
        #expect(totals.rejectedSeries == 1)
        #expect(totals.heldSeries == 1)
        #expect(totals.mixedSeries == 1)
        #expect(totals.filesWithoutSeries == 1)
        #expect(totals.framesExamined == 9)
        #expect(totals.addUp)
        #expect(totals.nothingWasSkipped)
    }

    @Test func `the headline says it in one sentence`() throws {
        #expect(
            try Report(ledger: try Samples.ledger(Samples.mixed)).headline
                == "5 series came in: 2 released, of which 1 masked; 1 rejected; 1 held; "
                + "1 released or kept only in part. Besides, 1 file of no series: 1 not DICOM. Nothing was skipped.")
        let many = (1...1234).map { Sample(series: "s\($0)", instance: "1", outcome: .released) }
        #expect(
            try Report(ledger: try Samples.ledger(many)).headline
                == "1,234 series came in: 1,234 released. Nothing was skipped.")
        let one = [Sample(series: "a", instance: "1", outcome: .rejected)]
        #expect(
            try Report(ledger: try Samples.ledger(one)).headline == "1 series came in: 1 rejected. Nothing was skipped."
        )
    }

    @Test func `files that name no Series are counted as what they are`() throws {
        let headless = [
            Sample(series: "", instance: "20", outcome: .quarantined, reasons: ["damaged-header"]),
            Sample(series: "", instance: "21", outcome: .rejected, reasons: ["directory-object"]),
        ]
        let report = try Report(ledger: try Samples.ledger(Samples.mixed + headless))
        #expect(report.totals.series == 5 && report.totals.mixedSeries == 1 && report.totals.heldSeries == 1)
        #expect(report.totals.filesWithoutSeries == 3)
        #expect(report.totals.nothingWasSkipped)
        #expect(
            report.headline.hasSuffix(
                "Besides, 3 files of no series: 1 not DICOM; 1 rejected; 1 held. Nothing was skipped."))
        let rows = report.seriesRows.filter(\.series.isEmpty)
        #expect(rows.map(\.instances).reduce(0, +) == 2, "a scan's table still has them")
        let alone = try Report(ledger: try Samples.ledger(headless))
        #expect(
            alone.headline
                == "2 files came in, and no series could be read from them: 1 rejected; 1 held. Nothing was skipped.")
    }

    @Test func `the page says what was done, not who did it`() throws {
        let page = try Samples.write(Samples.mixed).text("index.html")
        #expect(page.contains("<span>Rejected</span>") && page.contains("<span>Released without a mask</span>"))
    }

    @Test func `a scan says what would become of the series`() throws {
        let undecided = Samples.mixed.prefix(4).map { sample -> [(InstanceID?, LedgerEntry)] in
            sample.events.filter { !$0.1.kind.isFinal && $0.1.kind != .redacted }
        }
        let ledger = try Ledger.inMemory()
        try ledger.append([(nil, .runStarted(Samples.runStarted))] + undecided.flatMap { $0 })
        try ledger.append(.runFinished(RunFinished(inputs: 4, interrupted: false)))
        #expect(
            try Report(ledger: ledger, options: ReportOptions(isProposal: true)).headline
                == "3 series were looked at: 2 would be released, of which 1 masked; 1 rejected. "
                + "Nothing was skipped; nothing was written.")
    }

    @Test func `it isn't said that nothing was skipped when the last run counted more files`() throws {
        let report = try Report(ledger: try Samples.ledger(Samples.mixed, inputs: 9))
        #expect(!report.totals.addUp)
        #expect(!report.totals.nothingWasSkipped)
        #expect(
            report.headline.hasSuffix("The numbers do not add up: the ledger knows 8 files, the last run counted 9."))
    }

    @Test func `an interrupted run is told, and so is one that was killed`() throws {
        let open = Samples.mixed + [Sample(series: "d1", instance: "9", outcome: nil)]
        let interrupted = try Report(ledger: try Samples.ledger(open, inputs: 5, interrupted: true))
        #expect(interrupted.totals.unfinishedFiles == 1)
        #expect(interrupted.totals.unfinishedSeries == 1)
        #expect(interrupted.totals.addUp)
        #expect(interrupted.headline.contains("; 1 not finished. "))
        #expect(interrupted.headline.hasSuffix(" 1 file is not finished: the run was interrupted."))

        let ledger = try Ledger.inMemory()
        try ledger.append([(nil, .runStarted(Samples.runStarted))] + Samples.mixed.flatMap(\.events))
        let killed = try Report(ledger: ledger)
        #expect(!killed.totals.nothingWasSkipped)
        #expect(killed.headline.hasSuffix("The last run did not end, so more files may be waiting."))
    }

    @Test func `frames of released files that nobody examined are counted`() throws {
        var sample = Sample(series: "a", instance: "1", frames: 5, outcome: .released)
        sample.frames = 5
        let events = sample.events.map { id, entry -> (InstanceID?, LedgerEntry) in
            guard case .inspected(var inspected) = entry else { return (id, entry) }
            inspected.framesExamined = 3
            return (id, .inspected(inspected))
        }
        let ledger = try Ledger.inMemory()
        try ledger.append([(nil, .runStarted(Samples.runStarted))] + events)
        #expect(try Report(ledger: ledger).totals.unexaminedReleasedFrames == 2)
    }

    @Test func `an empty ledger makes an empty report`() throws {
        let folder = try TemporaryFolder()
        let report = try Report(ledger: try Ledger.inMemory())
        #expect(report.headline == "Nothing came in.")
        #expect(!report.totals.nothingWasSkipped)
        try report.write(to: folder.path)
        #expect(try folder.text("instances.csv").split(separator: "\n").count == 1)
        #expect(try folder.text("index.html").contains("Nothing came in."))
        #expect(try JSONSerialization.jsonObject(with: Data(try folder.text("report.json").utf8)) is [String: Any])
    }
}

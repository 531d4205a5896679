internal import DICOMModel

/// The sentence that matters, for the top of the page and the last line of a run.
struct ReportHeadline {
    let totals: ReportTotals
    let isProposal: Bool

    /// What became of the series.
    var outcome: String {
        guard totals.files > 0 else { return "Nothing came in." }
        guard totals.series > 0 else {
            let came = count(totals.files, "file came in", "files came in")
            return came + ", and no series could be read from them: \(withoutSeries)."
        }
        let masked = totals.maskedSeries > 0 ? ", of which \(Self.grouped(totals.maskedSeries)) masked" : ""
        let terms: [(Int, String)] = [
            (totals.releasedSeries, (isProposal ? "would be released" : "released") + masked),
            (totals.rejectedSeries, "rejected"),
            (totals.heldSeries, "held"),
            (totals.mixedSeries, "released or kept only in part"),
            (totals.unfinishedSeries, "not finished"),
        ]
        let said = terms.filter { $0.0 > 0 }.map { Self.grouped($0.0) + " " + $0.1 }.joined(separator: "; ")
        let came = isProposal ? ("series was looked at", "series were looked at") : ("series came in", "series came in")
        return count(totals.series, came.0, came.1) + ": " + said + "."
    }

    /// What the sentence about series doesn't say: files of no Series, and what was withdrawn.
    var besides: [String] {
        var sentences: [String] = []
        if totals.series > 0, totals.filesWithoutSeries > 0 {
            sentences.append(
                "Besides, " + count(totals.filesWithoutSeries, "file of no series: ", "files of no series: ")
                    + withoutSeries + ".")
        }
        if totals.withdrawnFiles > 0 {
            sentences.append(count(totals.withdrawnFiles, "file was", "files were") + " withdrawn after release.")
        }
        return sentences
    }

    /// What became of files of no Series.
    private var withoutSeries: String {
        let ended = totals.withoutSeries
        let terms = [
            (ended[.notDICOM] ?? 0, "not DICOM"), (ended[.rejected] ?? 0, "rejected"),
            (ended[.quarantined] ?? 0, "held"),
            ((ended[.released] ?? 0) + (ended[.releasedMasked] ?? 0), "released"),
            (totals.filesWithoutSeries - ended.values.reduce(0, +), "not finished"),
        ]
        return terms.filter { $0.0 > 0 }.map { Self.grouped($0.0) + " " + $0.1 }.joined(separator: "; ")
    }

    /// Whether all of it is accounted for.
    var account: String {
        if totals.files == 0 { return "" }
        if !totals.addUp {
            let counted = totals.inputsOfLastRun.map { ", the last run counted \(Self.grouped($0))" } ?? ""
            return "The numbers do not add up: the ledger knows \(Self.grouped(totals.files)) files\(counted)."
        }
        if totals.nothingWasSkipped {
            return isProposal ? "Nothing was skipped; nothing was written." : "Nothing was skipped."
        }
        if totals.unfinishedFiles > 0 {
            return count(totals.unfinishedFiles, "file is", "files are") + " not finished: the run "
                + (totals.inputsOfLastRun == nil ? "did not end." : "was interrupted.")
        }
        return totals.inputsOfLastRun == nil
            ? "The last run did not end, so more files may be waiting."
            : "The last run was interrupted, so more files may be waiting."
    }

    var text: String { ([outcome] + besides + [account]).filter { !$0.isEmpty }.joined(separator: " ") }

    private func count(_ number: Int, _ one: String, _ many: String) -> String {
        Self.grouped(number) + " " + (number == 1 ? one : many)
    }

    /// With a comma between each three digits.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number.magnitude).reversed().enumerated() {
            if place > 0 && place % 3 == 0 { text = "," + text }
            text = String(digit) + text
        }
        return number < 0 ? "-" + text : text
    }
}

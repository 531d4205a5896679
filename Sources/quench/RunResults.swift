import DICOMModel
import Pipeline
import Reporting

/// What a run prints: a line per Series, then the sum.
struct RunResults: Encodable {
    var series: [Report.SeriesRow]
    /// Input files by what became of them.
    var files: [String: Int]
    var summary: String
    var report: String?
    /// False where every input had been dealt with before.
    var changed = true
    /// Where one was asked for.
    var fileSet: FileSetRun.Summary?

    init(_ report: Report, report path: String?) {
        series = report.seriesRows
        files = Dictionary(
            uniqueKeysWithValues: report.totals.filesByOutcome.map { ($0.key.rawValue, $0.value) })
        summary = report.headline
        self.report = path
    }

    /// Whether something is, or would be, held.
    var isSuspect: Bool { files[Outcome.quarantined.rawValue, default: 0] > 0 }

    var text: String {
        let header = ["MODALITY", "KIND", "INSTANCES", "FRAMES", "FINDINGS", "DECISION", "REASONS"]
        let rows = [header] + series.map(Self.cells)
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ").trimmingTrailingBlanks
        }
        if series.isEmpty { lines = [] }
        lines.append(summary)
        if let report { lines.append("Report: " + report) }
        if let fileSet { lines.append(fileSet.text) }
        return lines.joined(separator: "\n")
    }

    private static func cells(_ row: Report.SeriesRow) -> [String] {
        let findings = row.findings.filter { $0.value > 0 }.sorted { $0.key < $1.key }
            .map { "\($0.key):\($0.value)" }.joined(separator: " ")
        return [
            row.modality.isEmpty ? "-" : row.modality, row.kind.isEmpty ? "-" : row.kind, String(row.instances),
            String(row.framesExamined), findings.isEmpty ? "-" : findings, row.decision,
            row.reasons.joined(separator: " "),
        ]
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

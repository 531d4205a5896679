internal import DICOMModel
internal import Ledger

extension Report {
    /// The columns of `findings.csv`, in order: a row for each finding.
    public static let findingFields = [
        "source_sha256", "patient", "study", "series", "instance", "modality", "decision", "category", "source",
        "frames",
        "x", "y", "width", "height", "rules", "engine", "score", "masked",
    ]

    func writeFindings(to file: AtomicFile) throws {
        var csv = CSVText()
        csv.line(Self.findingFields)
        for facts in content.instances {
            for finding in facts.record.inspected?.findings ?? [] { csv.line(Self.fields(of: finding, facts)) }
            if csv.bytes.count > 1 << 18 {
                try file.append(csv.bytes)
                csv.removeAll()
            }
        }
        try file.append(csv.bytes)
        try file.finish()
    }

    private static func fields(of finding: Finding, _ facts: InstanceFacts) -> [String] {
        let summary = facts.summary
        let box = finding.region
        return [
            facts.record.received?.sourceSHA256 ?? "", summary?.patient ?? "", summary?.study ?? "",
            summary?.series ?? "", summary?.instance ?? "", CSVText.headerText(summary?.modality ?? ""),
            facts.decision?.rawValue ?? "", finding.category.rawValue, finding.source.rawValue,
            ranges(finding.frames.map(\.value)), String(box.x), String(box.y), String(box.width), String(box.height),
            finding.rules.joined(separator: " "), finding.engine, String(finding.score),
            facts.treatment(of: finding).rawValue,
        ]
    }

    /// Ascending numbers as `1-200 205`.
    static func ranges(_ numbers: [Int]) -> String {
        numbers.ascendingRanges
            .map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
                separator: " ")
    }
}

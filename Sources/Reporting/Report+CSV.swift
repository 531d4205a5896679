internal import DICOMModel
internal import Ledger

extension Report {
    /// The columns of `instances.csv`, in order.
    public static let instanceColumns =
        [
            "source_sha256", "patient", "study", "series", "instance", "modality", "sop_class", "transfer_syntax_in",
            "transfer_syntax_out", "frames_examined", "decision", "reasons",
        ] + findingColumns + ["regions", "released_path"]

    /// The columns of `series.csv`, in order.
    public static let seriesColumns =
        [
            "patient", "study", "series", "modality", "series_kind", "manufacturer", "model", "instances",
            "frames_examined", "decision", "released", "released_masked", "rejected", "quarantined", "not_dicom",
            "unfinished", "reasons",
        ] + findingColumns

    private static let findingColumns = FindingCategory.allCases.map {
        "findings_" + $0.rawValue.replacing("-", with: "_")
    }

    func writeInstances(to file: AtomicFile) throws {
        var csv = CSVText()
        csv.line(Self.instanceColumns)
        for facts in content.instances {
            csv.line(Self.fields(of: facts))
            if csv.bytes.count > 1 << 18 {
                try file.append(csv.bytes)
                csv.removeAll()
            }
        }
        try file.append(csv.bytes)
        try file.finish()
    }

    func writeSeries(to file: AtomicFile) throws {
        var csv = CSVText()
        csv.line(Self.seriesColumns)
        for facts in content.series { csv.line(Self.fields(of: facts)) }
        try file.append(csv.bytes)
        try file.finish()
    }

    private static func fields(of facts: InstanceFacts) -> [String] {
        let summary = facts.summary
        var regions = JSONText()
        regions.array { json in
            for region in facts.regions { region.write(to: &json) }
        }
        return [
            facts.record.received?.sourceSHA256 ?? "",
            summary?.patient ?? "", summary?.study ?? "", summary?.series ?? "", summary?.instance ?? "",
            CSVText.headerText(summary?.modality ?? ""), CSVText.headerText(summary?.sopClassUID ?? ""),
            CSVText.headerText(summary?.transferSyntaxUID ?? ""), facts.transferSyntaxOut,
            String(facts.framesExamined), facts.decision?.rawValue ?? "",
            facts.reasons.map(\.rawValue).joined(separator: " "),
        ] + facts.findingCounts.map { String($0) } + [regions.text, facts.releasedPath]
    }

    private static func fields(of facts: SeriesFacts) -> [String] {
        let outcomes = Outcome.allCases.map { String(facts.count($0)) }
        return [
            facts.patient, facts.study, facts.series, CSVText.headerText(facts.modality),
            CSVText.headerText(facts.kind), CSVText.headerText(facts.manufacturer),
            CSVText.headerText(facts.model), String(facts.instanceCount), String(facts.framesExamined),
            facts.decision.rawValue,
        ] + outcomes + [
            String(facts.unfinishedCount), facts.reasons.sorted().map(\.rawValue).joined(separator: " "),
        ] + facts.findingCounts.map { String($0) }
    }
}

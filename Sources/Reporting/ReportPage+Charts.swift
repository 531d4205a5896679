internal import DICOMModel

extension ReportPage {
    /// Decisions by modality, reasons, and findings by category.
    var charts: HTML {
        guard !content.instances.isEmpty else { return .empty }
        return """
            <section id="decisions" aria-labelledby="decisions-title">
            <h2 id="decisions-title">Decisions</h2>
            <p class="lead">What became of the series, why, and what was seen in their images.</p>
            <div class="stack"><div class="grid">\(modalityChart)\(findingChart)</div>\(reasonTable)\(heatMaps)\(stageChart)</div>
            </section>
            """
    }

    private var modalityChart: HTML {
        var counts: [String: [SeriesDecision: Int]] = [:]
        for series in content.series where series.isSeries {
            counts[series.modality, default: [:]][series.decision, default: 0] += 1
        }
        let total = { (entry: [SeriesDecision: Int]) in entry.values.reduce(0, +) }
        let ordered = counts.sorted { (total($0.value), $1.key) > (total($1.value), $0.key) }
        var rows = ordered.prefix(11).map { ($0.key.isEmpty ? "No modality" : $0.key, $0.value) }
        if ordered.count > 11 {
            let others = ordered.dropFirst(11).reduce(into: [SeriesDecision: Int]()) {
                $0.merge($1.value, uniquingKeysWith: +)
            }
            rows.append(("Others", others))
        }
        let widest = rows.map { total($0.1) }.max() ?? 1
        let lines = rows.map { name, entry -> HTML in
            let parts = SeriesDecision.allCases.map { ($0.rawValue, entry[$0] ?? 0) }
            let spoken = SeriesDecision.allCases.filter { entry[$0] != nil }
                .map { "\(entry[$0] ?? 0) \(Self.label($0).lowercased())" }.joined(separator: ", ")
            return """
                <tr><th scope="row">\(name)</th><td>\(Self.bar(parts, whole: widest, label: "\(name): \(spoken)"))</td>\
                <td class="n">\(total(entry))</td></tr>
                """
        }
        let present = SeriesDecision.allCases.filter { decision in counts.values.contains { $0[decision] != nil } }
        let key = present.map { "<li class=\"\($0.rawValue)\"><i class=\"dot\"></i>\(Self.label($0))</li>" as HTML }
        return """
            <figure class="panel"><h3>Series by modality</h3>
            \(lines.isEmpty ? "<p class=\"muted\">No series could be read.</p>" : .empty)\
            <table class="chart"><tbody>\(lines)</tbody></table><ul class="key">\(key)</ul></figure>
            """
    }

    private var findingChart: HTML {
        let widest = content.findingCounts.max() ?? 1
        let lines = zip(FindingCategory.allCases, content.findingFates).map { category, counts -> HTML in
            let parts = FindingFate.allCases.map { (Self.styleClass($0), counts[$0.rawValue]) }
            let spoken = FindingFate.allCases.filter { counts[$0.rawValue] > 0 }
                .map { "\(counts[$0.rawValue]) \(label($0).lowercased())" }.joined(separator: ", ")
            let told = "\(Self.label(category)): \(spoken.isEmpty ? "0" : spoken)"
            return """
                <tr><th scope="row">\(Self.label(category))</th><td>\(Self.bar(parts, whole: widest, label: told))</td>\
                <td class="n">\(counts.reduce(0, +))</td></tr>
                """
        }
        let key = FindingFate.allCases.map { fate -> HTML in
            "<li class=\"\(Self.styleClass(fate))\"><i class=\"dot\"></i>\(label(fate))</li>"
        }
        return """
            <figure class="panel"><h3>Text seen in images, by what it says</h3>
            <table class="chart"><tbody>\(lines)</tbody></table>
            <ul class="key">\(key)</ul></figure>
            """
    }

    private func label(_ fate: FindingFate) -> String {
        switch fate {
        case .masked: content.options.isProposal ? "Would be masked" : "Masked or removed"
        case .stays: content.options.isProposal ? "Would stay" : "Released as it is"
        case .withheld: "Not released"
        }
    }

    private static func styleClass(_ fate: FindingFate) -> String {
        switch fate {
        case .masked: Outcome.releasedMasked.rawValue
        case .stays: "kept"
        case .withheld: Outcome.quarantined.rawValue
        }
    }

    /// Every reason with its sentence and its share.
    private var reasonTable: HTML {
        let total = { (entry: [Outcome: Int]) in entry.values.reduce(0, +) }
        let ordered = content.reasons.sorted { (total($0.value), $1.key) > (total($1.value), $0.key) }
        guard !ordered.isEmpty else { return .empty }
        let widest = ordered.map { total($0.value) }.max() ?? 1
        let lines = ordered.map { code, entry -> HTML in
            let parts = Outcome.allCases.map { ($0.rawValue, entry[$0] ?? 0) }
            let spoken = Outcome.allCases.filter { entry[$0] != nil }
                .map { "\(entry[$0] ?? 0) \(Self.label($0).lowercased())" }.joined(separator: ", ")
            let told = content.explanation(code).map {
                "<br>\($0.sentence) <span class=\"muted\">\($0.next)</span>" as HTML
            }
            return """
                <tr><th scope="row"><code>\(code.rawValue)</code><span class="small">\(told ?? .empty)</span></th>\
                <td>\(Self.bar(parts, whole: widest, label: "\(code.rawValue): \(spoken)"))</td>\
                <td class="n">\(total(entry))</td></tr>
                """
        }
        return """
            <figure class="panel reasons"><h3>Reasons, in files</h3>
            <table class="chart"><tbody>\(lines)</tbody></table>
            <figcaption>A file can have several reasons, so these don\u{2019}t add up to the files.</figcaption></figure>
            """
    }
}

internal import DICOMModel
internal import Foundation
internal import Ledger

extension ReportPage {
    /// A row for each series; those that need a person come first.
    var seriesTable: HTML {
        guard !content.series.isEmpty else { return .empty }
        let urgency: [SeriesDecision] = [.unfinished, .held, .mixed, .rejected, .masked, .released]
        let ordered = urgency.flatMap { decision in content.series.lazy.filter { $0.decision == decision } }
        let rows = ordered.prefix(Self.mostSeries).map(row)
        let more: HTML =
            ordered.count > Self.mostSeries
            ? """
            <p class="muted small">Shown are \(Self.mostSeries) of \(ordered.count) series, those that need a person \
            first. All are in series.csv.</p>
            """ : .empty
        return """
            <section id="series" aria-labelledby="series-title">
            <h2 id="series-title">Series</h2>
            <p class="lead">Those that need a person come first. Names are pseudonyms; the whole of a shortened one stands \
            in series.csv, every file in instances.csv.</p>
            <div class="panel">\(tools)
            <div class="scroll list" tabindex="0" role="region" aria-labelledby="series-title">
            <table id="series-table"><thead><tr>\(heads)</tr></thead>
            <tbody>
            \(rows)</tbody></table></div>\(more)</div>
            </section>
            """
    }

    private var tools: HTML {
        let counts = Dictionary(grouping: content.series, by: \.decision).mapValues(\.count)
        let chips = SeriesDecision.allCases.filter { counts[$0] != nil }.map { decision -> HTML in
            """
            <button type="button" class="chip \(decision.rawValue)" data-decision="\(decision.rawValue)" \
            aria-pressed="true"><i class="dot"></i>\(Self.label(decision)) <span class="n">\(counts[decision] ?? 0)</span>\
            </button>
            """
        }
        let modalities = Set(content.series.map(\.modality)).sorted().map {
            "<option value=\"\($0)\">\($0.isEmpty ? "No modality" : $0)</option>" as HTML
        }
        return """
            <div class="tools" id="series-tools" hidden>
            <input id="series-words" type="search" placeholder="Filter: patient, device, reason\u{2026}" \
            aria-label="Filter series by words">
            <select id="series-modality" aria-label="Modality"><option value="">All modalities</option>\(modalities)</select>
            \(chips)<span class="shown" id="series-shown" role="status"></span></div>
            """
    }

    private var heads: HTML {
        let columns: [(String, Bool)] = [
            ("Decision", false), ("Modality", false), ("Device", false), ("Patient", false), ("Series", false),
            ("Instances", true), ("Frames", true), ("Findings", true), ("Reasons", false),
        ]
        return HTML(
            columns.map { name, isNumber in
                "<th scope=\"col\"\(isNumber ? " class=\"n\"" as HTML : .empty)><button type=\"button\">\(name)</button></th>"
            })
    }

    private func row(_ facts: SeriesFacts) -> HTML {
        let reasons = facts.reasons.sorted().map { code -> HTML in
            "<code class=\"nw\" title=\"\(content.explanation(code)?.sentence ?? "")\">\(code.rawValue)</code> "
        }
        let decision = facts.decision
        return """
            <tr data-decision="\(decision.rawValue)" data-modality="\(facts.modality)">\
            <td class="nw \(decision.rawValue)"><i class="dot"></i>\(Self.label(decision))</td>\
            <td class="nw">\(facts.modality)</td><td class="device">\(facts.device)</td><td class="mono nw">\(facts.patient)</td>\
            <td class="mono nw">\(facts.isSeries ? Self.short(facts.series) : "none named")</td><td class="n">\(facts.instanceCount)</td>\
            <td class="n">\(facts.framesExamined)</td><td class="n">\(facts.findingCounts.reduce(0, +))</td>\
            <td>\(reasons)</td></tr>

            """
    }

    // MARK: - Pictures

    /// Before and after of masked series, a pair for each.
    func pictures() throws -> HTML {
        var pairs: [HTML] = []
        var byteCount = 0
        let illustrated = content.series.filter { $0.pictures != nil }
        for facts in illustrated where pairs.count < Self.mostPictures && byteCount < Self.mostPictureBytes {
            guard let names = facts.pictures, let before = try picture(names.before),
                let after = try picture(names.after)
            else { continue }
            byteCount += before.count + after.count
            let what: HTML =
                facts.picturesAreOfRemoved
                ? "; the text stood in an Overlay Plane or in unused bits, which were removed: the frame is as it was"
                : .empty
            pairs.append(
                """
                <figure class="pair panel"><div class="two">
                <div><span>Before, regions covered</span><img alt="A frame before masking, its regions covered" \
                loading="lazy" src="data:image/png;base64,\(HTML(verbatim: before.base64EncodedString()))"></div>
                <div><span>After</span><img alt="The same frame after masking" \
                loading="lazy" src="data:image/png;base64,\(HTML(verbatim: after.base64EncodedString()))"></div></div>
                <figcaption>\(facts.modality) \u{00B7} \(facts.device) \u{00B7} patient <span class="mono nw">\
                \(facts.patient)</span>, series <span class="mono nw">\(Self.short(facts.series))</span>\(what)</figcaption></figure>

                """)
        }
        let missing = content.series.count { ($0.outcomes[.releasedMasked] ?? 0) > 0 && $0.pictures == nil }
        let none: HTML =
            missing == 0
            ? .empty : " \(missing) masked series \(missing == 1 ? "has" : "have") none: no frame of it could be drawn."
        let extent: HTML =
            illustrated.isEmpty
            ? "There are none: no series was masked, or no frame could be drawn.\(none)"
            : """
            One frame for each masked series. The picture of the original already has its regions covered, so that it \
            shows where they are and not what they said.\
            \(pairs.count < illustrated.count ? " Shown are \(pairs.count) of \(illustrated.count)." as HTML : .empty)\(none)
            """
        return """
            <section id="pictures" aria-labelledby="pictures-title">
            <h2 id="pictures-title">Before and after</h2>
            <p class="lead">\(extent)</p>
            <div class="grid">\(pairs)</div>
            \(try contactSheets())
            </section>
            """
    }
}

internal import DICOMModel
internal import Ledger

extension ReportPage {
    /// The top of the page: the sentence that matters, and the sum that it stands on.
    var summary: HTML {
        let headline = ReportHeadline(totals: content.totals, isProposal: content.options.isProposal)
        return """
            <section class="hero" aria-labelledby="headline">
            <p class="eyebrow">\(when)\(part)</p>
            <h1 id="headline">\(Self.unbroken(headline.outcome))</h1>
            <ul class="account">\(account(headline))</ul>
            \(sum)
            </section>
            """
    }

    /// With no line break between a number and what it counts.
    private static func unbroken(_ sentence: String) -> String {
        sentence.replacing(#/([0-9])[ ]/#) { match in match.1 + "\u{00A0}" }
    }

    private var when: String {
        guard let run = content.lastRun else { return "No run yet" }
        let runs = content.runs.count == 1 ? "One run" : "\(content.runs.count) runs"
        guard let finish = run.finishTime else { return "\(runs); the last one started \(Self.minute(run.startTime))" }
        return "\(runs); the last one ended \(Self.minute(finish))"
    }

    /// Which part of the ledger the report is about; empty where it is about all of it.
    private var part: String {
        let project = content.options.project.map { "; only project \($0)" } ?? ""
        return project + (content.options.since.map { "; only files with events since \($0)" } ?? "")
    }

    /// `2026-03-01T09:15:00.000Z` as `2026-03-01 09:15 UTC`.
    static func minute(_ time: String) -> String {
        guard time.utf8.count == 24, time.hasSuffix("Z") else { return time }
        return time.prefix(10) + " " + time.dropFirst(11).prefix(5) + " UTC"
    }

    private func account(_ headline: ReportHeadline) -> HTML {
        let totals = content.totals
        var items: [HTML] = []
        if totals.nothingWasSkipped {
            items.append("<li>\(headline.account)</li>")
        } else if !headline.account.isEmpty {
            items.append("<li class=\"bad\">\(headline.account)</li>")
        }
        items += headline.besides.map { "<li class=\"note\">\(Self.unbroken($0))</li>" as HTML }
        let stays = totals.seriesWithTextLetStay
        if stays > 0 {
            items.append(
                "<li class=\"note\">\(stays) series \(stays == 1 ? "was" : "were") released with text that people let stay.</li>"
            )
        }
        if let problem = content.chain.problem {
            items.append("<li class=\"bad\">The ledger was tampered with or damaged: \(Self.sentence(problem))</li>")
        } else {
            items.append("<li>The ledger\u{2019}s chain of \(content.chain.eventCount) events is intact.</li>")
        }
        if totals.unexaminedReleasedFrames > 0 {
            items.append(
                "<li class=\"bad\">\(totals.unexaminedReleasedFrames) frames of released files were not examined.</li>")
        } else if totals.framesExamined > 0 {
            items.append("<li>\(totals.framesExamined) frames were examined.</li>")
        }
        let held = totals.filesByOutcome[.quarantined] ?? 0
        if held > 0 {
            items.append("<li class=\"note\">\(held) \(held == 1 ? "file waits" : "files wait") for a person.</li>")
        }
        return HTML(items)
    }

    static func sentence(_ problem: ChainVerification.Problem) -> String {
        switch problem.kind {
        case .changed: "event \(problem.sequence) was changed."
        case .missing: "event \(problem.sequence) is missing."
        case .unlinked: "event \(problem.sequence) does not follow the one before it."
        case .cutOff: "from event \(problem.sequence) on, events are gone."
        }
    }

    // MARK: - The sum

    private var terms: [(name: String, label: String, count: Int)] {
        let totals = content.totals
        return Outcome.allCases.map { ($0.rawValue, Self.label($0), totals.filesByOutcome[$0] ?? 0) }
            + [("unfinished", "Not finished", totals.unfinishedFiles)]
    }

    private var sum: HTML {
        let shown = terms.filter { $0.count > 0 }
        guard !shown.isEmpty else { return .empty }
        let total = content.totals.files
        let spoken = shown.map { "\($0.count) \($0.label)" }.joined(separator: ", ")
        let tiles = shown.enumerated().map { place, term -> HTML in
            """
            <li class="op" aria-hidden="true">\(place == 0 ? "=" : "+")</li>\
            <li class="\(term.name)"><b>\(term.count)</b><span>\(term.label)</span></li>
            """
        }
        return """
            \(Self.bar(shown.map { ($0.name, $0.count) }, whole: total, label: "Files by decision: \(spoken)", isBig: true))
            <ul class="sum" aria-label="Files that came in, and what became of them">
            <li><b>\(total)</b><span>\(total == 1 ? "file" : "files") came in</span></li>\(tiles)</ul>
            """
    }
}

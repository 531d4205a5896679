internal import Foundation
internal import Ledger

extension ReportPage {
    /// The share of released instances for which the sample needed is told.
    private static let targets = [0.01, 0.001]

    /// What a random sample says about all that was released.
    var risk: HTML {
        """
        <section id="risk" aria-labelledby="risk-title">
        <h2 id="risk-title">Residual risk</h2>
        <p class="lead">How much identifying text may be left in what was released, as far as people looked at a random sample.</p>
        <div class="panel">\(bound)\(needed)</div>
        </section>
        """
    }

    private var bound: HTML {
        guard content.options.isWhole else {
            return """
                <p>Samples are drawn from all that was released. This report is about a part of it, for which they say nothing: \
                see the report of the whole.</p>
                """
        }
        guard let sample = content.samples.last else {
            return "<p>No sample was drawn, so nothing can be said. <code>quench sample</code> draws one.</p>"
        }
        let size = sample.sampled.instances.count
        let drawn = samples
        guard let upper = sample.upperBound else {
            return
                "<p>\(sample.judged) of \(size) instances of the sample are judged: the bound is stated once all are.</p>\(drawn)"
        }
        return """
            <p><b>With 95 % confidence no more than \(Self.percent(upper)) of the released instances hold identifying \
            text, of the \(sample.sampled.population) released when sample \(sample.number) was drawn.</b>\(uncovered(sample)) \
            People found it, or had doubts, in \(sample.identifying) of \(size) instances (upper bound by Clopper and \
            Pearson, one-sided).</p>\(drawn)
            """
    }

    /// What was released after the drawing, which nobody could have drawn, and what was withdrawn.
    private func uncovered(_ sample: SampleRecord) -> String {
        let since = content.instances.count { $0.isReleased && $0.record.finalSequence > sample.sequence }
        let withdrawn = content.instances.count {
            $0.record.withdrawnAt != nil && $0.record.finalSequence > sample.sequence
        }
        return
            (since > 0
            ? " \(since) \(since == 1 ? "instance released since is" : "instances released since are") not covered."
            : "")
            + (withdrawn > 0 ? " \(withdrawn) \(withdrawn == 1 ? "was" : "were") withdrawn since." : "")
    }

    /// All that were drawn: one that pleased nobody is not left out.
    private var samples: HTML {
        let rows = content.samples.map { sample -> HTML in
            let changed = sample.changedVerdicts.isEmpty ? "" : ", \(sample.changedVerdicts.count) changed"
            let found = "\(sample.identifying) of \(sample.judged)\(changed)"
            return """
                <tr><th scope="row">\(sample.number)</th><td class="nw">\(Self.minute(sample.time))</td>\
                <td class="n">\(sample.sampled.instances.count) of \(sample.sampled.population)</td>\
                <td><span class="mono">\(sample.sampled.seed)</span>\(Self.origin(of: sample.sampled))</td>\
                <td>\(found)</td><td>\(sample.judges.sorted().joined(separator: ", "))</td></tr>
                """
        }
        let heads = ["Sample", "Drawn", "Size", "Seed", "Found or in doubt", "Judged by"]
            .map { "<th scope=\"col\">\($0)</th>" as HTML }
        return """
            <div class="scroll"><table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private static func origin(of sampled: Sampled) -> String {
        switch sampled.isSeedGiven {
        case true?: ", given by a person"
        case false?: ", random"
        case nil: ""
        }
    }

    private var needed: HTML {
        let rows = Self.targets.compactMap { target -> HTML? in
            guard let size = SampleBound.sampleSize(for: target) else { return nil }
            return "<li>\(Self.percent(target)): a sample of \(size), all of it clean</li>"
        }
        return
            "<p class=\"small\">What it would take to show that no more is left than</p><ul class=\"small\">\(rows)</ul>"
    }

    static func percent(_ share: Double) -> String { String(format: "%.3g %%", 100 * share) }

    // MARK: - Review

    private static let mostDecisions = 200

    /// What people decided about what was held. Their reasons stay on the trusted side.
    var review: HTML {
        guard !content.reviewStates.isEmpty else { return .empty }
        let states = ReviewState.allCases.filter { content.reviewStates[$0] != nil }.map { state -> HTML in
            "<tr><th scope=\"row\">\(Self.label(state))</th><td class=\"n\">\(content.reviewStates[state] ?? 0)</td></tr>"
        }
        let decisions = content.instances.flatMap { facts in
            facts.record.reviews.filter { $0.reviewed.action.isReported }
                .map { (time: $0.time, reviewed: $0.reviewed, facts: facts) }
        }.sorted { ($0.time, $0.facts.record.id) > ($1.time, $1.facts.record.id) }
        let rows = decisions.prefix(Self.mostDecisions).map { decision -> HTML in
            let evidence = decision.reviewed.evidence.joined(separator: ", ")
            return """
                <tr><td class="nw">\(Self.minute(decision.time))</td><td>\(decision.reviewed.action.rawValue)</td>\
                <td>\(decision.reviewed.by)</td><td class="mono nw">\(Self.short(decision.facts.summary?.series ?? ""))</td>\
                <td class="small">\(evidence)</td></tr>
                """
        }
        let table: HTML =
            rows.isEmpty
            ? "<p class=\"muted\">Nobody decided anything yet.</p>"
            : """
            <div class="scroll"><table><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Who</th>\
            <th scope="col">Series</th><th scope="col">On what evidence</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
        return """
            <div class="panel"><h3>What people decided, in files</h3>
            <table class="facts"><tbody>\(states)</tbody></table>\(table)</div>
            """
    }

    /// Who saw what: the ledger has an event for each.
    var looks: HTML {
        guard !content.activities.isEmpty else { return .empty }
        let rows = content.activities.map { activity -> HTML in
            let counts = [
                activity.signIns, activity.failedSignIns, activity.originals.count, activity.released.count,
                activity.frames, activity.disclosures,
            ]
            let name: HTML =
                activity.name.isEmpty ? "<span class=\"muted\">no reviewer\u{2019}s name</span>" : "\(activity.name)"
            return """
                <tr><th scope="row">\(name)</th>\(counts.map { "<td class=\"n\">\($0)</td>" as HTML })\
                <td class="nw">\(Self.minute(activity.first))</td><td class="nw">\(Self.minute(activity.last))</td></tr>
                """
        }
        let heads = [
            "Sign-ins", "Failed", "Originals", "Released", "Frames", "Written out or named",
        ].map { "<th scope=\"col\" class=\"n\">\($0)</th>" as HTML }
        return """
            <div class="panel"><h3>Who saw what</h3>
            <div class="scroll"><table><thead><tr><th scope="col">Who</th>\(heads)\
            <th scope="col">First</th><th scope="col">Last</th></tr></thead><tbody>\(rows)</tbody></table></div>
            <p class="small muted">Sign-ins to the review page; images of which the original, and of which the released file was \
            shown on it; their frames, each once a session; originals written to files, or names told.</p></div>
            """
    }

    private static func label(_ state: ReviewState) -> String {
        switch state {
        case .held: "Held"
        case .underReview: "Under review"
        case .releasedMasked: "Released masked"
        case .releasedAsIs: "Released as it is"
        case .rejected: "Rejected"
        case .sentBack: "Sent back"
        case .withdrawn: "Withdrawn after release"
        }
    }
}

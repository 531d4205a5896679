internal import Ledger

extension ReportPage {
    /// What did it, by which rules, and how to check this report.
    var method: HTML {
        """
        <section id="method" aria-labelledby="method-title">
        <h2 id="method-title">Method</h2>
        <p class="lead">What did it, by which rules, and how to check it.</p>
        <div class="stack">\(differences)<div class="grid">\(profile)\(versions)</div>\(policy)\(ledger)</div>
        </section>
        """
    }

    private var differences: HTML {
        guard content.runsDiffer else { return .empty }
        return """
            <div class="panel alert">The runs on this ledger did not all use the same policy, versions and profile. What \
            follows are those of the last run; report.json holds them for each.</div>
            """
    }

    private var profile: HTML {
        let codes = content.lastRun?.started.deidentification ?? [:]
        let rows = codes.sorted { $0.key < $1.key }.map { code, meaning -> HTML in
            "<tr><th scope=\"row\"><code>\(code)</code></th><td>\(meaning)</td></tr>"
        }
        return """
            <div class="panel"><h3>De-identification profile and options (DCM, CID 7050)</h3>
            \(rows.isEmpty ? "<p class=\"muted\">None: headers were not written.</p>" : .empty)\
            <table><tbody>\(rows)</tbody></table></div>
            """
    }

    private var versions: HTML {
        let versions = (content.lastRun?.started.versions ?? [:]).sorted { $0.key < $1.key }
        let row = { (name: String, value: String) -> HTML in
            "<tr><th scope=\"row\">\(name)</th><td class=\"mono hash\">\(value)</td></tr>"
        }
        let software = versions.filter { !$0.key.hasPrefix("model:") }.map { row($0.key, $0.value) }
        let models = versions.filter { $0.key.hasPrefix("model:") }
            .map { row("Model " + $0.key.dropFirst("model:".count) + ", SHA-256", $0.value) }
        let key = content.lastRun.map { row("Key of the pseudonyms", $0.started.keyID) } ?? .empty
        let terms = (content.lastRun?.started.terms ?? [:]).sorted { $0.key < $1.key }
            .map { row(Self.termName($0.key), $0.value) }
        return """
            <div class="panel"><h3>Versions and models</h3><table><tbody>\(software)\(models)\(key)\(terms)</tbody></table>\
            </div>
            """
    }

    private static func termName(_ term: String) -> String {
        switch term {
        case "scripts": "Scripts and profile"
        case "project": "Project"
        case "lookups": "Lookup tables, keyed digest"
        case "cohort": "Cohort list, keyed digest"
        case "allow-list": "Allow list, keyed digest"
        case "opt-out": "Opt-out list, keyed digest"
        default: "Script " + term.drop { $0 != ":" }.dropFirst() + ", SHA-256"
        }
    }

    private var policy: HTML {
        guard let started = content.lastRun?.started else { return .empty }
        return """
            <div class="panel"><h3>Policy</h3>
            <p class="small muted">SHA-256 <span class="mono hash">\(started.policyDigest)</span></p>
            <details><summary>The policy as it was used</summary><pre>\(started.policy)</pre></details></div>
            """
    }

    private var receipt: HTML {
        guard let receipt = content.receipt else {
            return "<tr><th scope=\"row\">Receipt</th><td>None was made.</td></tr>"
        }
        let signed: HTML =
            if let key = receipt.publicKey, let signature = receipt.signature {
                """
                <tr><th scope="row">Signed with (Ed25519)</th><td class="mono hash">\(key)</td></tr>
                <tr><th scope="row">Signature</th><td class="mono hash">\(signature)</td></tr>
                """
            } else {
                "<tr><th scope=\"row\">Signature</th><td>Not signed.</td></tr>"
            }
        return """
            <tr><th scope="row">Receipt</th><td>Of \(Self.minute(receipt.time)), over \(receipt.events) events, head \
            <span class="mono hash">\(receipt.head)</span></td></tr>
            \(signed)
            """
    }

    private var ledger: HTML {
        let chain = content.chain
        let state: HTML
        if let problem = chain.problem {
            state = "<b class=\"bad\">Broken:</b> \(Self.sentence(problem)) Don\u{2019}t rely on this report."
        } else {
            state = "Intact: each event carries the SHA-256 of the one before it, and all were recomputed."
        }
        let runs = content.runs.map { run -> HTML in
            let end = run.finished.map { $0.interrupted ? "interrupted" : "ended" } ?? "did not end"
            return """
                <tr><td>\(run.id)</td><td class="nw">\(Self.minute(run.startTime))</td>\
                <td class="nw">\(run.finishTime.map(Self.minute) ?? "")</td><td>\(end)</td>\
                <td class="n">\(run.finished.map { String($0.inputs) } ?? "")</td></tr>
                """
        }
        return """
            <div class="panel"><h3>Ledger</h3><div class="scroll"><table class="facts"><tbody>
            <tr><th scope="row">Chain</th><td>\(state)</td></tr>
            <tr><th scope="row">Events</th><td>\(chain.eventCount)</td></tr>
            <tr><th scope="row">Head, SHA-256</th><td class="mono hash">\(chain.head?.hash ?? "no event yet")</td></tr>
            \(receipt)</tbody></table></div>
            <p class="small muted">Keep receipt.json elsewhere: with it, <code>quench verify --receipt</code> shows whether the \
            ledger was rolled back.</p>
            <div class="scroll"><table><thead><tr><th scope="col">Run</th><th scope="col">Started</th>\
            <th scope="col">Ended</th><th scope="col">How</th><th scope="col" class="n">Input files</th></tr></thead>\
            <tbody>\(runs)</tbody></table></div></div>
            """
    }
}

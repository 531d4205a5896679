internal import Ledger

extension ReportPage {
    /// What is left in released headers, and by which rule.
    var header: HTML {
        let facts = content.header
        guard facts.released > 0 else { return .empty }
        return """
            <section id="header" aria-labelledby="header-title">
            <h2 id="header-title">What stays in headers</h2>
            <p class="lead">Every Attribute that released files have from their originals, by the rule that let it stay; \
            written files were laid beside originals. No values.</p>
            <div class="stack">\(unlisted)\(stays)\(weakHits)</div>
            </section>
            """
    }

    private var unlisted: HTML {
        let count = content.header.unlisted
        guard count > 0 else { return .empty }
        return """
            <div class="panel caution">Of \(count) released \(count == 1 ? "file" : "files") nothing is listed: an earlier \
            version released \(count == 1 ? "it" : "them").</div>
            """
    }

    private var stays: HTML {
        let rules = Dictionary(grouping: content.header.attributes, by: \.rule).sorted { $0.key < $1.key }
        guard !rules.isEmpty else { return .empty }
        let tables = rules.map { rule, attributes -> HTML in
            let kept = attributes.filter { $0.kept > 0 }.count
            let rows = attributes.map { attribute -> HTML in
                """
                <tr><td class="mono nw">\(attribute.path)</td><td>\(attribute.keyword)</td>\
                <td class="n">\(attribute.kept)</td><td class="n">\(attribute.changed)</td></tr>
                """
            }
            return """
                <details><summary><code>\(rule)</code> <span class="muted">\(attributes.count) \
                \(attributes.count == 1 ? "Attribute" : "Attributes"), \(kept) with values as they were</span></summary>
                <div class="scroll list"><table><thead><tr><th scope="col">Attribute</th><th scope="col">Keyword</th>\
                <th scope="col" class="n">As it was, files</th><th scope="col" class="n">Another value, files</th></tr></thead>\
                <tbody>\(rows)</tbody></table></div></details>
                """
        }
        return """
            <div class="panel"><h3>By rule</h3>
            <p class="small muted"><code>E.1-1</code>: action of PS3.15 Table E.1-1, then options that were chosen; \
            <code>E.3.4-1</code>: of content items; <code>not listed</code>: in neither table; <code>additional</code>: Quench\u{2019}s \
            own. attributes.csv has it as a table.</p>\(tables)</div>
            """
    }

    private var weakHits: HTML {
        guard !content.header.weakHits.isEmpty else { return .empty }
        let rows = content.header.weakHits.map { hit -> HTML in
            """
            <tr><th scope="row"><code>\(hit.kind)</code></th><td class="mono nw">\(hit.path)</td><td>\(hit.vr)</td>\
            <td class="n">\(hit.instances)</td></tr>
            """
        }
        return """
            <div class="panel"><h3>Short and common words that did not block</h3>
            <p class="small muted">A part of an original identifier that is a common word, or too short to prove anything \
            (a patient called Head), was met here. Whose is not said; but who has the released files as well may guess, so this \
            stays on the trusted side.</p>
            <div class="scroll"><table><thead><tr><th scope="col">Part of</th><th scope="col">Attribute</th>\
            <th scope="col">VR</th><th scope="col" class="n">Files</th></tr></thead><tbody>\(rows)</tbody></table></div></div>
            """
    }
}

internal import DICOMModel
internal import Ledger

extension ReportPage {
    /// What nobody looked at, and why: the part that information governance reads first.
    var notChecked: HTML {
        """
        <section id="not-checked" aria-labelledby="not-checked-title">
        <h2 id="not-checked-title">Not checked, and why</h2>
        <p class="lead">What this report can\u{2019}t vouch for.</p>
        <div class="stack">\(limits)\(held)\(review)\(looks)</div>
        </section>
        """
    }

    private var limits: HTML {
        var rows: [HTML] = []
        for (code, extent) in content.notChecked.sorted(by: { $0.key < $1.key }) {
            let told = content.explanation(code)
            rows.append(
                """
                <tr><th scope="row"><code>\(code.rawValue)</code></th><td>\(told?.sentence ?? "") \(told?.next ?? "") \
                <span class="muted nw">\(extent.files) \(extent.files == 1 ? "file" : "files"), \
                \(extent.series) series</span></td></tr>
                """)
        }
        if content.notChecked.isEmpty {
            rows.append(
                "<tr><th scope=\"row\">Parts of files</th><td>Inspection named none that it left out.</td></tr>")
        }
        rows += encodedOtherwise + corrected + larger
        rows.append("<tr><th scope=\"row\">Very small text</th><td>\(glyphs)</td></tr>")
        rows.append("<tr><th scope=\"row\">Faces</th><td>\(faces)</td></tr>")
        return """
            <div class="panel caution"><div class="scroll"><table class="facts"><tbody>\(rows)</tbody></table></div></div>
            """
    }

    /// Released files that are not in their input's Transfer Syntax.
    private var encodedOtherwise: [HTML] {
        let changed = released(with: .transferSyntaxChanged)
        guard changed > 0 else { return [] }
        return [
            """
            <tr><th scope="row">Transfer Syntax</th><td>\(changed) released \
            \(changed == 1 ? "file was" : "files were") encoded without loss in another Transfer Syntax, because the \
            own one can\u{2019}t carry the mask, or only in many more bytes. instances.csv has both, report.json the reason.</td></tr>
            """
        ]
    }

    /// Released files whose input named a Transfer Syntax that its streams weren't in.
    private var corrected: [HTML] {
        let count = released(with: .transferSyntaxCorrected)
        guard count > 0 else { return [] }
        return [
            """
            <tr><th scope="row">Transfer Syntax</th><td>\(count) released \(count == 1 ? "file names" : "files name") the \
            Transfer Syntax of the compressed frames, which the input didn\u{2019}t. instances.csv has both.</td></tr>
            """
        ]
    }

    /// Released files whose masks made them larger than the table of docs/conformance.md has it.
    private var larger: [HTML] {
        let grown = released(with: .maskLargerThanContent)
        guard grown > 0 else { return [] }
        return [
            """
            <tr><th scope="row">Size</th><td>\(grown) released \(grown == 1 ? "file has" : "files have") more Pixel Data \
            than the conformance statement promises, because a mask\u{2019}s edges take more room than what it covers. \
            report.json has the bytes of both.</td></tr>
            """
        ]
    }

    private func released(with change: PixelChange) -> Int {
        content.instances.count { $0.isReleased && $0.record.redacted?.has(change) == true }
    }

    private var glyphs: HTML {
        guard let heights = content.glyphHeights else { return "No image was looked at for text." }
        if heights.lowerBound == heights.upperBound {
            return "Glyphs less than \(heights.lowerBound) pixels high may not be seen."
        }
        return """
            Glyphs less than \(heights.lowerBound) to \(heights.upperBound) pixels high, depending on the image, may not \
            be seen.
            """
    }

    private var faces: HTML {
        let volumes = content.series.filter {
            !$0.modalities.isDisjoint(with: ["CT", "MR", "PT", "NM"])
                && ($0.decision == .released || $0.decision == .masked)
        }
        let extent: HTML =
            volumes.isEmpty
            ? "No released series is of CT, MR, PT or NM."
            : "\(volumes.count) released series \(volumes.count == 1 ? "is" : "are") of CT, MR, PT or NM."
        return """
            Not assessed: a volume of a head can be rendered so that the face shows, and nothing here looks for heads or \
            removes faces. \(extent)
            """
    }

    // MARK: - Held

    private var held: HTML {
        let files = content.instances.filter { $0.decision == .quarantined }
        guard !files.isEmpty else { return .empty }
        var counts: [ReasonCode: Int] = [:]
        for file in files { for reason in file.reasons { counts[reason, default: 0] += 1 } }
        let ordered = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let reasons = ordered.map { code, count -> HTML in
            let told = content.explanation(code)
            return """
                <tr><th scope="row"><code>\(code.rawValue)</code></th><td class="n">\(count)</td>\
                <td>\(told?.sentence ?? "")</td><td class="muted">\(told?.next ?? "")</td></tr>
                """
        }
        return """
            <div class="panel caution"><h3>Held for a person</h3>
            <div class="scroll"><table class="held"><thead><tr><th scope="col">Reason</th><th scope="col" class="n">Files</th>\
            <th scope="col">What it means</th><th scope="col">What to do</th></tr></thead><tbody>\(reasons)</tbody></table></div>
            \(heldList(files))</div>
            """
    }

    private func heldList(_ files: [InstanceFacts]) -> HTML {
        let rows = files.prefix(Self.mostHeldFiles).map { facts -> HTML in
            let summary = facts.summary
            return """
                <tr><td class="mono nw">\(facts.record.received?.sourceSHA256.prefix(12).description ?? "")</td>\
                <td class="mono nw">\(summary?.patient ?? "")</td><td class="mono nw">\(Self.short(summary?.instance ?? ""))</td>\
                <td>\(summary?.modality ?? "")</td><td>\(facts.reasons.map(\.rawValue).joined(separator: " "))</td></tr>
                """
        }
        let more: HTML =
            files.count > Self.mostHeldFiles
            ? "<p class=\"muted small\">\(files.count - Self.mostHeldFiles) more are in instances.csv.</p>" : .empty
        return """
            <details><summary>The \(files.count) \(files.count == 1 ? "file" : "files")</summary>
            <div class="scroll list"><table><thead><tr><th scope="col">SHA-256 of the input</th><th scope="col">Patient</th>\
            <th scope="col">Instance</th><th scope="col">Modality</th><th scope="col">Reasons</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>\(more)</details>
            """
    }

    /// A long UID by its last digits, the whole of it in its title.
    static func short(_ name: String) -> HTML {
        guard name.count > 18 else { return "\(name)" }
        return "<span title=\"\(name)\">\u{2026}\(String(name.suffix(14)))</span>"
    }
}

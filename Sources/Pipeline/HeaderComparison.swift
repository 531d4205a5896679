import DICOMFile
import DICOMModel
import HeaderDeidentification

/// Lays a header beside what it became.
struct HeaderComparison {
    let plan: HeaderPlan
    let deidentifier: HeaderDeidentifier
    let original: DataSet
    let result: DataSet
    let scripted: [ScriptResult]
    let showsValues: Bool

    private struct Found {
        let element: DataElement
        let dataSet: DataSet
    }

    /// In the order of the original, what is new in its place by tag at the end.
    func rows() -> [Explanation.Row] {
        let lines = scriptLines()
        let rule = ProfileRule(profile: deidentifier.profile)
        var after: [ElementPath: Found] = [:]
        var order: [ElementPath] = []
        result.walk { path, element, dataSet in
            if after.updateValue(Found(element: element, dataSet: dataSet), forKey: path) == nil { order.append(path) }
        }
        var rows: [Explanation.Row] = []
        var before: Set<ElementPath> = []
        original.walk { path, element, dataSet in
            guard before.insert(path).inserted else { return }
            let fate = Self.fate(of: element, now: after[path]?.element)
            var row = row(path, element, dataSet, fate)
            row.by = reasons(for: path, fate, lines) + [profileRule(rule, element)].compactMap { $0 }
            if showsValues { row.result = after[path].map { Self.text($0.element, $0.dataSet) } }
            rows.append(row)
        }
        for path in order where !before.contains(path) {
            guard let found = after[path] else { continue }
            var row = row(path, found.element, found.dataSet, .created)
            row.by = reasons(for: path, .created, lines)
            if row.by.isEmpty { row.by = ["PS3.15 E.1.1"] }
            (row.original, row.result) = (nil, row.original)
            rows.append(row)
        }
        return rows
    }

    private func row(
        _ path: ElementPath, _ element: DataElement, _ dataSet: DataSet, _ fate: Explanation.Row.Fate
    ) -> Explanation.Row {
        Explanation.Row(
            path: path.description, keyword: DataDictionary.keyword(path.tag), vr: element.vr.description,
            becomes: fate,
            by: [], original: showsValues ? Self.text(element, dataSet) : nil, result: nil)
    }

    private func profileRule(_ rule: ProfileRule, _ element: DataElement) -> String? {
        plan.isScriptOnly ? nil : rule.name(of: element)
    }

    // MARK: - Reasons

    /// By path; a line that removed a sequence stands for what was in it.
    private func scriptLines() -> [String: [String]] {
        var lines: [String: [String]] = [:]
        for (number, result) in scripted.enumerated() {
            for change in result.changes {
                let line = "script \(number + 1), line \(change.line)"
                if lines[change.path.description]?.last != line {
                    lines[change.path.description, default: []].append(line)
                }
            }
        }
        return lines
    }

    private func reasons(
        for path: ElementPath, _ fate: Explanation.Row.Fate, _ lines: [String: [String]]
    ) -> [String] {
        var reasons = lines[path.description] ?? []
        var prefix = ""
        for step in path.sequences {
            reasons += lines[prefix + step.tag.description] ?? []
            prefix += "\(step.tag)[\(step.item)]/"
        }
        guard path.sequences.isEmpty else { return reasons }
        if plan.cohortLabels(of: original) != nil, plan.cohortTags.contains(path.tag) { reasons.append("cohort list") }
        if path.tag == .accessionNumber, plan.newAccessionNumber(of: original) != nil {
            reasons.append("policy: accession-number")
        }
        return reasons
    }

    // MARK: - Elements

    private static func fate(of element: DataElement, now: DataElement?) -> Explanation.Row.Fate {
        guard let now else { return .removed }
        switch (element.value, now.value) {
        case (.items(let one), .items(let other)):
            return one.count == other.count ? .kept : other.isEmpty ? .emptied : .replaced
        case (.bytes(let one), .bytes(let other)):
            if other.isEmpty { return one.isEmpty ? .kept : .emptied }
            guard one.count == other.count else { return .replaced }
            // Pixel Data is not loaded: only `clean` changes it.
            if one.count > 1 << 20 { return .kept }
            return (try? one.load()) == (try? other.load()) ? .kept : .replaced
        case (.fragments, .fragments): return .kept
        default: return now.isEmpty ? .emptied : .replaced
        }
    }

    private static func text(_ element: DataElement, _ dataSet: DataSet) -> String {
        switch element.value {
        case .items(let items): return "\(items.count) items"
        case .fragments(let pixels): return "\(pixels.fragments.count) fragments"
        case .bytes(let value):
            let vr = dataSet.effectiveVR(element)
            guard vr.isText || value.count <= 16 else { return "\(value.count) bytes" }
            let text = dataSet.strings(element).joined(separator: "\\")
            return text.count > 80 ? text.prefix(80) + "…" : text
        }
    }
}

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
    /// What the profile did; nil where scripts do its work.
    let trail: DeidentificationTrail?
    let showsValues: Bool

    private struct Found {
        let element: DataElement
        let dataSet: DataSet
        let path: ElementPath
    }

    /// In the order of the original, what is new in its place by tag at the end.
    func rows() -> [Explanation.Row] {
        let lines = scriptLines()
        var after: [AttributePath: Found] = [:]
        var order: [AttributePath] = []
        result.walk { path, element, dataSet in
            let found = Found(element: element, dataSet: dataSet, path: path)
            let path = AttributePath(path)
            if after.updateValue(found, forKey: path) == nil { order.append(path) }
        }
        var rows: [Explanation.Row] = []
        var before: Set<AttributePath> = []
        var met: Set<AttributePath> = []
        original.walk { path, element, dataSet in
            let place = AttributePath(path)
            guard before.insert(place).inserted else { return }
            let found = counterpart(of: place).flatMap { after[$0] }
            if let found { met.insert(AttributePath(found.path)) }
            let fate = fate(of: element, at: place, now: found?.element)
            var row = row(path, element, dataSet, fate)
            row.by = reasons(for: path, fate, lines) + [profileRule(place, element, dataSet)].compactMap { $0 }
            if row.by.isEmpty, fate != .kept { row.by = Self.company(of: path, lines) }
            if showsValues { row.result = found.map { Self.text($0.element, $0.dataSet) } }
            rows.append(row)
        }
        for place in order where !met.contains(place) {
            guard let found = after[place] else { continue }
            var row = row(found.path, found.element, found.dataSet, .created)
            row.by = reasons(for: found.path, .created, lines)
            if row.by.isEmpty { row.by = Self.company(of: found.path, lines) }
            if row.by.isEmpty { row.by = [Self.origin(place, in: original)] }
            (row.original, row.result) = (nil, row.original)
            rows.append(row)
        }
        return rows
    }

    /// A dummy's content is in the place of the original's; all else that is made are the markers.
    private static func origin(_ place: AttributePath, in original: DataSet) -> String {
        guard let sequence = place.sequences.first?.tag, original.contains(sequence) else { return "PS3.15 E.1.1" }
        return "with \(sequence)"
    }

    // MARK: - The profile

    /// Where what stood at a place of the original is in the result; nil where the profile put something else there.
    private func counterpart(of place: AttributePath) -> AttributePath? {
        guard let trail else { return place }
        return unentered(around: place) == nil ? trail.result(of: place) : nil
    }

    /// The outermost sequence around a place whose items the profile didn't look at one by one.
    private func unentered(around place: AttributePath) -> Tag? {
        guard let trail else { return nil }
        return place.sequences.indices.first { index in
            let sequence = AttributePath(sequences: Array(place.sequences[..<index]), tag: place.sequences[index].tag)
            return !trail.hasEntered(sequence)
        }.map { place.sequences[$0].tag }
    }

    private func profileRule(_ place: AttributePath, _ element: DataElement, _ dataSet: DataSet) -> String? {
        guard !plan.isScriptOnly else { return nil }
        if let rule = trail?.omission(of: place.sequences) { return rule }
        if let sequence = unentered(around: place) { return "with \(sequence)" }
        return ProfileRule(profile: deidentifier.profile)
            .name(of: element, in: dataSet, inside: place.sequences.map(\.tag))
    }

    private func fate(of element: DataElement, at place: AttributePath, now: DataElement?) -> Explanation.Row.Fate {
        guard let trail, let items = element.items, !items.isEmpty, let others = now?.items, !others.isEmpty else {
            return Self.fate(of: element, now: now)
        }
        return trail.hasEntered(place) && items.count == others.count ? .kept : .replaced
    }

    private func row(
        _ path: ElementPath, _ element: DataElement, _ dataSet: DataSet, _ fate: Explanation.Row.Fate
    ) -> Explanation.Row {
        Explanation.Row(
            path: path.description, keyword: DataDictionary.keyword(path.tag), vr: element.vr.description,
            becomes: fate,
            by: [], original: showsValues ? Self.text(element, dataSet) : nil, result: nil)
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

    /// Lines of scripts that touched what is in a sequence, or in a Private Creator's block: the one is made with its
    /// first Attribute, the other comes with it and goes with the last.
    private static func company(of path: ElementPath, _ lines: [String: [String]]) -> [String] {
        let name = path.description
        // (0019,0012) has (0019,1200) to (0019,12FF).
        let block = name.dropLast(5) + name.suffix(3).prefix(2)
        let found = lines.filter { place, _ in
            place.hasPrefix(name + "[") || (path.tag.isPrivateCreator && place.hasPrefix(block))
        }
        return Set(found.values.joined()).sorted()
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

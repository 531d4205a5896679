import DICOMModel

/// Reads a recipe of pydicom's deid: its `%filter` sections, whose labels say what an image is and where text stands on it.
///
/// Within a label, lines are joined from the first to the last: by `+`, or by nothing, as "and", by `||` as "or".
struct DeidRecipeReader {
    private let lines: [Substring]
    private let rejectsBlacklisted: Bool
    private var result = ImportedRules(form: .deid)
    private var section = Section.none
    private var label: Label?

    private enum Section: Equatable {
        case none
        case filter(String)
        /// What is no business of device rules.
        case other(String)
    }

    private struct Label {
        var name: String
        var line: Int
        var lastLine: Int
        var condition: RuleCondition?
        /// Whether a line begins with `||`.
        var hasAlternatives = false
        var paints: [RulePaint] = []
        /// Why it can't be carried over.
        var problems: [(line: Int, reason: String)] = []
        var hasContent: Bool { condition != nil || !paints.isEmpty || !problems.isEmpty }
    }

    init(lines: [Substring], rejectsBlacklisted: Bool) {
        self.lines = lines
        self.rejectsBlacklisted = rejectsBlacklisted
    }

    mutating func read() -> ImportedRules {
        for (index, raw) in lines.enumerated() {
            let line = raw.trimmingBlanks
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            read(line, number: index + 1)
        }
        finishLabel()
        return result
    }

    private mutating func read(_ line: String, number: Int) {
        let upper = line.uppercased()
        if line.hasPrefix("%") {
            finishLabel()
            begin(section: line, number)
        } else if case .other(let name) = section {
            leaveOut(
                number, "`%\(name)` is about the header: the profile, its options and DicomEdit scripts do that here")
        } else if upper.hasPrefix("FORMAT") {
            guard upper.split(separator: " ").map(String.init) != ["FORMAT", "DICOM"] else { return }
            leaveOut(number, "the format must be dicom")
        } else if upper.hasPrefix("LABEL") {
            finishLabel()
            let name = line.dropFirst(5).split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first
            label = Label(name: name?.trimmingBlanks ?? "", line: number, lastLine: number)
        } else if label != nil {
            label?.lastLine = number
            readMember(line, number)
        } else {
            leaveOut(number, "a LABEL must stand before this line")
        }
    }

    private mutating func begin(section line: String, _ number: Int) {
        let words = line.prefix { $0 != "#" }.dropFirst().split(separator: " ").map(String.init)
        let name = words.first?.lowercased() ?? ""
        if name == "filter" {
            section = .filter(words.dropFirst().joined(separator: " ").lowercased())
        } else {
            section = .other(name)
            leaveOut(
                number, "`%\(name)` is about the header: the profile, its options and DicomEdit scripts do that here")
        }
    }

    /// Neighbouring lines that are left out for the same reason become one note.
    private mutating func leaveOut(_ number: Int, _ reason: String) {
        if let last = result.notes.indices.last, result.notes[last].kind == .leftOut,
            result.notes[last].reason == reason
        {
            result.notes[last].lastLine = number
        } else {
            result.notes.append(.init(.leftOut, lines: number...number, reason))
        }
    }

    // MARK: - Labels

    private mutating func readMember(_ line: String, _ number: Int) {
        do throws(DeviceRuleError) {
            if let paint = try DeidCoordinates.paint(line) {
                label?.paints.append(paint)
            } else {
                let (test, isOr) = try DeidMember.parse(line)
                let before = label?.condition
                if isOr, before != nil { label?.hasAlternatives = true }
                label?.condition = before.map { .joined($0, test, isAnd: !isOr) } ?? test
            }
        } catch {
            label?.problems.append((number, error.message))
        }
    }

    private mutating func finishLabel() {
        guard let label else { return }
        self.label = nil
        guard case .filter(let filter) = section else {
            return leaveOut(label.line, "a label must stand in a `%filter` section")
        }
        let lines = label.line...label.lastLine
        func note(_ kind: ImportedRules.Note.Kind, _ reason: String) {
            result.notes.append(.init(kind, lines: lines, reason))
        }
        if let problem = label.problems.first {
            return result.notes.append(
                .init(
                    .leftOut, lines: lines,
                    "line \(problem.line): \(problem.reason); a label is carried over whole or not at all"))
        }
        guard label.hasContent else { return note(.leftOut, "the label says nothing") }
        let condition = label.condition ?? .all([])
        if label.hasAlternatives, filter != "whitelist" {
            note(.differs, "`||` at the beginning of a line is or, as documented; deid 0.4 takes it for and")
        }
        switch filter {
        case "whitelist":
            note(.leftOut, "a whitelist lets images pass unexamined; here no header takes suspicion away")
        case "blacklist":
            if !label.paints.isEmpty { note(.differs, "what is blacklisted is not masked: nothing of it is released") }
            result.add(
                label.name, line: label.line, condition, rejectsBlacklisted ? .reject : .quarantine)
        default:
            if label.paints.isEmpty {
                note(.differs, "a label without coordinates flags images; here it holds them for a person")
            }
            result.add(
                label.name, line: label.line, condition,
                label.paints.isEmpty ? .quarantine : .mask(label.paints))
        }
    }
}

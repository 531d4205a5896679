import Foundation
import HeaderDeidentification

/// One script and what was found in it.
struct LintResult {
    let path: String
    let lint: ScriptLint
    private let lines: [Substring]

    init(path: String, text: String, tolerance: ScriptTolerance, options: Set<ProfileOption>) {
        self.path = path
        lint = ScriptLint(text, tolerance: tolerance, options: options)
        lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    func isDenied(_ denials: [LintDenial]) -> Bool {
        if lint.isRefused { return true }
        if denials.contains(.warnings), lint.count(.warning) > 0 { return true }
        return denials.contains(.gap) && !lint.gap.untouchedAtRoot.isEmpty
    }

    // MARK: - For people

    func text(withRows: Bool) -> String {
        let parts = lint.diagnostics.map(text) + [summary] + (withRows ? [rows] : [])
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The message, the line, and what is meant in it underlined.
    private func text(_ diagnostic: ScriptDiagnostic) -> String {
        let place = diagnostic.position
        var text = "\(path):\(place): \(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.rule.name)]"
        if lines.indices.contains(place.line - 1) {
            let scalars = lines[place.line - 1].unicodeScalars
            if scalars.count <= 400 {
                let line = scalars.map { $0.value < 0x20 && $0 != "\t" ? " " : String($0) }.joined()
                // Tabs stay tabs, so that the caret stands below what it means.
                let blanks = scalars.prefix(place.column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
                let length = max(1, min(diagnostic.length, scalars.count - place.column + 1))
                text += "\n    \(line)\n    \(blanks)^\(String(repeating: "~", count: length - 1))"
            }
        }
        return text + (diagnostic.hint.map { "\n    \($0)" } ?? "")
    }

    private var summary: String {
        let gap = lint.gap
        let total = gap.rows.count + gap.keptCount
        var lines = [
            "\(path): \(lint.count(.refused)) refused, \(counted(.warning)), \(counted(.note))",
            "\(path): of \(total) live rows of Table E.1-1 (\(gap.edition)) \(gap.untouchedAtRoot.count) are untouched at "
                + "root level, \(gap.untouchedNested.count) in sequences"
                + (gap.keptCount > 0 ? "; \(gap.keptCount) may stay by the chosen options" : ""),
        ]
        if lint.isRefused { lines.append("  as it stands XNAT runs none of it; the counts are of what could be read") }
        let byOption = ProfileOption.allCases.compactMap { option -> String? in
            let count = gap.untouched(by: option)
            guard !gap.options.contains(option), count.kept + count.cleaned > 0 else { return nil }
            let parts = [count.kept > 0 ? "keep \(count.kept)" : "", count.cleaned > 0 ? "clean \(count.cleaned)" : ""]
            return
                "    --option \(option.rawValue) would \(parts.filter { !$0.isEmpty }.joined(separator: ", "))"
        }
        if !byOption.isEmpty { lines += ["  of those at root level:"] + byOption }
        if gap.privateElements != .always {
            lines.append("  private elements are \(gap.privateElements == .never ? "never" : "only sometimes") removed")
        }
        if !gap.missingMarkers.isEmpty {
            lines.append("  not set (PS3.15 E.1.1): " + gap.missingMarkers.joined(separator: ", "))
        }
        if !gap.completion.isEmpty {
            lines.append("  --gap prints the rows, --suggest prints statements that close the gap")
        }
        return lines.joined(separator: "\n")
    }

    private func counted(_ severity: ScriptDiagnostic.Severity) -> String {
        let count = lint.count(severity)
        return "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }

    private var rows: String {
        let open = lint.gap.rows.filter { $0.root != .always || $0.nested != .always }
        let header = "action  at root    in sequences  Attribute, options"
        return
            ([header]
            + open.map { row in
                let options = ProfileOption.allCases.compactMap { option in
                    row.options[option].map { "\(option.rawValue) \($0.rawValue)" }
                }
                let columns = [
                    Self.padded(row.action.rawValue, 6), Self.padded(Self.word(row.root), 9),
                    Self.padded(Self.word(row.nested), 12), "\(row.attribute) \(row.keyword)",
                ]
                return columns.joined(separator: "  ")
                    + (options.isEmpty ? "" : " (\(options.joined(separator: ", ")))")
            }).joined(separator: "\n")
    }

    private static func word(_ reach: ProfileReach) -> String {
        switch reach {
        case .never: "untouched"
        case .sometimes: "sometimes"
        case .always: "touched"
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

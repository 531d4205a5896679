import HeaderDeidentification

/// The result for `--json`.
struct LintReport: Encodable {
    struct Diagnostic: Encodable {
        let rule, severity: String
        let line, column, length: Int
        let message: String
        let hint: String?
    }

    struct Row: Encodable {
        let attribute, keyword, action: String
        let root, nested: String
        let options: [String: String]
    }

    struct Gap: Encodable {
        let edition: String
        let liveRows, kept, untouchedAtRoot, untouchedNested: Int
        let rows: [Row]
        let privateElements: String
        let missingMarkers: [String]
        let completion: String
    }

    let script: String
    let refused: Bool
    let diagnostics: [Diagnostic]
    let gap: Gap

    init(_ result: LintResult) {
        script = result.path
        refused = result.lint.isRefused
        diagnostics = result.lint.diagnostics.map {
            Diagnostic(
                rule: $0.rule.name, severity: $0.severity.rawValue, line: $0.position.line, column: $0.position.column,
                length: $0.length, message: $0.message, hint: $0.hint)
        }
        let gap = result.lint.gap
        self.gap = Gap(
            edition: gap.edition, liveRows: gap.rows.count + gap.keptCount, kept: gap.keptCount,
            untouchedAtRoot: gap.untouchedAtRoot.count, untouchedNested: gap.untouchedNested.count,
            rows: gap.rows.filter { $0.root != .always || $0.nested != .always }.map { row in
                let options = row.options.map { ($0.key.rawValue, $0.value.rawValue) }
                return Row(
                    attribute: row.attribute, keyword: row.keyword, action: row.action.rawValue,
                    root: row.root.rawValue, nested: row.nested.rawValue,
                    options: Dictionary(options) { first, _ in first })
            },
            privateElements: gap.privateElements.rawValue, missingMarkers: gap.missingMarkers,
            completion: gap.completion)
    }
}

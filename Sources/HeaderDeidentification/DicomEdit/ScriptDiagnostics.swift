/// Collects what is said about a script while it is read.
struct ScriptDiagnostics: Sendable {
    let tolerance: ScriptTolerance
    private(set) var all: [ScriptDiagnostic] = []

    init(tolerance: ScriptTolerance) {
        self.tolerance = tolerance
    }

    /// Whether there is a reason not to run the script.
    var isRefused: Bool { all.contains { $0.severity == .refused } }
    var isFull: Bool { all.count >= ScriptLimits.diagnostics }

    /// What XNAT refuses and no tolerance mends.
    mutating func refuse(
        _ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String, hint: String? = nil
    ) {
        add(ScriptDiagnostic(rule, .refused, span, message, hint: hint))
    }

    /// What XNAT refuses though it is clear what was meant: a warning for whoever tolerates it.
    mutating func refuseUnlessTolerant(
        _ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String, hint: String? = nil
    ) {
        add(ScriptDiagnostic(rule, tolerance == .tolerant ? .warning : .refused, span, message, hint: hint))
    }

    mutating func warn(_ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String, hint: String? = nil) {
        add(ScriptDiagnostic(rule, .warning, span, message, hint: hint))
    }

    mutating func note(_ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String, hint: String? = nil) {
        add(ScriptDiagnostic(rule, .note, span, message, hint: hint))
    }

    private mutating func add(_ diagnostic: ScriptDiagnostic) {
        if !isFull { all.append(diagnostic) }
    }
}

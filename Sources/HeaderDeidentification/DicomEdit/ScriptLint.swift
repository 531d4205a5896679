/// All that can be said about a script without an object: what XNAT refuses, its traps, and its gap to Table E.1-1.
public struct ScriptLint: Sendable {
    /// In the order of the script.
    public let diagnostics: [ScriptDiagnostic]
    public let gap: ProfileGap

    /// - Parameters:
    ///   - text: the whole file.
    ///   - tolerance: `.tolerant` makes warnings of what a tolerant run puts right.
    ///   - options: of the profile that the script runs before: Attributes that they keep need not be touched.
    public init(_ text: String, tolerance: ScriptTolerance = .strict, options: Set<ProfileOption> = []) {
        let script = DicomEditScript.examined(text, tolerance: tolerance)
        let hazards = ScriptHazards(script.statements, options: options)
        diagnostics = (script.diagnostics + hazards.diagnostics).sorted { $0.position < $1.position }
        gap = ProfileGap(script, options: options)
    }

    public func count(_ severity: ScriptDiagnostic.Severity) -> Int {
        diagnostics.filter { $0.severity == severity }.count
    }

    /// Whether the script can't be run as it stands.
    public var isRefused: Bool { count(.refused) > 0 }
}

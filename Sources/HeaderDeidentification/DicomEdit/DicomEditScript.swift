import Crypto
public import DICOMFile
import DICOMModel

/// A script in DicomEdit 6, XNAT's anonymisation language, ready to be applied to any number of objects.
///
/// The language is that of the DicomEdit 6 Language Reference (wiki.xnat.org/xnat-tools/dicomedit-6-language-reference)
/// and of the grammar and functions of NrgXnat dicom-edit6; `docs/dicomedit.md` says where this differs.
public struct DicomEditScript: Sendable {
    let statements: [ScriptStatement]
    public let tolerance: ScriptTolerance
    /// What was said while it was read, in the order of the script.
    public let diagnostics: [ScriptDiagnostic]
    /// Whether the diagnostics hold a reason not to run it.
    public let isRefused: Bool
    /// First 8 bytes of the SHA-256 of its text, in hexadecimal.
    public let fingerprint: String

    /// Reads a script that is to be run.
    ///
    /// - Parameters:
    ///   - text: the whole file, at most a million characters.
    ///   - tolerance: `.strict` refuses what XNAT refuses; `.tolerant` runs it where its meaning is clear.
    /// - Throws: `.refused`, for the first of the reasons.
    public init(parsing text: String, tolerance: ScriptTolerance = .strict) throws(DicomEditError) {
        self = Self.examined(text, tolerance: tolerance)
        guard let first = diagnostics.first(where: { $0.severity == .refused }) else { return }
        throw DicomEditError(.refused, first.message, at: first.position, hint: first.hint)
    }

    private init(statements: [ScriptStatement], diagnostics: ScriptDiagnostics, text: String) {
        self.statements = statements
        fingerprint = hexadecimal(Array(SHA256.hash(data: Array(text.utf8))).prefix(8))
        tolerance = diagnostics.tolerance
        self.diagnostics = diagnostics.all.sorted { $0.position < $1.position }
        isRefused = diagnostics.isRefused
    }

    /// Reads a script that is to be looked at: what can't be read is left out and said in `diagnostics`.
    public static func examined(_ text: String, tolerance: ScriptTolerance = .strict) -> DicomEditScript {
        var diagnostics = ScriptDiagnostics(tolerance: tolerance)
        let tokens = ScriptLexer.tokens(ScriptSource(text), &diagnostics)
        var parser = ScriptParser(tokens, diagnostics)
        let statements = parser.parse()
        var check = ScriptCheck(parser.diagnostics)
        check.check(statements)
        return DicomEditScript(statements: statements, diagnostics: check.diagnostics, text: text)
    }

    /// What the script says about variables, for a form: `describe` and `export`.
    public var variableNotes: [ScriptVariableNote] {
        var notes: [ScriptVariableNote] = []
        ScriptWalk.visit(statements) { statement, _ in
            if case .description(let note) = statement.kind { notes.append(note) }
        }
        return notes
    }

    /// Variables that the script uses before it gives them a value, so that they must be given from outside.
    public var givenVariables: Set<String> {
        var set: Set<String> = []
        var given: Set<String> = []
        ScriptWalk.visit(statements) { statement, _ in
            for expression in ScriptWalk.expressions(statement) {
                ScriptWalk.visit(expression) { part in
                    if case .variable(let name) = part.kind, !set.contains(name) { given.insert(name) }
                }
            }
            for action in ScriptWalk.actions(statement) {
                if case .setVariable(let name, _) = action.kind { set.insert(name) }
            }
        }
        return given
    }

    // MARK: - Running

    /// Applies the script to a Data Set; File Meta Information is out of its reach.
    ///
    /// - Throws: `DicomEditError`; `DICOMFileError` where a value can't be read. Nothing of the object may be released
    ///   then.
    public func apply(to dataSet: DataSet, context: ScriptContext) throws -> ScriptResult {
        try run(on: EditTarget(fileMeta: nil, dataSet: dataSet), context: context).result
    }

    /// Applies the script to an object in place. (0002,0002) and (0002,0003) follow (0008,0016) and (0008,0018).
    ///
    /// - Throws: as above; `object` is unchanged then, and also where the script rejects it.
    @discardableResult
    public func apply(to object: inout DICOMObject, context: ScriptContext) throws -> ScriptResult {
        let (result, target) = try run(
            on: EditTarget(fileMeta: object.fileMeta, dataSet: object.dataSet), context: context)
        guard result.rejection == nil else { return result }
        object.dataSet = target.dataSet
        if let fileMeta = target.fileMeta { object.fileMeta = fileMeta }
        return result
    }

    /// Applies scripts one after the other, as XNAT does with those of the site and of the project; each has variables of
    /// its own. The first that rejects the object is the last.
    ///
    /// - Throws: as above; `object` is unchanged then, and where a script rejects it.
    public static func apply(
        _ scripts: [DicomEditScript], to object: inout DICOMObject, context: ScriptContext
    ) throws -> [ScriptResult] {
        var changed = object
        var results: [ScriptResult] = []
        for script in scripts {
            results.append(try script.apply(to: &changed, context: context))
            if results.last?.rejection != nil { return results }
        }
        object = changed
        return results
    }

    private func run(
        on target: EditTarget, context: ScriptContext
    ) throws -> (result: ScriptResult, target: EditTarget) {
        guard !isRefused else {
            throw DicomEditError(.refused, "the script can't be run as it stands", hint: "see its diagnostics")
        }
        var interpreter = ScriptInterpreter(
            target: target, context: context, tolerance: tolerance, fingerprint: fingerprint)
        try interpreter.run(statements)
        return (interpreter.result, interpreter.target)
    }
}

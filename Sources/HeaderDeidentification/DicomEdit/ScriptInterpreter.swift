import DICOMFile
import DICOMModel

/// Runs the statements of a script on one object, from top to bottom.
struct ScriptInterpreter {
    var target: EditTarget
    let context: ScriptContext
    let tolerance: ScriptTolerance
    var variables: [String: ScriptValue]
    var uids: UIDMap
    /// Steps that regular expressions may still make, all of them together.
    var patternBudget = 20_000_000
    /// Values and edits that the script may still work on.
    private var workBudget = ScriptLimits.work
    /// Texts that were compiled as regular expressions.
    var patterns: [String: JavaPattern] = [:]
    private var changes: [ScriptChange] = []
    var redactions: [ScriptRedaction] = []
    private var rejection: ScriptPosition?
    private var warnings: [ScriptDiagnostic] = []
    private var echoes: [ScriptEcho] = []
    private var hasRemovedPrivate = false

    /// Ends a script that called `reject`.
    struct Rejection: Error {
        let position: ScriptPosition
    }

    /// - Parameter fingerprint: of the script, so that the new UIDs of two scripts differ.
    init(target: EditTarget, context: ScriptContext, tolerance: ScriptTolerance, fingerprint: String) {
        self.target = target
        self.context = context
        self.tolerance = tolerance
        variables = context.variables.mapValues { .text($0.reveal()) }
        uids = UIDMap(pseudonyms: context.pseudonyms, fingerprint: fingerprint)
    }

    var result: ScriptResult {
        ScriptResult(
            dataSet: target.dataSet, changes: changes, redactions: redactions, rejection: rejection, warnings: warnings,
            echoes: echoes)
    }

    mutating func run(_ statements: [ScriptStatement]) throws {
        do {
            for statement in statements { try run(statement) }
        } catch let stop as Rejection {
            rejection = stop.position
            return
        }
        if hasRemovedPrivate { try removeEmptyBlocks() }
        keepFileMetaInStep()
    }

    // MARK: - Statements

    private mutating func run(_ statement: ScriptStatement) throws {
        switch statement.kind {
        case .action(let action):
            try run(action)
        case .choice(let condition, let action, let otherwise):
            if try holds(condition) {
                try run(action)
            } else if let otherwise {
                try run(otherwise)
            }
        case .branches(let branches, let otherwise):
            for branch in branches where try holds(branch.condition) {
                for inner in branch.statements { try run(inner) }
                return
            }
            for inner in otherwise { try run(inner) }
        case .removeAllPrivateTags:
            try located(statement.span) { try $0.removePrivate(line: statement.span.line) }
        case .description, .version: break
        }
    }

    private mutating func run(_ action: ScriptAction) throws {
        switch action.kind {
        case .assign(let path, let expression):
            try assign(path, try value(expression), action.span)
        case .assignIfPresent(let path, let expression):
            try assignIfPresent(path, try value(expression), action.span)
        case .setVariable(let name, let expression):
            variables[name] = try value(expression)
        case .delete(let path):
            try located(action.span) { try $0.delete(path, line: action.span.line) }
        case .call(let call):
            _ = try value(of: call)
        case .echo(let expression):
            let text = try expression.flatMap { try self.text(value($0), $0.span) } ?? ""
            echoes.append(ScriptEcho(text: Sensitive(text), line: action.span.line))
        }
    }

    /// `:=`. An absent value changes nothing, as in XNAT (`DicomObjectI.assign`), which is said where the target is there.
    mutating func assign(_ path: PathPattern, _ value: ScriptValue, _ span: ScriptSpan) throws {
        guard let text = try text(value, span) else {
            if target.contains(path) {
                warn(.absentValue, span, "the value is absent, so that \(path.text) keeps what it has")
            }
            return
        }
        if !path.hasNoWildcard || (path.lacksItemNumber && target.contains(path)) {
            return try assignIfPresent(path, value, span)
        }
        try located(span) { interpreter in
            let isSame = interpreter.target.holds(path, text)
            let done = try interpreter.target.assign(path, text)
            guard !isSame else { return }
            let kind: ScriptChange.Kind = !done.wasPresent ? .created : text.isEmpty ? .emptied : .replaced
            interpreter.log(done.path, kind, line: span.line)
        }
    }

    /// `?=`: every Attribute that the path means and that is there; sequences are left alone. An absent value empties.
    mutating func assignIfPresent(_ path: PathPattern, _ value: ScriptValue, _ span: ScriptSpan) throws {
        let text = try text(value, span) ?? ""
        try located(span) { interpreter in
            var sequence: AttributePath?
            try interpreter.replaceValues(path, line: span.line) { element, dataSet in
                guard element.items == nil else { return nil }
                return ElementText.holds(element, text, in: dataSet) ? nil : text
            } skipped: {
                sequence = $0
            }
            if let sequence {
                interpreter.warn(.sequenceValue, span, "\(sequence.tag) is a sequence, which ?= leaves as it is")
            }
        }
    }

    // MARK: - Edits

    mutating func delete(_ path: PathPattern, line: Int) throws {
        var removed: [AttributePath] = []
        try charge(ScriptLimits.editWork, ScriptSpan(ScriptPosition(line: line, column: 1)))
        // Creators go when their block is empty; only a number names one.
        let namesCreators = path.target?.isBarePrivate ?? false
        try target.edit(path) { element, _, place in
            guard !element.tag.isPrivateCreator || namesCreators else { return .keep }
            guard element.tag != .transferSyntaxUID else { return .keep }
            removed.append(place)
            return .remove
        }
        log(removed, .removed, line: line)
        adoptCharacterSet(removed)
    }

    /// Makes the Data Set write texts by what (0008,0005) says now; items keep what they were read by.
    private mutating func adoptCharacterSet(_ changed: [AttributePath]) {
        guard changed.contains(where: { $0.tag == .specificCharacterSet && $0.sequences.isEmpty }) else { return }
        target.dataSet[.specificCharacterSet] = target.dataSet[.specificCharacterSet]
    }

    private mutating func removePrivate(line: Int) throws {
        var removed: [AttributePath] = []
        try target.editAll { element, _, place in
            guard element.tag.isPrivate else { return .keep }
            removed.append(place)
            return .remove
        }
        log(removed, .removed, line: line)
    }

    /// Replaces values that a path means by texts.
    ///
    /// - Parameters:
    ///   - text: the new one; nil to keep what is there.
    ///   - skipped: gets the sequences that were met.
    mutating func replaceValues(
        _ path: PathPattern, line: Int, _ text: (DataElement, DataSet) throws -> String?,
        skipped: (AttributePath) -> Void = { _ in }
    ) throws {
        try charge(ScriptLimits.editWork, ScriptSpan(ScriptPosition(line: line, column: 1)))
        var replaced: [AttributePath] = []
        var emptied: [AttributePath] = []
        let isSigned = target.dataSet.integer(.pixelRepresentation) == 1
        try target.edit(path) { element, dataSet, place in
            guard case .bytes = element.value, !element.tag.isPrivateCreator else {
                if element.items != nil { skipped(place) }
                return .keep
            }
            guard element.tag != .transferSyntaxUID, let new = try text(element, dataSet) else { return .keep }
            if new.isEmpty { emptied.append(place) } else { replaced.append(place) }
            let isUnknown = !element.vr.isKnown || element.vr == .un
            let vr =
                isUnknown && !element.tag.isPrivate ? DataDictionary.vr(element.tag, isSigned: isSigned) : element.vr
            return .replace(try ElementText.element(element.tag, vr: vr, text: new, in: dataSet))
        }
        log(replaced, .replaced, line: line)
        log(emptied, .emptied, line: line)
        adoptCharacterSet(replaced + emptied)
    }

    /// Removes Private Creators whose block has nothing in it any more.
    private mutating func removeEmptyBlocks() throws {
        try target.editAll { element, dataSet, _ in
            guard element.tag.isPrivateCreator else { return .keep }
            let isUsed = dataSet.elements.contains { $0.tag.privateCreator == element.tag }
            return isUsed ? .keep : .remove
        }
    }

    /// (0002,0002) and (0002,0003) say what (0008,0016) and (0008,0018) say (PS3.10 7.1), once the script has changed those.
    private mutating func keepFileMetaInStep() {
        let changed = Set(changes.filter(\.path.sequences.isEmpty).map(\.path.tag))
        let pairs: [(Tag, Tag)] = [
            (.mediaStorageSOPClassUID, .sopClassUID), (.mediaStorageSOPInstanceUID, .sopInstanceUID),
        ]
        for (meta, own) in pairs where changed.contains(own) && target.fileMeta?.elements.isEmpty == false {
            let value = target.dataSet.string(own)
            target.fileMeta?[meta] = value.map { DataElement(tag: meta, vr: .ui, bytes: Array($0.utf8)) }
        }
    }

    // MARK: - Records

    func contains(_ path: PathPattern) -> Bool { target.contains(path) }

    mutating func log(_ path: AttributePath, _ kind: ScriptChange.Kind, line: Int) {
        changes.append(ScriptChange(path: path, kind: kind, line: line))
        if kind == .removed, path.tag.isPrivate { hasRemovedPrivate = true }
    }

    mutating func log(_ paths: [AttributePath], _ kind: ScriptChange.Kind, line: Int) {
        for path in paths { log(path, kind, line: line) }
    }

    mutating func warn(_ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String) {
        warnings.append(ScriptDiagnostic(rule, .warning, span, message))
    }

    /// Runs an edit, and says where in the script it was if it can't be made.
    mutating func located(_ span: ScriptSpan, _ body: (inout ScriptInterpreter) throws -> Void) throws {
        do {
            try body(&self)
        } catch let problem as EditProblem {
            throw DicomEditError(.failed, problem.message, at: span.start)
        }
    }

    /// Counts work that grows with the script's values: a script has no loops, but its lists and texts can double.
    mutating func charge(_ count: Int, _ span: ScriptSpan) throws {
        workBudget -= count
        guard workBudget >= 0 else {
            throw DicomEditError(.limit, "the script takes too much work", at: span.start)
        }
    }

    func failure(_ span: ScriptSpan, _ message: String, hint: String? = nil) -> DicomEditError {
        DicomEditError(.failed, message, at: span.start, hint: hint)
    }
}

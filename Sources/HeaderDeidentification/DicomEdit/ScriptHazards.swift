import DICOMFile
import DICOMModel

/// Finds the traps of the language: places that run, and do something else than they seem to.
struct ScriptHazards {
    private(set) var diagnostics: [ScriptDiagnostic] = []
    /// Variables that hold a string or number since a line that is always reached.
    private var constants: [String: String] = [:]
    /// Variables that have a value at this place, whatever was true before.
    private var known = ScriptContext.standardVariables
    /// Variables that some branch before has set, and where.
    private var setIn: [String: Int] = [:]
    private var noted: Set<String> = []
    /// Root tags that a line before removed, whatever the object holds, and where.
    private var deleted: [TagPattern: Int] = [:]
    /// Root tags that have had another value since.
    private var overwritten: Set<TagPattern> = []
    private var rejectedAt: Int?
    private let minorVersion: Int?
    /// Of the profile that comes after.
    private let options: Set<ProfileOption>

    /// What surrounds a statement.
    private struct Surroundings {
        var isAlways = true
        /// Paths that conditions around it speak of.
        var guarded: [PathPattern] = []
    }

    init(_ statements: [ScriptStatement], options: Set<ProfileOption> = []) {
        self.options = options
        minorVersion =
            statements.lazy.compactMap { statement -> Int? in
                if case .version(let text) = statement.kind { ScriptVersion.minor(text) } else { nil }
            }.first
        look(at: statements, Surroundings())
    }

    // MARK: - Statements

    private mutating func look(at statements: [ScriptStatement], _ around: Surroundings) {
        for statement in statements {
            if let line = rejectedAt {
                warn(.unreachable, statement.span, "line \(line) rejects every object, so that this is never reached")
                rejectedAt = nil
            }
            look(at: statement, around)
        }
    }

    private mutating func look(at statement: ScriptStatement, _ around: Surroundings) {
        for condition in ScriptWalk.conditions(statement) {
            for expression in ScriptWalk.expressions(condition) { look(at: expression, guarded: around.guarded) }
        }
        var inner = around
        let conditions = ScriptWalk.conditions(statement)
        inner.isAlways = around.isAlways && conditions.isEmpty
        inner.guarded += conditions.flatMap(ScriptWalk.expressions).flatMap { reads($0).map(\.path) }.prefix(100)
        switch statement.kind {
        case .action(let action): look(at: action, around)
        case .choice(_, let action, let otherwise):
            look(atBranches: 2) { hazards, number in
                if let action = number == 0 ? action : otherwise { hazards.look(at: action, inner) }
            }
        case .branches(let branches, let otherwise):
            look(atBranches: branches.count + 1) { hazards, number in
                hazards.look(at: number < branches.count ? branches[number].statements : otherwise, inner)
            }
        // XNAT asks for a variable that is described.
        case .description(let note): known.insert(note.variable)
        case .removeAllPrivateTags, .version: break
        }
    }

    /// Afterwards known is what every branch has set, the empty ones too.
    private mutating func look(atBranches count: Int, _ look: (inout ScriptHazards, Int) -> Void) {
        let before = known
        var after: Set<String>?
        for number in 0..<count {
            known = before
            look(&self, number)
            after = after?.intersection(known) ?? known
        }
        known = after ?? before
    }

    private mutating func look(at action: ScriptAction, _ around: Surroundings) {
        for expression in ScriptWalk.expressions(action) { look(at: expression, guarded: around.guarded) }
        switch action.kind {
        case .assign(let path, let value):
            look(atTarget: path, value, action.span, around)
            lookForCreation(path, value, action.span, around)
        case .assignIfPresent(let path, let value):
            look(atTarget: path, value, action.span, around)
        case .setVariable(let name, let value):
            known.insert(name)
            if !around.isAlways { setIn[name] = action.span.line }
            constants[name] = around.isAlways ? literal(value) : nil
        case .delete(let path):
            look(atTagsOf: path, action.span)
            lookForRequired(path, action.span)
            lookForCharacterSet(path, action.span)
        case .call, .echo: break
        }
        remember(action, around)
    }

    /// What is gone, or different, from here on.
    private mutating func remember(_ action: ScriptAction, _ around: Surroundings) {
        switch action.kind {
        case .delete(let path):
            guard around.isAlways, let root = rootPattern(path) else { return }
            deleted[root] = action.span.line
            overwritten.insert(root)
        case .assign(let path, let value):
            guard let root = rootPattern(path), value.kind != .path(path) else { return }
            deleted[root] = nil
            if around.isAlways { overwritten.insert(root) }
        case .call(let call) where call.function == .reject && around.isAlways:
            if call.arguments.isEmpty { rejectedAt = action.span.line }
        case .call(let call) where call.function == .removeTags && around.isAlways:
            for path in call.arguments.flatMap({ ScriptCoverage.paths($0, [:]) }) {
                guard let root = rootPattern(path) else { continue }
                deleted[root] = action.span.line
                overwritten.insert(root)
            }
        default: break
        }
    }

    /// The tag of a path that reaches the root, if it is just one.
    private func rootPattern(_ path: PathPattern) -> TagPattern? {
        guard let target = path.target, target.literal != nil else { return nil }
        if path.steps.count == 1 { return target }
        return path.steps.count == 2 && path.steps[0] == .level(.any) ? target : nil
    }

    // MARK: - Targets

    private mutating func look(
        atTarget path: PathPattern, _ value: ScriptExpression, _ span: ScriptSpan, _ around: Surroundings
    ) {
        look(atTagsOf: path, span)
        lookForCharacterSet(path, span)
        if value.kind == .path(path) {
            warn(.selfAssignment, span, "\(path.text) is given the value that it has")
            return
        }
        if case .string("") = value.kind, let minorVersion, minorVersion <= 3 {
            note(.emptyAssignment, span, "early releases of DicomEdit 6 refuse to assign an empty string")
        }
        lookForCopy(path, value, span)
        if case .call(let call) = value.kind,
            call.function == .shiftDateByIncrement || call.function == .shiftDateTimeByIncrement,
            case .path(let source)? = call.arguments.first?.kind, source != path
        {
            warn(
                .shiftedFromElsewhere, span,
                "where \(source.text) is absent, \(path.text) keeps its own, unshifted value",
                hint: "shift \(path.text) itself")
        }
        if let tag = path.rootTag, ProfileRowStatus.retired.contains(tag) {
            let successor = ProfileRowStatus.successors[tag]
            warn(
                .retiredTag, span, "\(tag) \(DataDictionary.keyword(tag) ?? "") is retired",
                hint: successor.map { "the standard now has \($0) \(DataDictionary.keyword($0) ?? "")" })
        }
    }

    /// `:=` puts the Attribute into every object, also where it has no place.
    private mutating func lookForCreation(
        _ path: PathPattern, _ value: ScriptExpression, _ span: ScriptSpan, _ around: Surroundings
    ) {
        guard path.hasNoWildcard, !around.guarded.contains(path) else { return }
        // A function of the Attribute itself has no value where it is absent, and then nothing is made.
        guard !reads(value).contains(where: { $0.path == path }) else { return }
        if let tag = path.rootTag {
            guard !tag.isFileMeta, !ExpectedAttributes.contains(tag), !tag.isPrivate else { return }
            warn(
                .createsElement, span, ":= makes \(path.text) in objects that don't have it",
                hint: "write ?= to change it only where it is")
        } else if case .attribute(let first, _)? = path.steps.first, path.steps.count > 1,
            first.literal != .deidentificationMethodCodeSequence
        {
            warn(
                .createsElement, span, ":= makes \(path.text) with its sequences in objects that don't have it",
                hint: "write ?= to change it only where it is")
        }
    }

    private mutating func lookForRequired(_ path: PathPattern, _ span: ScriptSpan) {
        guard let tag = path.rootTag, ExpectedAttributes.identifying.contains(tag) else { return }
        warn(
            .requiredAttribute, span, "no archive takes objects without \(tag) \(DataDictionary.keyword(tag) ?? "")",
            hint: "write \(tag) := hashUID[\(tag)] for a UID")
    }

    private mutating func lookForCharacterSet(_ path: PathPattern, _ span: ScriptSpan) {
        guard path.target?.literal == .specificCharacterSet else { return }
        warn(.characterSet, span, "texts that stay are encoded as \(path.text) said before, and will be misread")
    }

    /// An identifier that moves to another Attribute is still there.
    private mutating func lookForCopy(_ path: PathPattern, _ value: ScriptExpression, _ span: ScriptSpan) {
        for read in reads(value) where read.isCopied && read.path != path {
            guard let source = read.path.target, let tag = source.literal, !tag.isPrivate,
                !overwritten.contains(source), let action = DeidentificationProfile.basic.action(for: tag),
                action != .keep
            else { continue }
            warn(
                .copiedIdentifier, read.span,
                "\(read.path.text) \(DataDictionary.keyword(tag) ?? "") is to be removed (Table E.1-1), and is copied here"
            )
        }
    }

    /// Tags that no edition of the standard knows.
    private mutating func look(atTagsOf path: PathPattern, _ span: ScriptSpan) {
        for case .attribute(let pattern, _) in path.steps {
            guard pattern.creator == nil, let tag = pattern.literal, !tag.isPrivate, !tag.isGroupLength,
                DataDictionary.entry(tag) == nil, DeidentificationProfile.basic.action(for: tag) == nil
            else { continue }
            warn(.unknownTag, span, "the standard has no Attribute \(tag): mistyped?")
        }
    }

    // MARK: - Values

    private mutating func look(at expression: ScriptExpression, guarded: [PathPattern]) {
        var parts: [ScriptExpression] = []
        ScriptWalk.visit(expression) { parts.append($0) }
        for part in parts {
            switch part.kind {
            case .variable(let name):
                guard !known.contains(name), noted.insert(name).inserted else { continue }
                if let line = setIn[name] {
                    warn(
                        .conditionalVariable, part.span,
                        "'\(name)' has a value only where line \(line) was reached: other objects fail here",
                        hint: "set it before the condition, or in every branch")
                    continue
                }
                warn(
                    .givenVariable, part.span,
                    "'\(name)' must be given from outside: XNAT gives "
                        + "project, subject, session and modalityLabel")
            case .path(let path):
                look(atTagsOf: path, part.span)
            case .call(let call):
                look(at: call, guarded)
            case .string, .number, .list: break
            }
        }
        for read in reads(expression) {
            // What was in a sequence is gone with it.
            guard case .attribute(let outermost, _)? = read.path.steps.first, let line = deleted[outermost] else {
                continue
            }
            warn(
                .deletedSource, read.span, "line \(line) has already removed \(read.path.text)",
                hint: "move this before it")
        }
    }

    private mutating func look(at call: ScriptCall, _ guarded: [PathPattern]) {
        lookForSecondShift(call)
        switch call.function {
        case .shiftDateTimeByIncrement where call.arguments.count == 2:
            lookForSeconds(
                call.arguments[1], call.span, "shiftDateTimeByIncrement takes seconds unless it is told others",
                "shiftDateTimeByIncrement[…, n, \"days\"]")
        case .shiftDateTimeSequenceByIncrement where !call.arguments.isEmpty:
            lookForSeconds(
                call.arguments[0], call.span, "shiftDateTimeSequenceByIncrement takes seconds",
                "shiftDateTimeListByIncrement[{…}, n, \"days\"]")
        case .hashUID: lookForUnkeyedHash(call)
        case .hashUIDList:
            for path in call.arguments.flatMap({ ScriptCoverage.paths($0, [:]) }) {
                lookForUnkeyedHash(path, call.span)
            }
        case .concatenate, .lowercase, .uppercase, .replace, .substring, .urlEncode:
            lookForAbsent(call, guarded)
        case .alterPixels:
            note(.redactionFill, call.span, "the rectangle is filled with what looks black, whatever fill is asked for")
        case .mapReferencedUIDs, .set, .delete, .removeTags:
            for argument in call.arguments {
                guard case .string(let text) = argument.kind, let path = PathPattern(parsing: text) else { continue }
                look(atTagsOf: path, argument.span)
            }
        default: break
        }
    }

    /// The profile moves what it finds: what a script has moved already is moved by both.
    private mutating func lookForSecondShift(_ call: ScriptCall) {
        let shifts: [ScriptFunction] = [
            .shiftDateByIncrement, .shiftDateTimeByIncrement, .shiftDateTimeSequenceByIncrement,
            .shiftDateTimeListByIncrement,
        ]
        let modified = ProfileOption.retainLongitudinalModifiedDates
        guard shifts.contains(call.function), options.contains(modified) else { return }
        warn(
            .shiftedTwice, call.span, "the profile's \(modified.rawValue) moves this date again: both shifts add up",
            hint: "leave dates to one of them, or run the scripts instead of the profile")
    }

    private mutating func lookForSeconds(
        _ increment: ScriptExpression, _ span: ScriptSpan, _ message: String, _ instead: String
    ) {
        guard let text = literal(increment), let number = Int(text), number != 0, abs(number) < 86_400 else { return }
        warn(
            .secondsForDays, span, "\(message): \(number) of them leave the date where it is",
            hint: "for days write \(instead)")
    }

    /// Whoever knows the algorithm can try all names, numbers and dates; a UID is no secret to begin with.
    private mutating func lookForUnkeyedHash(_ call: ScriptCall) {
        guard !call.arguments.contains(where: isKeyed) else { return }
        for argument in call.arguments.prefix(1) {
            for read in reads(argument) { lookForUnkeyedHash(read.path, call.span) }
        }
    }

    private mutating func lookForUnkeyedHash(_ path: PathPattern, _ span: ScriptSpan) {
        guard let tag = path.target?.literal, !tag.isPrivate, DataDictionary.entry(tag) != nil,
            DataDictionary.vr(tag) != .ui
        else { return }
        warn(
            .unkeyedHash, span,
            "the hash of \(tag) \(DataDictionary.keyword(tag) ?? "") can be found by trying: it has no key",
            hint: "use a lookup, or subject")
    }

    /// Whether something that isn't from the object goes into a hash: a string of some length, or a variable.
    private func isKeyed(_ expression: ScriptExpression) -> Bool {
        var isKeyed = false
        ScriptWalk.visit(expression) { part in
            switch part.kind {
            case .string(let text) where text.utf8.count >= 16: isKeyed = true
            case .variable(let name) where !ScriptContext.standardVariables.contains(name): isKeyed = true
            default: break
            }
        }
        return isKeyed
    }

    private mutating func lookForAbsent(_ call: ScriptCall, _ guarded: [PathPattern]) {
        for argument in call.arguments {
            guard case .path(let path) = argument.kind, !guarded.contains(path) else { continue }
            if let tag = path.rootTag, ExpectedAttributes.contains(tag) { continue }
            warn(
                .absentArgument, argument.span, "\(call.function.rawValue) fails on objects without \(path.text)",
                hint: "ask isPresent[\(path.text)] first, or write default[\(path.text), \"…\"]")
        }
    }

    // MARK: - Reading

    private struct Read {
        let path: PathPattern
        let span: ScriptSpan
        /// Whether the value goes through unchanged, or nearly.
        let isCopied: Bool
    }

    /// The Attributes that a value is made from.
    private func reads(_ expression: ScriptExpression, isCopied: Bool = true) -> [Read] {
        switch expression.kind {
        case .path(let path): return [Read(path: path, span: expression.span, isCopied: isCopied)]
        case .list(let elements): return elements.flatMap { reads($0, isCopied: isCopied) }
        case .string, .number, .variable: return []
        case .call(let call):
            switch call.function {
            case .concatenate, .format, .lowercase, .uppercase, .replace, .substring, .match, .normalizeString,
                .urlEncode,
                .default:
                return call.arguments.flatMap { reads($0, isCopied: isCopied) }
            case .hashUID, .mapUID, .lookup, .shiftDateByIncrement, .shiftDateTimeByIncrement, .ismatch, .isPresent,
                .collectValues, .reject:
                return call.arguments.flatMap { reads($0, isCopied: false) }
            default: return []
            }
        }
    }

    /// The text of a string, a number, or a variable that holds one.
    private func literal(_ expression: ScriptExpression) -> String? {
        switch expression.kind {
        case .string(let text), .number(let text): text
        case .variable(let name): constants[name]
        case .path, .call, .list: nil
        }
    }

    // MARK: - Reporting

    private mutating func warn(
        _ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String, hint: String? = nil
    ) {
        add(ScriptDiagnostic(rule, .warning, span, message, hint: hint))
    }

    private mutating func note(_ rule: ScriptDiagnostic.Rule, _ span: ScriptSpan, _ message: String) {
        add(ScriptDiagnostic(rule, .note, span, message))
    }

    private mutating func add(_ diagnostic: ScriptDiagnostic) {
        if diagnostics.count < ScriptLimits.hazards { diagnostics.append(diagnostic) }
    }
}

import DICOMFile
import DICOMModel

/// Finds, before a script runs, what XNAT would fail on at every object that reaches the place: versions, targets,
/// arguments, regular expressions.
struct ScriptCheck {
    var diagnostics: ScriptDiagnostics
    private var patternInstructions = 0

    init(_ diagnostics: ScriptDiagnostics) {
        self.diagnostics = diagnostics
    }

    mutating func check(_ statements: [ScriptStatement]) {
        checkVersion(statements)
        // Collected first: `visit` takes a closure that can't change this.
        var all: [ScriptStatement] = []
        ScriptWalk.visit(statements) { statement, _ in all.append(statement) }
        for statement in all {
            for condition in ScriptWalk.conditions(statement) { check(condition) }
            for action in ScriptWalk.actions(statement) { check(action) }
        }
    }

    // MARK: - Version

    /// Scripts of DicomEdit 6 name their version first; XNAT takes others for scripts of DicomEdit 4 (language reference,
    /// Syntax Basics).
    private mutating func checkVersion(_ statements: [ScriptStatement]) {
        let versions = statements.enumerated().filter { if case .version = $0.element.kind { true } else { false } }
        for (index, statement) in versions {
            guard case .version(let text) = statement.kind else { continue }
            if !ScriptVersion.isKnown(text) {
                diagnostics.refuseUnlessTolerant(
                    .version, statement.span, "\"\(text.prefix(20))\" is not a version that XNAT knows",
                    hint: "write version \"6.6\"")
            } else if index > 0 {
                diagnostics.refuseUnlessTolerant(
                    .version, statement.span, "the version must be the first statement of the script")
            }
        }
        if versions.isEmpty {
            let first = statements.first?.span ?? ScriptSpan(ScriptPosition(line: 1, column: 1))
            diagnostics.refuseUnlessTolerant(
                .missingVersion, ScriptSpan(first.start), "without a version XNAT takes a script for DicomEdit 4",
                hint: "begin with version \"6.6\"")
        }
    }

    // MARK: - Statements

    private mutating func check(_ condition: ScriptCondition) {
        switch condition.kind {
        case .comparison(let left, let comparison, let right):
            check(value: left)
            check(value: right)
            if comparison == .matching || comparison == .notMatching { check(pattern: right) }
        case .call(let call):
            check(value: ScriptExpression(kind: .call(call), span: call.span))
        }
    }

    private mutating func check(_ action: ScriptAction) {
        switch action.kind {
        case .assign(let path, let value):
            check(target: path, action.span)
            check(sequence: path, value, action.span)
            check(value: value)
        case .assignIfPresent(let path, let value):
            if path.endsInItem { refuseItem(path, action.span) }
            check(value: value)
        case .setVariable(_, let value):
            if case .list(let elements) = value.kind {
                for element in elements { check(argument: element) }
            } else {
                check(value: value)
            }
        case .delete: break
        case .call(let call): check(call)
        case .echo(let value): if let value { check(value: value) }
        }
    }

    /// `:=` wants one place (`DicomObjectI.assign`).
    private mutating func check(target path: PathPattern, _ span: ScriptSpan) {
        if path.rootTag == .transferSyntaxUID {
            diagnostics.refuse(.argument, span, "(0002,0010) says how the file is encoded and can't be assigned")
        } else if path.endsInItem || path.target == nil {
            refuseItem(path, span)
        } else if !path.hasNoWildcard {
            diagnostics.refuseUnlessTolerant(
                .wildcardTarget, span, ":= sets one Attribute, and \(path.text) may mean several",
                hint: "write ?= to set those that are there")
        } else if path.lacksItemNumber {
            refuseItemNumber(path, span)
        }
    }

    /// XNAT empties a sequence that is assigned whatever text.
    private mutating func check(sequence path: PathPattern, _ value: ScriptExpression, _ span: ScriptSpan) {
        guard let tag = path.target?.literal, !tag.isPrivate, DataDictionary.standardVR(tag) == .sq,
            value.kind != .string("")
        else { return }
        diagnostics.refuse(
            .sequenceValue, span, "\(tag) \(DataDictionary.keyword(tag) ?? "") is a sequence, which a text would empty",
            hint: "write := \"\" to empty it, - to remove it, or the path of an Attribute in its items")
    }

    private mutating func refuseItem(_ path: PathPattern, _ span: ScriptSpan) {
        diagnostics.refuse(.argument, span, "\(path.text) is not an Attribute that can have a value")
    }

    private mutating func refuseItemNumber(_ path: PathPattern, _ span: ScriptSpan) {
        diagnostics.refuseUnlessTolerant(
            .itemNumber, span, "\(path.text) does not say which item", hint: "write [0] after the sequence")
    }

    // MARK: - Values

    /// A value that is used as one: a path stands for what is there.
    private mutating func check(value: ScriptExpression) {
        switch value.kind {
        case .path(let path):
            check(single: path, value.span)
        case .call(let call):
            if !call.function.hasValue {
                diagnostics.refuse(.argument, call.span, "\(call.function.rawValue) gives no value")
            }
            check(call)
        case .list(let elements):
            for element in elements { check(argument: element) }
        case .string, .number, .variable: break
        }
    }

    /// A path that stands for one Attribute's value.
    private mutating func check(single path: PathPattern, _ span: ScriptSpan) {
        if path.target == nil || path.endsInItem || !path.hasNoWildcard {
            diagnostics.refuse(
                .wildcardValue, span, "a value comes from one Attribute, and \(path.text) may mean several")
        } else if path.lacksItemNumber {
            refuseItemNumber(path, span)
        }
    }

    /// An argument, whose path may be meant as a path.
    private mutating func check(argument: ScriptExpression) {
        switch argument.kind {
        case .call(let call): check(value: ScriptExpression(kind: .call(call), span: argument.span))
        case .list(let elements): for element in elements { check(argument: element) }
        case .string, .number, .variable, .path: break
        }
    }

    private mutating func check(pattern: ScriptExpression) {
        guard case .string(let text) = pattern.kind else { return }
        guard patternInstructions < ScriptLimits.patternInstructions else {
            return diagnostics.refuse(
                .tooLarge, pattern.span, "the script has too many or too large regular expressions")
        }
        do {
            patternInstructions += try JavaPattern(text).program.count
        } catch {
            diagnostics.refuse(.pattern, pattern.span, error.message)
        }
    }

    // MARK: - Calls

    private mutating func check(_ call: ScriptCall) {
        for argument in call.arguments { check(argument: argument) }
        guard call.function.arity.contains(call.arguments.count) else {
            diagnostics.refuse(
                .argumentCount, call.span, "\(call.function.rawValue) does not take \(call.arguments.count) arguments",
                hint: "write \(call.function.usage)")
            return
        }
        switch call.function {
        case .match, .ismatch:
            check(reading: call.arguments.prefix(1))
            check(pattern: call.arguments[1])
        case .shiftDateByIncrement, .shiftDateTimeByIncrement:
            check(reading: call.arguments.prefix(1))
            check(increment: call.arguments[1])
            if call.arguments.count == 3 { check(units: call.arguments[2]) }
        case .shiftDateTimeListByIncrement:
            check(increment: call.arguments[1])
            check(units: call.arguments[2])
        case .shiftDateTimeSequenceByIncrement:
            check(increment: call.arguments[0])
            for path in call.arguments.dropFirst() { check(pathText: path) }
        case .mapReferencedUIDs:
            check(prefix: call.arguments[0])
            for path in call.arguments.dropFirst() { check(pathText: path) }
        case .mapUID:
            check(reading: call.arguments.prefix(1))
            check(prefix: call.arguments[1])
        case .delete: check(directPath: call.arguments[0], isAssigned: false)
        case .set:
            check(directPath: call.arguments[0], isAssigned: true)
            if case .string(let text) = call.arguments[0].kind, let path = PathPattern(parsing: text) {
                check(sequence: path, call.arguments[1], call.span)
            }
            check(reading: call.arguments[1...])
        case .retainPrivateTags:
            checkRetained(call.arguments)
            checkUnquoted(call.arguments)
        case .hashUIDList, .removeTags: checkUnquoted(call.arguments)
        case .alterPixels: checkPixels(call)
        case .format:
            if case .string(let text) = call.arguments[0].kind, MessagePattern(text) == nil {
                diagnostics.refuse(
                    .argument, call.arguments[0].span, "braces of the pattern hold a number, and nothing else")
            }
            check(reading: call.arguments[1...])
        case .isPresent: check(reading: call.arguments[...])
        case .collectValues, .blankValues, .newUID, .true, .false, .scalePatientAgeAndDobFromStudyDate, .reject:
            break
        case .concatenate, .lowercase, .uppercase, .replace, .substring, .normalizeString, .urlEncode, .lookup,
            .default, .hashUID:
            check(reading: call.arguments[...])
        }
    }

    /// Arguments whose paths stand for values.
    private mutating func check(reading arguments: ArraySlice<ScriptExpression>) {
        for argument in arguments {
            if case .path(let path) = argument.kind { check(single: path, argument.span) }
            if case .list(let elements) = argument.kind { check(reading: elements[...]) }
        }
    }

    private mutating func check(increment: ScriptExpression) {
        let text: String
        switch increment.kind {
        case .string(let value), .number(let value): text = value
        case .path, .list: return diagnostics.refuse(.argument, increment.span, "an increment is a whole number")
        case .variable, .call: return
        }
        if Int32(text) == nil { diagnostics.refuse(.argument, increment.span, "an increment is a whole number") }
    }

    private mutating func check(units: ScriptExpression) {
        guard case .string(let text) = units.kind, DateShift.Units(rawValue: text.lowercased()) == nil else { return }
        diagnostics.refuse(
            .units, units.span, "there is no unit \"\(text.prefix(20))\"",
            hint: "write \"days\", \"seconds\", \"minutes\", \"hours\" or \"years\"")
    }

    private mutating func check(prefix: ScriptExpression) {
        guard case .string(let text) = prefix.kind, !UIDMap.isPrefix(text) else { return }
        diagnostics.refuse(.argument, prefix.span, "a UID prefix is a UID of at most 40 characters")
    }

    /// A path in a string. One that isn't is read by us and, by the source of XNAT's functions, passed over by XNAT.
    private mutating func check(pathText: ScriptExpression) {
        if case .path(let path) = pathText.kind {
            diagnostics.warn(
                .quotedPath, pathText.span, "XNAT does nothing unless the path stands in quotes here",
                hint: "write \"\(path.text)\"")
        }
        guard case .string(let text) = pathText.kind, PathPattern(parsing: text) == nil else { return }
        diagnostics.refuse(
            .argument, pathText.span, "the string is not a path", hint: "write \"(gggg,eeee)/(gggg,eeee)\"")
    }

    /// `set` and `delete` take the numbers of tags as they are, private ones too (grammar TagPath).
    private mutating func check(directPath: ScriptExpression, isAssigned: Bool) {
        let path: PathPattern
        switch directPath.kind {
        case .string(let text):
            guard let parsed = PathPattern(parsing: text) else { return check(pathText: directPath) }
            path = parsed
        case .path(let given):
            diagnostics.refuseUnlessTolerant(
                .argument, directPath.span, "XNAT wants the path in quotes here", hint: "write \"\(given.text)\"")
            path = given
        default: return
        }
        if !path.hasNoWildcard || path.target?.creator != nil || (isAssigned && path.lacksItemNumber) || path.endsInItem
        {
            diagnostics.refuse(.argument, directPath.span, "the path has no wildcards here, and a number for each item")
        }
    }

    private mutating func checkRetained(_ arguments: [ScriptExpression]) {
        for argument in arguments {
            if case .path(let path) = argument.kind, !path.namesPrivate {
                diagnostics.refuse(.argument, argument.span, "\(path.text) is not private")
            }
            if case .list(let elements) = argument.kind { checkRetained(elements) }
        }
    }

    /// Functions that take paths as they are; current releases pass over one in quotes, early ones wanted them.
    private mutating func checkUnquoted(_ arguments: [ScriptExpression]) {
        for argument in arguments {
            switch argument.kind {
            case .string(let text):
                guard let path = PathPattern(parsing: text) else {
                    diagnostics.refuse(.argument, argument.span, "the string is not a path")
                    continue
                }
                diagnostics.warn(
                    .quotedPath, argument.span, "current releases of XNAT pass over a path in quotes here",
                    hint: "write \(path.text)")
            case .list(let elements): checkUnquoted(elements)
            case .number, .path, .variable, .call: break
            }
        }
    }

    private mutating func checkPixels(_ call: ScriptCall) {
        let texts = call.arguments.map { argument -> String? in
            if case .string(let text) = argument.kind { text } else { nil }
        }
        guard let shape = texts[0], let properties = texts[1], let fill = texts[2], let fillProperties = texts[3] else {
            return
        }
        do {
            _ = try PixelRequest(shape: shape, properties: properties, fill: fill, fillProperties: fillProperties)
        } catch {
            diagnostics.refuse(.argument, call.span, error.message)
        }
    }
}

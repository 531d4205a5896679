// Values and conditions.
extension ScriptInterpreter {
    /// What an expression gives where a value is wanted: a path stands for what is there.
    mutating func value(_ expression: ScriptExpression) throws -> ScriptValue {
        switch expression.kind {
        case .string(let text), .number(let text): return .text(text)
        case .path(let path): return target.text(at: path).map { .text($0) } ?? .absent
        case .call(let call): return try value(of: call)
        case .variable, .list: return try argument(expression)
        }
    }

    /// What an argument gives: a path stands for itself.
    mutating func argument(_ expression: ScriptExpression) throws -> ScriptValue {
        switch expression.kind {
        case .path(let path): return .path(path)
        case .variable(let name):
            guard let value = variables[name] else {
                throw DicomEditError(
                    .variable, "the variable '\(name.prefix(40))' has no value", at: expression.span.start,
                    hint: "XNAT gives project, subject, session and modalityLabel; others must be given or set")
            }
            return value
        case .list(let elements):
            let list = ScriptList(try elements.map { try argument($0) })
            guard list.count <= ScriptLimits.listLength else {
                throw DicomEditError(.limit, "a list has too many values", at: expression.span.start)
            }
            return .list(list)
        default: return try value(expression)
        }
    }

    /// The text of a value; nil where it is absent.
    mutating func text(_ value: ScriptValue, _ span: ScriptSpan) throws -> String? {
        switch value {
        case .absent: return nil
        case .text(let text):
            try charge(1 + text.utf8.count / 64, span)
            return text
        case .boolean(let isTrue): return isTrue ? "true" : "false"
        case .path(let path):
            let text = target.text(at: path)
            try charge(1 + (text?.utf8.count ?? 0) / 64, span)
            return text
        case .list: throw failure(span, "a list is not a text")
        }
    }

    /// The text of an argument that may be a path.
    mutating func text(_ expression: ScriptExpression) throws -> String? {
        try text(argument(expression), expression.span)
    }

    /// The text of an argument that must be there; functions of Java fail on null.
    mutating func wanted(_ expression: ScriptExpression, _ function: ScriptFunction) throws -> String {
        guard let text = try text(expression) else {
            throw failure(
                expression.span, "\(function.rawValue) has no value to work on: the Attribute is absent",
                hint: "ask isPresent[…] first, or give a fallback with default[…]")
        }
        return text
    }

    mutating func integer(_ expression: ScriptExpression, _ function: ScriptFunction) throws -> Int {
        guard let number = Int32(try wanted(expression, function)) else {
            throw failure(expression.span, "\(function.rawValue) wants a whole number here")
        }
        return Int(number)
    }

    /// The values of lists in order, none of them a list.
    mutating func flattened(_ values: [ScriptValue], _ span: ScriptSpan) throws -> [ScriptValue] {
        let list = ScriptList(values)
        try charge(list.count, span)
        return list.flattened
    }

    // MARK: - Conditions

    /// An absent value never equals or matches, so that != and !~ hold (DicomEditParseTreeVisitor of dicom-edit6).
    mutating func holds(_ condition: ScriptCondition) throws -> Bool {
        switch condition.kind {
        case .call(let call):
            return try isTrue(value(of: call), call.span)
        case .comparison(let left, let comparison, let right):
            let first = try text(value(left), left.span)
            let second = try text(value(right), right.span)
            switch comparison {
            case .equal: return first.map { isSame($0, second) } ?? false
            case .notEqual: return !(first.map { isSame($0, second) } ?? false)
            case .matching: return try matches(first, second, right.span)
            case .notMatching: return try !matches(first, second, right.span)
            }
        }
    }

    /// The same characters, not only the same letters: Java compares code units.
    private func isSame(_ first: String, _ second: String?) -> Bool {
        second.map { first.unicodeScalars.elementsEqual($0.unicodeScalars) } ?? false
    }

    private mutating func matches(_ text: String?, _ pattern: String?, _ span: ScriptSpan) throws -> Bool {
        guard let text, let pattern else { return false }
        return try wholeMatch(text, pattern, span)
    }

    /// As Boolean.valueOf: only "true", in any case.
    mutating func isTrue(_ value: ScriptValue, _ span: ScriptSpan) throws -> Bool {
        if case .boolean(let isTrue) = value { return isTrue }
        return try text(value, span)?.lowercased() == "true"
    }

    // MARK: - Regular expressions

    mutating func wholeMatch(_ text: String, _ pattern: String, _ span: ScriptSpan) throws -> Bool {
        let pattern = try compiled(pattern, span)
        return try bounded(span) { budget throws(JavaMatcher.Exhausted) in
            try JavaMatcher.matches(pattern, text, budget: &budget)
        }
    }

    mutating func firstMatch(_ text: String, _ pattern: String, _ span: ScriptSpan) throws -> [String?]? {
        let pattern = try compiled(pattern, span)
        return try bounded(span) { budget throws(JavaMatcher.Exhausted) in
            try JavaMatcher.firstMatch(pattern, text, budget: &budget)
        }
    }

    private mutating func compiled(_ text: String, _ span: ScriptSpan) throws -> JavaPattern {
        if let known = patterns[text] { return known }
        do {
            let pattern = try JavaPattern(text)
            patternBudget -= pattern.program.count
            if patterns.count < 1000 { patterns[text] = pattern }
            return pattern
        } catch {
            throw failure(span, error.message)
        }
    }

    /// One match may take a million steps, and all of a script twenty times that.
    private mutating func bounded<Result>(
        _ span: ScriptSpan, _ match: (inout Int) throws(JavaMatcher.Exhausted) -> Result
    ) throws -> Result {
        let share = max(0, min(1_000_000, patternBudget))
        var budget = share
        defer { patternBudget -= share - max(0, budget) }
        do {
            return try match(&budget)
        } catch {
            throw DicomEditError(
                .limit, "the regular expression takes too many steps", at: span.start,
                hint: "avoid repetitions in repetitions, such as (a+)+")
        }
    }
}

// Values and paths.
extension ScriptParser {
    mutating func expression() throws -> ScriptExpression {
        let token = peek
        switch token.kind {
        case .string(let text):
            next()
            return ScriptExpression(kind: .string(text), span: token.span)
        case .number(let text):
            next()
            return ScriptExpression(kind: .number(text), span: token.span)
        case .tag, .level:
            return ScriptExpression(kind: .path(try path()), span: span(from: token.span))
        case .symbol("{"):
            return try nested { try $0.list() }
        case .identifier(let name):
            return try nested { try $0.callOrVariable(name) }
        default:
            throw unexpected("a value")
        }
    }

    /// `{a, b, {c}}`, over several lines where they are broken at elements (`list` of DE6Parser).
    private mutating func list() throws -> ScriptExpression {
        let start = next().span
        var elements: [ScriptExpression] = []
        skipNewlines()
        while !accept("}") {
            if !elements.isEmpty {
                try expect(",", "',' or '}' of a list")
                skipNewlines()
            }
            elements.append(try expression())
            skipNewlines()
        }
        return ScriptExpression(kind: .list(elements), span: span(from: start))
    }

    private mutating func callOrVariable(_ name: String) throws -> ScriptExpression {
        let start = next().span
        if peek.kind == .symbol("[") || peek.kind == .symbol("(") { return try call(name, start) }
        if case .tag = peek.kind, ScriptFunction(rawValue: name) != nil {
            diagnostics.refuse(
                .parentheses, start, "the arguments of a function stand in brackets",
                hint: "write \(name)[\(peek.name), …]")
            throw Failure()
        }
        guard !Self.reserved.contains(name) else {
            diagnostics.refuse(.reservedName, start, "'\(name)' is a word of the language and can't be a name")
            throw Failure()
        }
        return ScriptExpression(kind: .variable(name), span: start)
    }

    private mutating func call(_ name: String, _ start: ScriptSpan) throws -> ScriptExpression {
        let opening = next()
        let isBracket = opening.kind == .symbol("[")
        if !isBracket {
            diagnostics.refuseUnlessTolerant(
                .parentheses, opening.span, "the arguments of a function stand in brackets",
                hint: "write \(name.prefix(40))[…]")
        }
        let closing = isBracket ? "]" : ")"
        var arguments: [ScriptExpression] = []
        while !accept(closing) {
            if !arguments.isEmpty { try expect(",", "',' or '\(closing)'") }
            arguments.append(try expression())
        }
        let whole = span(from: start)
        guard let function = ScriptFunction(rawValue: name) else {
            reportUnknown(name, start)
            throw Failure()
        }
        let call = ScriptCall(function: function, arguments: arguments, span: whole)
        return ScriptExpression(kind: .call(call), span: whole)
    }

    private mutating func reportUnknown(_ name: String, _ span: ScriptSpan) {
        if let reason = ScriptFunction.unsupported[name] {
            return diagnostics.refuse(.unsupportedFunction, span, "\(name) is not offered: \(reason)")
        }
        let similar = ScriptFunction.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
        diagnostics.refuse(
            .unknownFunction, span, "there is no function '\(name.prefix(40))'",
            hint: similar.map { "write \($0.rawValue)" })
    }

    // MARK: - Paths

    mutating func path() throws -> PathPattern {
        var steps: [PathPattern.Step] = []
        repeat {
            if steps.count >= ScriptLimits.pathSteps {
                diagnostics.refuse(.tooDeep, peek.span, "a path has at most \(ScriptLimits.pathSteps) steps")
                throw Failure()
            }
            switch peek.kind {
            case .level(let level):
                next()
                steps.append(.level(level))
            case .tag(let tag):
                next()
                steps.append(.attribute(tag, item: try item()))
            default:
                throw unexpected("a tag such as (0010,0020)")
            }
        } while accept("/")
        return PathPattern(steps: steps)
    }

    /// `[n]` or `[%]` after a tag.
    private mutating func item() throws -> PathPattern.Item? {
        guard accept("[") else { return nil }
        let item: PathPattern.Item
        switch peek.kind {
        case .anyItem: item = .any
        case .number(let text):
            guard let number = Int(text), (0...ScriptLimits.items).contains(number) else {
                throw unexpected("the number of an item, counted from 0")
            }
            item = .number(number)
        default: throw unexpected("the number of an item, or %")
        }
        next()
        try expect("]")
        return item
    }
}

extension PathPattern {
    /// Reads the path in a string argument, as in `mapReferencedUIDs["1.2", "(3006,0020)/(3006,0024)"]`; nil where it
    /// isn't one.
    init?(parsing text: String) {
        guard text.utf8.count <= 4096 else { return nil }
        // Tolerant, so that (0009,1010) can be read for `set` and `delete`, which take numbers as they are.
        var diagnostics = ScriptDiagnostics(tolerance: .tolerant)
        let tokens = ScriptLexer.tokens(ScriptSource(text), &diagnostics)
        var parser = ScriptParser(tokens, diagnostics)
        guard let path = try? parser.path(), parser.peek.kind == .end, !parser.diagnostics.isRefused else { return nil }
        self = path
    }
}

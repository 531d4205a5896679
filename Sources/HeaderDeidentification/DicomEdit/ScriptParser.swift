/// Makes statements from tokens (the grammar DE6Parser of NrgXnat dicom-edit6). After a mistake it goes on with the next
/// line, so that one run reports them all.
struct ScriptParser {
    private var tokens: [ScriptToken]
    private var index = 0
    var depth = 0
    private var count = 0
    var diagnostics: ScriptDiagnostics

    /// Ends the statement that is being read; what is wrong has been reported.
    struct Failure: Error {}

    init(_ tokens: [ScriptToken], _ diagnostics: ScriptDiagnostics) {
        self.tokens = tokens
        self.diagnostics = diagnostics
    }

    /// The statements that could be read.
    mutating func parse() -> [ScriptStatement] {
        var statements: [ScriptStatement] = []
        while true {
            skipNewlines()
            if peek.kind == .end || diagnostics.isFull { return statements }
            if peek.kind == .symbol("}") {
                let token = next()
                diagnostics.refuse(.syntax, token.span, "there is no block to close here")
                continue
            }
            if let statement = recovered() { statements.append(statement) }
        }
    }

    /// The statement that begins here, or nil, its lines having been left out, where it can't be read.
    private mutating func recovered() -> ScriptStatement? {
        count += 1
        guard count <= ScriptLimits.statements else {
            if count == ScriptLimits.statements + 1 {
                diagnostics.refuse(.tooLarge, peek.span, "a script has at most \(ScriptLimits.statements) statements")
            }
            index = tokens.count - 1
            return nil
        }
        let before = (diagnostics.all.count, depth)
        do {
            let statement = try statement()
            try endStatement()
            return statement
        } catch {
            depth = before.1
            if diagnostics.all.count == before.0, peek.kind != .symbol("malformed") {
                diagnostics.refuse(.syntax, peek.span, "this can't be read")
            }
            skipLine()
            return nil
        }
    }

    // MARK: - Tokens

    var peek: ScriptToken { tokens[index] }

    func peek(_ offset: Int) -> ScriptToken { tokens[min(index + offset, tokens.count - 1)] }

    @discardableResult
    mutating func next() -> ScriptToken {
        let token = tokens[index]
        if index < tokens.count - 1 { index += 1 }
        return token
    }

    mutating func accept(_ symbol: String) -> Bool {
        guard peek.kind == .symbol(symbol) else { return false }
        next()
        return true
    }

    mutating func expect(_ symbol: String, _ wanted: String? = nil) throws {
        if !accept(symbol) { throw unexpected(wanted ?? "'\(symbol)'") }
    }

    mutating func skipNewlines() {
        while peek.kind == .newline { next() }
    }

    private mutating func skipLine() {
        while peek.kind != .newline, peek.kind != .end { next() }
    }

    /// Reports that something else was expected here.
    mutating func unexpected(_ wanted: String) -> Failure {
        if peek.kind == .symbol("malformed") { return Failure() }
        diagnostics.refuse(.syntax, peek.span, "expected \(wanted), found \(peek.name)", hint: hint())
        return Failure()
    }

    private func hint() -> String? {
        switch peek.kind {
        case .symbol("("): "a tag has four digits, a comma, four digits: (0010,0020)"
        case .identifier("if"): "write elseif for else if"
        case .symbol("="): "one = compares, := assigns"
        case .identifier("x"), .identifier("X"): "X alone is a digit wildcard, not a name"
        case .symbol(":=") where index > 0: "only a path or a name can stand before :="
        default: nil
        }
    }

    /// What stands from `start` to the token before this one.
    func span(from start: ScriptSpan) -> ScriptSpan {
        let last = tokens[max(0, index - 1)].span
        guard last.line == start.line, last.start > start.start else { return start }
        return ScriptSpan(start.start, length: last.start.column + last.length - start.start.column)
    }

    /// Runs `body` one level deeper.
    mutating func nested<Result>(_ body: (inout ScriptParser) throws -> Result) throws -> Result {
        guard depth < ScriptLimits.nesting else {
            diagnostics.refuse(.tooDeep, peek.span, "more than \(ScriptLimits.nesting) levels of nesting")
            throw Failure()
        }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    // MARK: - Statements

    private mutating func endStatement() throws {
        switch peek.kind {
        case .newline, .end, .symbol("}"): return
        case .symbol(let symbol) where symbol != "-": throw unexpected("the end of the line")
        case .anyItem: throw unexpected("the end of the line")
        default:
            diagnostics.refuseUnlessTolerant(
                .oneStatementALine, peek.span, "one statement a line", hint: "begin a new line here")
        }
    }

    private mutating func statement() throws -> ScriptStatement {
        let start = peek.span
        let kind: ScriptStatement.Kind
        switch peek.kind {
        case .identifier("version"):
            kind = try version()
        case .identifier("removeAllPrivateTags"):
            next()
            kind = .removeAllPrivateTags
        case .identifier("describe"), .identifier("export"):
            kind = .description(try variableNote())
        case .identifier("if"):
            kind = try branches()
        case .identifier("elseif"), .identifier("else"):
            throw unexpected("a statement")
        default:
            kind = try actionOrChoice()
        }
        return ScriptStatement(kind: kind, span: span(from: start))
    }

    private mutating func version() throws -> ScriptStatement.Kind {
        next()
        guard case .string(let version) = peek.kind else { throw unexpected("a version in quotes") }
        next()
        return .version(version)
    }

    private mutating func variableNote() throws -> ScriptVariableNote {
        let word = next()
        let name = try name()
        let isExport = word.kind == .identifier("export")
        let kind: ScriptVariableNote.Kind
        switch peek.kind {
        case .string(let text): kind = isExport ? .exported(field: text) : .description(text)
        case .identifier("hidden") where !isExport: kind = .hidden
        case .identifier("const") where !isExport, .identifier("immutable") where !isExport: kind = .fixed
        default: throw unexpected(isExport ? "a field in quotes" : "a text in quotes, or hidden")
        }
        next()
        return ScriptVariableNote(variable: name, kind: kind, position: word.span.start)
    }

    private mutating func name() throws -> String {
        guard case .identifier(let name) = peek.kind else { throw unexpected("a name") }
        if Self.reserved.contains(name) {
            diagnostics.refuse(.reservedName, peek.span, "'\(name)' is a word of the language and can't be a name")
            throw Failure()
        }
        next()
        return name
    }

    /// Words of DE6Lexer, and the digit wildcard, which it takes before a name.
    static let reserved: Set<String> = [
        "if", "elseif", "else", "describe", "hidden", "const", "immutable", "export", "echo", "removeAllPrivateTags",
        "version", "x", "X",
    ]

    // MARK: - if

    private mutating func branches() throws -> ScriptStatement.Kind {
        var branches: [ScriptBranch] = []
        repeat {
            next()
            try expect("(")
            let condition = try condition()
            try expect(")")
            branches.append(ScriptBranch(condition: condition, statements: try block()))
        } while follows("elseif")
        guard follows("else") else { return .branches(branches, otherwise: []) }
        next()
        return .branches(branches, otherwise: try block())
    }

    /// Whether `word` comes next, blank lines and comments apart; they are skipped then.
    private mutating func follows(_ word: String) -> Bool {
        var offset = 0
        while peek(offset).kind == .newline { offset += 1 }
        guard peek(offset).kind == .identifier(word) else { return false }
        skipNewlines()
        return true
    }

    private mutating func block() throws -> [ScriptStatement] {
        skipNewlines()
        try expect("{", "'{' of a block")
        return try nested { parser in
            var statements: [ScriptStatement] = []
            while true {
                parser.skipNewlines()
                if parser.accept("}") { return statements }
                guard parser.peek.kind != .end, !parser.diagnostics.isFull else { throw parser.unexpected("'}'") }
                if let statement = parser.recovered() { statements.append(statement) }
            }
        }
    }

    // MARK: - Actions

    private mutating func actionOrChoice() throws -> ScriptStatement.Kind {
        let start = peek.span
        if peek.kind == .symbol("-") || peek.kind == .identifier("echo") { return .action(try action()) }
        let left = try expression()
        switch peek.kind {
        case .symbol(":="), .symbol("?="):
            return .action(try assignment(to: left))
        case .symbol("="), .symbol("!="), .symbol("~"), .symbol("!~"), .symbol("?"):
            return try choice(try condition(from: left), start)
        default:
            guard case .call(let call) = left.kind else { throw unexpected("':=', '?=' or a condition") }
            return .action(ScriptAction(kind: .call(call), span: call.span))
        }
    }

    private mutating func choice(_ condition: ScriptCondition, _ start: ScriptSpan) throws -> ScriptStatement.Kind {
        if peek.kind == .newline || peek.kind == .end {
            diagnostics.refuse(
                .syntax, condition.span, "a condition wants '?' and an action after it", hint: "write := to assign")
            throw Failure()
        }
        try expect("?", "'?'")
        let action = try action()
        guard accept(":") else { return .choice(condition, action, otherwise: nil) }
        return .choice(condition, action, otherwise: try self.action())
    }

    private mutating func action() throws -> ScriptAction {
        let start = peek.span
        if accept("-") {
            let path = try path()
            return ScriptAction(kind: .delete(path), span: span(from: start))
        }
        if peek.kind == .identifier("echo") {
            next()
            let isBare = [.newline, .end, .symbol(":"), .symbol("}")].contains(peek.kind)
            let value = isBare ? nil : try expression()
            return ScriptAction(kind: .echo(value), span: span(from: start))
        }
        let left = try expression()
        if case .call(let call) = left.kind, ![.symbol(":="), .symbol("?=")].contains(peek.kind) {
            return ScriptAction(kind: .call(call), span: call.span)
        }
        return try assignment(to: left)
    }

    private mutating func assignment(to target: ScriptExpression) throws -> ScriptAction {
        let operation = peek
        let kind: ScriptAction.Kind
        switch (target.kind, operation.kind) {
        case (.path(let path), .symbol(":=")):
            next()
            kind = .assign(path, try expression())
        case (.path(let path), .symbol("?=")):
            next()
            kind = .assignIfPresent(path, try expression())
        case (.variable(let name), .symbol(":=")):
            next()
            kind = .setVariable(name, try expression())
        default:
            throw unexpected(operation.kind == .symbol("?=") ? "a path before '?='" : "an action")
        }
        return ScriptAction(kind: kind, span: span(from: target.span))
    }

    // MARK: - Conditions

    private mutating func condition() throws -> ScriptCondition {
        try condition(from: try expression())
    }

    private mutating func condition(from left: ScriptExpression) throws -> ScriptCondition {
        if case .symbol(let symbol) = peek.kind, let comparison = ScriptCondition.Comparison(rawValue: symbol) {
            next()
            let right = try expression()
            return ScriptCondition(kind: .comparison(left, comparison, right), span: span(from: left.span))
        }
        guard case .call(let call) = left.kind else { throw unexpected("'=', '!=', '~' or '!~'") }
        return ScriptCondition(kind: .call(call), span: call.span)
    }
}

/// Divides a script into tokens (the lexer grammar DE6Lexer of NrgXnat dicom-edit6, and section by section the DicomEdit 6
/// Language Reference).
struct ScriptLexer {
    private let source: ScriptSource
    private var index = 0
    private var tokens: [ScriptToken] = []
    var diagnostics: ScriptDiagnostics

    private init(_ source: ScriptSource, _ diagnostics: ScriptDiagnostics) {
        self.source = source
        self.diagnostics = diagnostics
    }

    static func tokens(
        _ source: ScriptSource, _ diagnostics: inout ScriptDiagnostics
    ) -> [ScriptToken] {
        var lexer = ScriptLexer(source, diagnostics)
        lexer.run()
        diagnostics = lexer.diagnostics
        return lexer.tokens
    }

    private mutating func run() {
        if source.isCut {
            diagnostics.refuse(
                .tooLarge, ScriptSpan(source.positions[0]),
                "the script has more than \(ScriptLimits.scriptLength) characters")
        }
        while let scalar = peek(), !diagnostics.isFull { lex(scalar) }
        add(.end, from: index)
    }

    // MARK: - Characters

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        let place = index + offset
        return place < source.scalars.count ? source.scalars[place] : nil
    }

    private func text(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: source.scalars[range])
        return String(text)
    }

    private func span(from start: Int) -> ScriptSpan {
        let first = source.positions[min(start, source.positions.count - 1)]
        let last = source.positions[min(index, source.positions.count - 1)]
        return ScriptSpan(first, length: last.line == first.line ? last.column - first.column : 1)
    }

    private mutating func add(_ kind: ScriptToken.Kind, from start: Int) {
        tokens.append(ScriptToken(kind: kind, span: span(from: start)))
    }

    private mutating func skipBlanks() {
        while let scalar = peek(), scalar == " " || scalar == "\t" { index += 1 }
    }

    private mutating func skipToLineEnd() {
        while let scalar = peek(), scalar != "\n" { index += 1 }
    }

    // MARK: - Tokens

    private mutating func lex(_ scalar: Unicode.Scalar) {
        let start = index
        switch scalar {
        case " ", "\t":
            index += 1
        case "\n":
            index += 1
            add(.newline, from: start)
        case "/" where peek(1) == "/":
            skipToLineEnd()
        case "#":
            skipToLineEnd()
            diagnostics.refuseUnlessTolerant(
                .hashComment, span(from: start), "'#' does not begin a comment", hint: "begin comments with //")
        case "\"":
            lexString()
        case "'", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}":
            lexForeignQuote(scalar)
        case "(":
            lexParenthesis()
        case "a"..."z", "A"..."Z", "_":
            lexIdentifier()
        case "0"..."9":
            lexNumber()
        case "-" where peek(1).map { ("1"..."9").contains($0) || $0 == "0" && peek(2) == "." } ?? false:
            lexNumber()
        default:
            lexSymbol(scalar)
        }
    }

    private mutating func lexSymbol(_ scalar: Unicode.Scalar) {
        let start = index
        if let next = peek(1), let pair = [":=", "?=", "!=", "!~"].first(where: { $0 == "\(scalar)\(next)" }) {
            index += 2
            return add(.symbol(pair), from: start)
        }
        index += 1
        if scalar == "%" { return add(.anyItem, from: start) }
        if let level = PathPattern.Level(rawValue: Character(scalar)) { return add(.level(level), from: start) }
        if "=~-?:,/()[]{}".unicodeScalars.contains(scalar) { return add(.symbol(String(scalar)), from: start) }
        if scalar == "\\" {
            skipBlanks()
            if peek() == "\n" || peek() == nil {
                return diagnostics.refuseUnlessTolerant(
                    .syntax, span(from: start), "blanks after the backslash keep it from continuing the line",
                    hint: "end the line with the backslash")
            }
        }
        diagnostics.refuse(
            .syntax, span(from: start), "a character that the language does not have", hint: Self.hint(scalar))
    }

    private static func hint(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&", "|": "there is no and, no or: nest conditions, if (a) { if (b) { … } }"
        case ";": "a statement ends with its line"
        default: nil
        }
    }

    private mutating func lexIdentifier() {
        let start = index
        while let scalar = peek(), scalar.isScriptLetter || scalar.isScriptDigit || scalar == "_" { index += 1 }
        add(.identifier(text(start..<index)), from: start)
    }

    private mutating func lexNumber() {
        let start = index
        if peek() == "-" { index += 1 }
        let digits = index
        while let scalar = peek(), scalar.isScriptDigit { index += 1 }
        if index - digits > 1, source.scalars[digits] == "0" {
            diagnostics.refuseUnlessTolerant(
                .syntax, span(from: start), "a number does not begin with 0", hint: "write it as a string")
        }
        if peek() == ".", let next = peek(1), next.isScriptDigit {
            index += 1
            while let scalar = peek(), scalar.isScriptDigit { index += 1 }
        }
        add(.number(text(start..<index)), from: start)
    }

    // MARK: - Strings

    /// `""` stands for a quote and `\\` for a backslash. DE6Lexer also lets through `\n \r \t \b \f \( \)` and three octal
    /// digits, and leaves them as they are: they are for regular expressions.
    private mutating func lexString() {
        let start = index
        index += 1
        var value = String.UnicodeScalarView()
        while let scalar = peek() {
            switch scalar {
            case "\"" where peek(1) == "\"":
                value.append(scalar)
                index += 2
            case "\"":
                index += 1
                return add(.string(String(value)), from: start)
            case "\n":
                diagnostics.refuse(
                    .quotes, span(from: start), "the string has no closing quote in its line",
                    hint: "close it; continue a long line with a backslash at its end")
                return add(.symbol("malformed"), from: start)
            case "\\":
                lexEscape(into: &value)
            default:
                value.append(scalar)
                index += 1
            }
        }
        diagnostics.refuse(.quotes, span(from: start), "the string has no closing quote")
    }

    private mutating func lexEscape(into value: inout String.UnicodeScalarView) {
        let start = index
        guard let next = peek(1), next != "\n" else {
            value.append("\\")
            index += 1
            return
        }
        if next == "\\" {
            value.append("\\")
            index += 2
            return
        }
        let isOctal = (1...3).allSatisfy { offset in peek(offset).map { ("0"..."7").contains($0) } ?? false }
        value.append("\\")
        index += 1
        guard !"nrtbf()".unicodeScalars.contains(next), !isOctal else {
            value.append(next)
            index += 1
            return
        }
        if next == "\"" {
            diagnostics.refuseUnlessTolerant(
                .escape, span(from: start), "a backslash does not escape a quote", hint: "write \"\" for a quote")
            // What was meant is the quote alone.
            value.removeLast()
        } else {
            diagnostics.refuseUnlessTolerant(
                .escape, span(from: start), "'\\' followed by this character is not an escape",
                hint: "write \\\\ for a backslash")
        }
        value.append(next)
        index += 1
    }

    /// A string in quotes that the language does not have.
    private mutating func lexForeignQuote(_ scalar: Unicode.Scalar) {
        let start = index
        let closing: Unicode.Scalar =
            switch scalar {
            case "\u{201C}": "\u{201D}"
            case "\u{2018}": "\u{2019}"
            default: scalar
            }
        var end = index + 1
        while end < source.scalars.count, source.scalars[end] != closing, source.scalars[end] != "\n" { end += 1 }
        guard end < source.scalars.count, source.scalars[end] == closing else {
            index += 1
            return diagnostics.refuse(
                .quotes, span(from: start), "strings stand in straight double quotes", hint: "write \"…\"")
        }
        index = end + 1
        diagnostics.refuseUnlessTolerant(
            .quotes, span(from: start), "strings stand in straight double quotes", hint: "write \"…\"")
        add(.string(text((start + 1)..<end)), from: start)
    }

    // MARK: - Tags

    /// A tag, or an opening parenthesis.
    private mutating func lexParenthesis() {
        let start = index
        let group = digits(from: index + 1)
        index += 1
        guard group.count == 4 else { return add(.symbol("("), from: start) }
        index += 4
        skipBlanks()
        guard peek() == "," else {
            index = start + 1
            return add(.symbol("("), from: start)
        }
        index += 1
        skipBlanks()
        peek() == "{" ? lexPrivateTag(group, from: start) : lexPublicTag(group, from: start)
    }

    /// The digits and digit wildcards that begin at `place`, at most five.
    private func digits(from place: Int) -> String {
        var digits = ""
        for scalar in source.scalars[min(place, source.scalars.count)...].prefix(5) {
            guard TagPattern.mask(Character(scalar)) != nil else { break }
            digits.unicodeScalars.append(scalar)
        }
        return digits
    }

    private mutating func lexPublicTag(_ group: String, from start: Int) {
        let element = digits(from: index)
        index += element.unicodeScalars.count
        guard element.count == 4, peek() == ")" else {
            return malformedTag(from: start, "the element of a tag has four digits")
        }
        index += 1
        let span = span(from: start)
        guard let tag = TagPattern(group: group, element: element, creator: nil, text: text(start..<index)) else {
            return
        }
        if tag.isBarePrivate {
            diagnostics.refuseUnlessTolerant(
                .barePrivateTag, span, "\(tag.text) is private: its block is found by the creator, not by a number",
                hint: "write (\(group),{Creator ID}\(element.suffix(2))), or removeAllPrivateTags")
        } else if group.last == "X" || group.last == "x" {
            diagnostics.warn(
                .wildcardGroup, span,
                "XNAT's grammar wants to see whether a group is even: X as its last digit can fail",
                hint: "write @ for it")
        }
        add(.tag(tag), from: start)
    }

    private mutating func lexPrivateTag(_ group: String, from start: Int) {
        var end = index + 1
        while end < source.scalars.count, source.scalars[end] != "}", source.scalars[end] != "\n" { end += 1 }
        guard end < source.scalars.count, source.scalars[end] == "}" else {
            return malformedTag(from: start, "the Private Creator has no closing brace")
        }
        let creator = text((index + 1)..<end)
        index = end + 1
        let element = digits(from: index)
        index += element.unicodeScalars.count
        guard element.count == 2, peek() == ")" else {
            return malformedTag(from: start, "two digits follow the creator of a private tag")
        }
        index += 1
        let span = span(from: start)
        let trimmed = creator.trimmingBlanks
        guard !trimmed.isEmpty, trimmed.utf8.count <= 64,
            let tag = TagPattern(group: group, element: element, creator: trimmed, text: text(start..<index))
        else { return diagnostics.refuse(.syntax, span, "a Private Creator has 1 to 64 characters") }
        if let last = group.last.flatMap(TagPattern.mask), last & 0xAAAA == 0 {
            return diagnostics.refuse(
                .barePrivateTag, span, "group \(group) is even, so it has no Private Creators (PS3.5 7.8)",
                hint: "write the tag without a creator")
        }
        if trimmed != creator || trimmed.unicodeScalars.first?.isScriptLetter != true
            || !trimmed.unicodeScalars.allSatisfy({
                $0.isScriptLetter || $0.isScriptDigit || " -_.:".unicodeScalars.contains($0)
            })
        {
            diagnostics.warn(
                .creatorCharacters, span,
                "some releases of XNAT only read creators of a letter, then letters, digits, blanks and - _ . :")
        }
        add(.tag(tag), from: start)
    }

    private mutating func malformedTag(from start: Int, _ message: String) {
        while let scalar = peek(), scalar != ")", scalar != "\n" { index += 1 }
        if peek() == ")" { index += 1 }
        diagnostics.refuse(.syntax, span(from: start), message, hint: "write (gggg,eeee) or (gggg,{Creator ID}ee)")
        // Without a token for it one mistake would be reported as several: the parser leaves the line out.
        add(.symbol("malformed"), from: start)
    }
}

extension Unicode.Scalar {
    var isScriptLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
    var isScriptDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
    /// Without the blanks around it, which a Private Creator (LO) doesn't count.
    var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

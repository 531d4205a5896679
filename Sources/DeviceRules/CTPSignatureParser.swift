import DICOMModel

/// Parses the boolean expression of a signature: `Attribute.method("value")`, `!`, `*` (and), `+` (or), parentheses, `//` to
/// the end of a line (`DicomObject.java`; `!` binds closest, then `*`).
struct CTPSignatureParser {
    /// What can't be carried over, and where.
    struct Problem: Error {
        var line: Int
        var message: String
    }

    private let text: [Unicode.Scalar]
    private let lines: [Int]
    private let firstLine: Int
    private var place = 0
    private var depth = 0

    init(_ text: [Unicode.Scalar], lines: [Int], line: Int) {
        self.text = text
        self.lines = lines
        firstLine = line
    }

    mutating func parse() throws(Problem) -> RuleCondition {
        let condition = try alternatives()
        skipBlanks()
        guard place == text.count else { throw problem("`\(text[place])` is not expected here") }
        return condition
    }

    // MARK: - Grammar

    private mutating func alternatives() throws(Problem) -> RuleCondition {
        var result = try conjunction()
        while take("+") { result = .joined(result, try conjunction(), isAnd: false) }
        return result
    }

    private mutating func conjunction() throws(Problem) -> RuleCondition {
        var result = try factor()
        while take("*") { result = .joined(result, try factor(), isAnd: true) }
        return result
    }

    private mutating func factor() throws(Problem) -> RuleCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= RuleCondition.maximumDepth else { throw problem("parentheses stand too deep in each other") }
        if take("!") { return .not(try factor()) }
        if take("(") {
            let inner = try alternatives()
            guard take(")") else { throw problem("a closing parenthesis is missing") }
            // A part of its own, which what stands around it must not dissolve.
            return inner
        }
        return try operand()
    }

    private mutating func operand() throws(Problem) -> RuleCondition {
        skipBlanks()
        let name = try attribute()
        if name == "true" || name == "false" {
            _ = take(".")
            return name == "true" ? .all([]) : .any([])
        }
        guard take(".") else { throw problem("`.` and a test must follow \(name)") }
        let method = word()
        guard take("(") else { throw problem("`(` must follow \(name).\(method)") }
        let value = try quoted()
        guard take(")") else { throw problem("`)` must follow the value") }
        guard let comparison = Self.comparisons[method] else {
            throw problem(
                "CTP has no test `\(method)`; known are: " + Self.comparisons.keys.sorted().joined(separator: ", "))
        }
        let test = AttributeTest(try path(name), comparison, value)
        do throws(DeviceRuleError) {
            try test.check()
        } catch {
            throw problem(error.message)
        }
        return .test(test)
    }

    private static let comparisons: [String: AttributeTest.Comparison] = [
        "equals": .equals, "equalsIgnoreCase": .equalsIgnoringCase, "matches": .matches, "contains": .contains,
        "containsIgnoreCase": .containsIgnoringCase, "startsWith": .startsWith,
        "startsWithIgnoreCase": .startsWithIgnoringCase, "endsWith": .endsWith,
        "endsWithIgnoreCase": .endsWithIgnoringCase, "isLessThan": .lessThan, "isGreaterThan": .greaterThan,
    ]

    // MARK: - Words

    /// `[0008,0104]`, `[00080104]`, `Modality`, and several of these with `::` between.
    private mutating func attribute() throws(Problem) -> String {
        var name = ""
        var brackets = 0
        while place < text.count {
            let scalar = text[place]
            if scalar == "[" { brackets += 1 }
            if scalar == "]" { brackets -= 1 }
            guard
                brackets > 0 || scalar == "]" || scalar == ":" || scalar == "_" || scalar.properties.isAlphabetic
                    || (0x30...0x39).contains(scalar.value)
            else { break }
            name.unicodeScalars.append(scalar)
            place += 1
        }
        guard !name.isEmpty else {
            throw problem(place < text.count ? "`\(text[place])` is not expected here" : "the signature ends too early")
        }
        return name
    }

    private mutating func word() -> String {
        var word = ""
        skipBlanks()
        while place < text.count, text[place].properties.isAlphabetic {
            word.unicodeScalars.append(text[place])
            place += 1
        }
        return word
    }

    private mutating func quoted() throws(Problem) -> String {
        guard take("\"") else { throw problem("the value must stand in quotes") }
        guard let end = text[place...].firstIndex(of: "\"") else { throw problem("a quote is missing") }
        defer { place = end + 1 }
        return String(String.UnicodeScalarView(text[place..<end]))
    }

    private func path(_ name: String) throws(Problem) -> [Tag] {
        var tags: [Tag] = []
        let specifier = name.hasPrefix("root:") ? String(name.dropFirst(5)) : name
        for part in specifier.split(separator: ":") {
            var part = String(part)
            if part.hasPrefix("["), part.hasSuffix("]") { part = String(part.dropFirst().dropLast()) }
            guard !part.contains("[") else { throw problem("private elements by their creator can't be tested here") }
            guard let tag = RuleText.tag(keyword: part) ?? Tag(parsing: part) else {
                throw problem("no Attribute is called \(part)")
            }
            tags.append(tag)
        }
        return tags
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard place < text.count, text[place] == scalar else { return false }
        place += 1
        return true
    }

    private mutating func skipBlanks() {
        while place < text.count {
            if text[place].properties.isWhitespace {
                place += 1
            } else if text[place] == "/", place + 1 < text.count, text[place + 1] == "/" {
                place = text[place...].firstIndex(of: "\n") ?? text.count
            } else {
                return
            }
        }
    }

    private func problem(_ message: String) -> Problem {
        let line = place < lines.count ? lines[place] : lines.last ?? firstLine
        return Problem(line: line, message: message)
    }
}

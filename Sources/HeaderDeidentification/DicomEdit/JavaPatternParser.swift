/// Reads a regular expression in Java's syntax (java.util.regex.Pattern).
struct JavaPatternParser {
    private typealias Node = JavaPatternNode
    private typealias Problem = JavaPattern.Problem

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0
    private(set) var groupCount = 0
    private var names: [String: Int] = [:]
    private var flags = Flags()

    private struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesAll = false
    }

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func parse() throws(JavaPattern.Problem) -> JavaPatternNode {
        let node = try choice()
        guard index == scalars.count else { throw Problem(message: "a ')' of the regular expression closes nothing") }
        return node
    }

    // MARK: - Scalars

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func accept(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    // MARK: - Structure

    private mutating func choice() throws(JavaPattern.Problem) -> JavaPatternNode {
        guard depth < JavaPattern.maximumDepth else {
            throw Problem(message: "the regular expression is nested too deeply")
        }
        depth += 1
        defer { depth -= 1 }
        var branches = [try sequence()]
        while accept("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(JavaPattern.Problem) -> JavaPatternNode {
        var nodes: [Node] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            if accept("\\Q") {
                while index < scalars.count, !accept("\\E") {
                    nodes.append(literal(scalars[index]))
                    index += 1
                }
                continue
            }
            let atom = try atom()
            nodes.append(try quantified(atom))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private func literal(_ scalar: Unicode.Scalar) -> JavaPatternNode { .one(folded(.scalar(scalar))) }

    private func folded(_ characters: JavaCharacterClass) -> JavaCharacterClass {
        flags.ignoresCase ? .ignoringCase(characters) : characters
    }

    private mutating func quantified(_ atom: JavaPatternNode) throws(JavaPattern.Problem) -> JavaPatternNode {
        guard let scalar = peek else { return atom }
        var bounds: (Int, Int?)
        switch scalar {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{": bounds = try counts()
        default: return atom
        }
        if scalar != "{" { index += 1 }
        let greed: Node.Greed = accept("?") ? .lazy : accept("+") ? .possessive : .greedy
        if let next = peek, "*+?{".unicodeScalars.contains(next) {
            throw Problem(message: "a quantifier of the regular expression follows another")
        }
        guard let maximum = bounds.1 else { return .loop(atom, minimum: bounds.0, greed) }
        return .repetition(atom, bounds.0...maximum, greed)
    }

    /// `{n}`, `{n,}`, `{n,m}`.
    private mutating func counts() throws(JavaPattern.Problem) -> (Int, Int?) {
        index += 1
        let minimum = number()
        var maximum = minimum
        let isOpen = accept(",")
        if isOpen { maximum = number() }
        guard accept("}"), let minimum, minimum <= JavaPattern.maximumCount, maximum ?? 0 <= JavaPattern.maximumCount,
            maximum.map({ $0 >= minimum }) ?? true
        else { throw Problem(message: "a repetition of the regular expression is {n}, {n,} or {n,m}, at most 1000") }
        return (minimum, isOpen ? maximum : minimum)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = peek, scalar.isScriptDigit, digits.count < 6 {
            digits.unicodeScalars.append(scalar)
            index += 1
        }
        return Int(digits)
    }

    // MARK: - Atoms

    private mutating func atom() throws(JavaPattern.Problem) -> JavaPatternNode {
        let scalar = scalars[index]
        index += 1
        switch scalar {
        case "(": return try group()
        case "[": return .one(folded(try characterClass()))
        case ".": return .one(flags.dotMatchesAll ? .all : .any)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .start)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .end)
        case "\\": return try escape()
        case "*", "+", "?", "{":
            throw Problem(message: "a quantifier of the regular expression follows nothing")
        default: return literal(scalar)
        }
    }

    private mutating func group() throws(JavaPattern.Problem) -> JavaPatternNode {
        let outer = flags
        guard accept("?") else {
            groupCount += 1
            return try closed(restoring: outer, number: groupCount)
        }
        if accept(":") { return try closed(restoring: outer) }
        if accept("=") { return .lookahead(try closed(restoring: outer), isNegative: false) }
        if accept("!") { return .lookahead(try closed(restoring: outer), isNegative: true) }
        if accept(">") { return .atomic(try closed(restoring: outer)) }
        if accept("<=") || accept("<!") { throw Problem(message: "lookbehind is not offered in regular expressions") }
        if accept("<") { return try namedGroup(restoring: outer) }
        try readFlags()
        if accept(")") { return .empty }
        guard accept(":") else { throw Problem(message: "the regular expression has a group that is not offered") }
        return try closed(restoring: outer)
    }

    private mutating func closed(
        restoring outer: Flags, number: Int? = nil
    ) throws(JavaPattern.Problem) -> JavaPatternNode {
        let node = try choice()
        guard accept(")") else { throw Problem(message: "a '(' of the regular expression is not closed") }
        flags = outer
        return number.map { .group(node, number: $0) } ?? node
    }

    private mutating func namedGroup(restoring outer: Flags) throws(JavaPattern.Problem) -> JavaPatternNode {
        let name = word()
        guard !name.isEmpty, accept(">"), names[name] == nil else {
            throw Problem(message: "a group of the regular expression has no good name")
        }
        groupCount += 1
        names[name] = groupCount
        return try closed(restoring: outer, number: groupCount)
    }

    private mutating func word() -> String {
        var name = ""
        while let scalar = peek, scalar.isScriptLetter || scalar.isScriptDigit {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        return name
    }

    /// `i`, `m`, `s` and, after `-`, their end.
    private mutating func readFlags() throws(JavaPattern.Problem) {
        var isOn = true
        while let scalar = peek, scalar != ")", scalar != ":" {
            switch scalar {
            case "-" where isOn: isOn = false
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotMatchesAll = isOn
            default: throw Problem(message: "of the flags of a regular expression i, m and s are offered")
            }
            index += 1
        }
    }

    // MARK: - Escapes

    private mutating func escape() throws(JavaPattern.Problem) -> JavaPatternNode {
        guard let scalar = peek else { throw Problem(message: "the regular expression ends in a backslash") }
        switch scalar {
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        case "A": return assertion(.start)
        case "z": return assertion(.inputEnd)
        case "Z": return assertion(.end)
        case "k": return try namedBackreference()
        case "1"..."9": return try backreference()
        default: return .one(folded(try escapedClass()))
        }
    }

    private mutating func assertion(_ assertion: JavaPatternNode.Assertion) -> JavaPatternNode {
        index += 1
        return .assertion(assertion)
    }

    private mutating func namedBackreference() throws(JavaPattern.Problem) -> JavaPatternNode {
        index += 1
        guard accept("<") else { throw Problem(message: "\\k of a regular expression wants a name in <>") }
        let name = word()
        guard accept(">"), let number = names[name] else {
            throw Problem(message: "the regular expression refers to a group that it doesn't have")
        }
        return .backreference(number, ignoresCase: flags.ignoresCase)
    }

    private mutating func backreference() throws(JavaPattern.Problem) -> JavaPatternNode {
        var number = 0
        // Further digits belong to it as long as there are so many groups.
        while let scalar = peek, scalar.isScriptDigit {
            let longer = number * 10 + Int(scalar.value - 0x30)
            if number > 0, longer > groupCount { break }
            number = longer
            index += 1
        }
        guard number <= groupCount else {
            throw Problem(message: "the regular expression refers to a group that it doesn't have")
        }
        return .backreference(number, ignoresCase: flags.ignoresCase)
    }

    /// What a backslash and the scalar here stand for, in a class as well as outside.
    private mutating func escapedClass() throws(JavaPattern.Problem) -> JavaCharacterClass {
        guard let scalar = peek else { throw Problem(message: "the regular expression ends in a backslash") }
        index += 1
        switch scalar {
        case "d": return .digit
        case "D": return .not(.digit)
        case "w": return .word
        case "W": return .not(.word)
        case "s": return .space
        case "S": return .not(.space)
        case "h": return .blank
        case "H": return .not(.blank)
        case "t": return .scalar("\t")
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "f": return .scalar("\u{C}")
        case "a": return .scalar("\u{7}")
        case "e": return .scalar("\u{1B}")
        case "p", "P": return try property(isNegated: scalar == "P")
        case "x": return .scalar(try hexadecimal(digits: 2))
        case "u": return .scalar(try hexadecimal(digits: 4))
        case "0": return .scalar(try octal())
        default:
            if scalar.isScriptLetter || scalar.isScriptDigit {
                throw Problem(message: "'\\\(scalar)' is not offered in regular expressions")
            }
            return .scalar(scalar)
        }
    }

    private mutating func property(isNegated: Bool) throws(JavaPattern.Problem) -> JavaCharacterClass {
        var name = ""
        if accept("{") {
            name = word()
            guard accept("}") else { throw Problem(message: "\\p of a regular expression wants a name in braces") }
        } else if let scalar = peek {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        let base = name.hasPrefix("Is") && name.count > 2 ? String(name.dropFirst(2)) : name
        guard let named = JavaCharacterClass.Named(rawValue: base) else {
            throw Problem(message: "this \\p{…} is not offered in regular expressions")
        }
        return isNegated ? .not(.named(named)) : .named(named)
    }

    private mutating func hexadecimal(digits: Int) throws(JavaPattern.Problem) -> Unicode.Scalar {
        var text = ""
        let isBraced = digits == 2 && accept("{")
        let limit = isBraced ? 6 : digits
        while let scalar = peek, text.count < limit, scalar.properties.isASCIIHexDigit {
            text.unicodeScalars.append(scalar)
            index += 1
        }
        guard isBraced ? accept("}") : text.count == digits, let value = UInt32(text, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw Problem(message: "a character number of the regular expression can't be read") }
        return scalar
    }

    private mutating func octal() throws(JavaPattern.Problem) -> Unicode.Scalar {
        var text = ""
        while let scalar = peek, text.count < 3, ("0"..."7").contains(scalar) {
            text.unicodeScalars.append(scalar)
            index += 1
        }
        guard let value = UInt32(text, radix: 8), value <= 0o377, let scalar = Unicode.Scalar(value) else {
            throw Problem(message: "a character number of the regular expression can't be read")
        }
        return scalar
    }

    // MARK: - Classes

    private mutating func characterClass() throws(JavaPattern.Problem) -> JavaCharacterClass {
        guard depth < JavaPattern.maximumDepth else {
            throw Problem(message: "the regular expression is nested too deeply")
        }
        depth += 1
        defer { depth -= 1 }
        let isNegated = accept("^")
        var parts: [JavaCharacterClass] = []
        while let scalar = peek, scalar != "]" {
            if accept("&&") { throw Problem(message: "&& is not offered in classes of regular expressions") }
            if accept("[") {
                parts.append(try characterClass())
                continue
            }
            parts.append(try classPart(scalar))
        }
        guard !parts.isEmpty else {
            throw Problem(message: "a class of the regular expression is empty; write \\] for a bracket")
        }
        guard accept("]") else { throw Problem(message: "a '[' of the regular expression is not closed") }
        // A class of a thousand characters is a search of a thousand steps at each place; the bound counts one.
        guard parts.count <= 256 else { throw Problem(message: "a class of the regular expression has too many parts") }
        return isNegated ? .not(folded(.union(parts))) : .union(parts)
    }

    private mutating func classPart(_ scalar: Unicode.Scalar) throws(JavaPattern.Problem) -> JavaCharacterClass {
        index += 1
        let first: JavaCharacterClass = scalar == "\\" ? try escapedClass() : .scalar(scalar)
        guard case .scalar(let lower) = first, peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]",
            scalars[index + 1] != "["
        else { return first }
        index += 1
        let scalar = scalars[index]
        index += 1
        let last: JavaCharacterClass = scalar == "\\" ? try escapedClass() : .scalar(scalar)
        guard case .scalar(let upper) = last, lower <= upper else {
            throw Problem(message: "a range of the regular expression runs backwards")
        }
        return .range(lower...upper)
    }
}

import DICOMModel

/// A line of conditions: `+ contains ImageType LOCAL || contains SeriesDescription Localizer`.
enum DeidMember {
    /// What the line says, and whether it is joined to those before it by "or".
    static func parse(_ line: String) throws(DeviceRuleError) -> (condition: RuleCondition, isOr: Bool) {
        var rest = Substring(line)
        let isOr = rest.hasPrefix("||")
        if isOr || rest.hasPrefix("+") { rest = rest.dropFirst(isOr ? 2 : 1) }
        var condition: RuleCondition?
        var isAnd = true
        while true {
            let (part, joint, remainder) = split(rest)
            let test = try test(part.trimmingBlanks)
            condition = condition.map { .joined($0, test, isAnd: isAnd) } ?? test
            guard let joint else { break }
            isAnd = joint == "+"
            rest = remainder
        }
        return (condition ?? .all([]), isOr)
    }

    private static let filters = ["contains", "notcontains", "equals", "notequals", "missing", "present", "empty"]

    /// Up to the first `||` or `+` behind which another test begins; signs within a value don't divide.
    private static func split(_ text: Substring) -> (part: Substring, joint: String?, rest: Substring) {
        var place = text.startIndex
        while place < text.endIndex {
            for joint in ["||", "+"] where text[place...].hasPrefix(joint) {
                let rest = text[text.index(place, offsetBy: joint.count)...]
                let word = rest.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }.lowercased()
                if filters.contains(word) { return (text[..<place], joint, rest) }
            }
            place = text.index(after: place)
        }
        return (text, nil, "")
    }

    // MARK: - One test

    private static func test(_ text: String) throws(DeviceRuleError) -> RuleCondition {
        let words = text.split(maxSplits: 2, whereSeparator: \.isWhitespace).map(String.init)
        guard let action = words.first?.lowercased(), filters.contains(action) else {
            throw DeviceRuleError("`\(words.first ?? "")` is no filter; known are: " + filters.joined(separator: ", "))
        }
        guard words.count >= 2 else { throw DeviceRuleError("a field must follow `\(action)`") }
        let path = [try tag(words[1])]
        switch action {
        case "missing", "present", "empty":
            guard words.count == 2 else { throw DeviceRuleError("nothing may follow `\(action) \(words[1])`") }
            let comparisons: [String: AttributeTest.Comparison] = [
                "missing": .missing, "present": .present, "empty": .empty,
            ]
            return .test(AttributeTest(path, comparisons[action] ?? .present))
        default:
            guard words.count == 3 else { throw DeviceRuleError("a value must follow `\(action) \(words[1])`") }
            let value = words[2].trimmingCharacters
            let positive =
                action.hasSuffix("equals")
                ? RuleCondition.test(AttributeTest(path, .equalsIgnoringCase, value)) : try contains(path, value)
            return action.hasPrefix("not") ? .not(positive) : positive
        }
    }

    /// A keyword, or `0x00081090`.
    private static func tag(_ field: String) throws(DeviceRuleError) -> Tag {
        if field.lowercased().hasPrefix("0x"), let tag = Tag(parsing: String(field.dropFirst(2))) { return tag }
        guard let tag = RuleText.tag(keyword: field) else {
            throw DeviceRuleError("no Attribute is called \(field), so deid never finds it either")
        }
        return tag
    }

    /// A regular expression that is looked for whatever the case of letters; most are words with `|` between.
    private static func contains(_ path: [Tag], _ value: String) throws(DeviceRuleError) -> RuleCondition {
        guard value.contains(where: { ".^$*+?{}[]\\()".contains($0) }) else {
            let words = value.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard words.allSatisfy({ !$0.isEmpty }) else { throw DeviceRuleError("an empty word fits everything") }
            let tests = words.map { RuleCondition.test(AttributeTest(path, .containsIgnoringCase, $0)) }
            return tests.count == 1 ? tests[0] : .any(tests)
        }
        guard !value.contains("\\") else {
            throw DeviceRuleError("deid lowers the case of expressions, which changes the meaning of `\\`")
        }
        let test = AttributeTest(path, .finds, value)
        try test.check()
        // What isn't there contains nothing, not even the empty text.
        return .all([.test(AttributeTest(path, .present)), .test(test)])
    }
}

extension String {
    fileprivate var trimmingCharacters: String { self[...].trimmingBlanks }
}

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Regular expressions in Java's syntax; what they match was found with java.util.regex's documentation at hand.
struct ScriptPatternTests {
    private let unicode: DataSet = {
        var dataSet = DataSet()
        dataSet[.specificCharacterSet] = DataElement(tag: .specificCharacterSet, vr: .cs, ascii: "ISO_IR 192")
        return dataSet
    }()

    /// The groups of the first match, asked for one by one.
    private func match(_ text: String, _ pattern: String, _ group: Int = 0) throws -> String? {
        let escaped = pattern.replacing("\\", with: "\\\\").replacing("\"", with: "\"\"")
        let context = ScriptContext(variables: ["v": .init(text)])
        let result = try Bench.run(
            "(0040,A160) := match[v, \"\(escaped)\", \(group)]", unicode, context: context)
        return result.dataSet[tag("0040A160")] == nil ? nil : result.dataSet.string(tag("0040A160")) ?? ""
    }

    @Test(arguments: [
        ("abc", "b", 0, "b"), ("abc", "a|b", 0, "a"), ("abcd", "(a)(b)?(x)?", 2, "b"), ("abcd", "(a)(b)?(x)?", 3, nil),
        ("aaa", "a{2}", 0, "aa"), ("aaa", "a{1,2}?", 0, "a"), ("aaa", "a{2,}", 0, "aaa"), ("aaa", "a*?", 0, ""),
        ("<a><b>", "<.+?>", 0, "<a>"), ("<a><b>", "<.+>", 0, "<a><b>"), ("foo12", "\\d+", 0, "12"),
        ("foo12", "[^\\d]+", 0, "foo"), ("a-b", "[a\\-z]+", 0, "a-"), ("x]y", "[\\]]", 0, "]"),
        ("tab\t", "\\s", 0, "\t"),
        ("ABC", "(?i)b", 0, "B"), ("aBc", "a(?i:b)c", 0, "aBc"), ("aBC", "a(?i:b)c", 0, nil),
        ("abab", "(ab)\\1", 0, "abab"),
        ("abAB", "(?i)(ab)\\1", 0, "abAB"), ("price 12", "\\bp\\w+", 0, "price"), ("a\nb", "a.b", 0, nil),
        ("a\nb", "(?s)a.b", 0, "a\nb"), ("a\nb", "(?m)^b$", 0, "b"), ("a\nb", "^b", 0, nil), ("ab\n", "b$", 0, "b"),
        ("foobar", "foo(?=bar)", 0, "foo"), ("foobaz", "foo(?!bar)", 0, "foo"), ("foobar", "foo(?!bar)", 0, nil),
        ("aaab", "(?>a+)b", 0, "aaab"), ("aaa", "a++a", 0, nil), ("aaa", "(?>a*)a", 0, nil),
        ("k=v", "(?<key>\\w)=(?<value>\\w)", 2, "v"), ("aa", "(?<x>a)\\k<x>", 0, "aa"), ("a.b", "\\Qa.b\\E", 0, "a.b"),
        ("axb", "\\Qa.b\\E", 0, nil), ("\u{E9}", "\\u00e9", 0, "\u{E9}"), ("A", "\\x41", 0, "A"),
        ("A1", "\\p{Upper}\\p{Digit}", 0, "A1"),
        ("\u{C4}", "\\p{L}", 0, "\u{C4}"), ("\u{C4}", "\\w", 0, nil), ("aab", "(a|ab)(c|bcd)?", 0, "a"),
        ("", "(a*)*", 0, ""),
        ("b", "(a*)*b", 0, "b"), ("aXb", "(?:a(?=X))+", 0, "a"), ("2020-01-31", "(\\d{4})-(\\d\\d)", 2, "01"),
        ("x", "[[a-c][x-z]]", 0, "x"), ("}", "[}]", 0, "}"), ("a,b", "[,;]", 0, ","), ("abc", "\\Aabc\\z", 0, "abc"),
    ])
    func `expressions match as in Java`(text: String, pattern: String, group: Int, expected: String?) throws {
        #expect(try match(text, pattern, group) == expected)
    }

    @Test(arguments: [
        "(", ")", "[", "a**", "*a", "a{2", "a{3,2}", "a{1001}", "(?<=a)b", "[a&&b]", "\\G", "\\q", "\\p{Greek}",
        "\\2(a)", "(?x)a",
        "[]", "(?<a>x)(?<a>y)", "\\k<no>", "[z-a]", "\\",
    ])
    func `what can't be read, or is not offered, is refused before the script runs`(pattern: String) {
        let escaped = pattern.replacing("\\", with: "\\\\")
        #expect(Bench.refusals("(0010,0010) ~ \"\(escaped)\" ? -(0010,0010)") == ["pattern"])
    }

    @Test(arguments: ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*x", "((a*)*)*b", "(a*)*(a*)*(a*)*b", "(?:(?=(a+))a)+b"])
    func `an expression that explodes ends the script, not the day`(pattern: String) {
        let text = String(repeating: "a", count: 4000)
        let code = Bench.failure("a := \"\(text)\"\nismatch[a, \"\(pattern)\"] ? -(0010,0010)")
        #expect(code == "script-limit")
    }

    @Test(arguments: [
        "(?:(?:(?:a{1000}){1000}){1000}){1000}", "(?:(?:(?:){1000}){1000}){1000}",
        String(repeating: "(", count: 500) + String(repeating: ")", count: 500), String(repeating: "a", count: 5000),
        "(?:(?:(?:a?){1000}){1000})",
    ])
    func `an expression that is too large is refused, or harmless`(pattern: String) {
        _ = Bench.failure("ismatch[\"aaa\", \"\(pattern)\"] ? -(0010,0010)")
    }

    @Test func `expressions of a whole script share a budget`() {
        let text = String(repeating: "a", count: 60)
        let lines = (0..<200).map { "ismatch[a, \"(a|b|ab)*c\($0)\"] ? -(0010,0010)" }.joined(separator: "\n")
        _ = Bench.failure("a := \"\(text)\"\n" + lines)
    }

    @Test func `texts that double with each line end the script`() {
        let lines = (0..<64).map { _ in "a := concatenate[a, a]" }.joined(separator: "\n")
        #expect(Bench.failure("a := \"x\"\n" + lines) == "script-limit")
        let lists = (0..<64).map { _ in "a := {a, a}" }.joined(separator: "\n")
        #expect(Bench.failure("a := {\"x\"}\n" + lists + "\nblankValues[a]") == "script-limit")
        let replaced = (0..<64).map { _ in "a := replace[a, \"x\", \"xx\"]" }.joined(separator: "\n")
        #expect(Bench.failure("a := \"x\"\n" + replaced) == "script-limit")
    }

    @Test func `work on long lists is bounded, and lint gets through them`() {
        let paths = (0..<5000).map { _ in "(0010,1000)" }.joined(separator: ",")
        let lines = (0..<5000).map { _ in "removeTags[a]" }.joined(separator: "\n")
        #expect(Bench.failure("a := {\(paths)}\n" + lines) == "script-limit")
        _ = ScriptLint("version \"6.6\"\na := {\(paths)}\n" + lines)
        let doubling = (0..<64).map { _ in "a := {a, a}" }.joined(separator: "\n")
        _ = ScriptLint("version \"6.6\"\na := {(0010,0010)}\n" + doubling + "\nremoveTags[a]")
    }

    @Test func `the regular expressions of a script are bounded together`() {
        let lines = (0..<300).map { "ismatch[\"a\", \"(?:a{1000}){15}\($0)\"] ? -(0010,0010)" }
        #expect(Bench.refusals(lines.joined(separator: "\n")).contains("too-large"))
    }
}

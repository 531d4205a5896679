/// A regular expression in Java's syntax, as scripts have it, with bounded work.
///
/// It is matched by backtracking in Java's order, so that the same alternative and the same group win, on Unicode
/// scalars, as Java does on code points. Each step is counted; Swift's own Regex has neither Java's syntax nor a bound.
/// Left out, and refused: lookbehind, `&&` in classes, `\G`, `\R`, `\X`, `\N`, most of `\p{…}`, flags other than i, m, s.
package struct JavaPattern: Sendable {
    /// Why a pattern is refused.
    package struct Problem: Error, Hashable {
        package let message: String
    }

    let program: [JavaPatternInstruction]
    /// Capturing groups, the whole match not among them.
    let groupCount: Int
    /// Places that the program keeps: two for each group and the whole, then marks of loops.
    let slotCount: Int

    package init(_ text: String) throws(Problem) {
        guard text.unicodeScalars.count <= Self.maximumLength else {
            throw Problem(message: "a regular expression has at most \(Self.maximumLength) characters")
        }
        var parser = JavaPatternParser(text)
        let node = try parser.parse()
        var compiler = JavaPatternCompiler(groupCount: parser.groupCount)
        program = try compiler.compile(node)
        groupCount = parser.groupCount
        slotCount = compiler.slotCount
    }

    static let maximumLength = 4096
    static let maximumInstructions = 20_000
    /// Groups in groups.
    static let maximumDepth = 50
    /// Of `{n,m}`.
    static let maximumCount = 1000
}

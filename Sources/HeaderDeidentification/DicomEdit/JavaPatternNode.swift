/// The parts of a regular expression.
indirect enum JavaPatternNode: Hashable, Sendable {
    enum Greed: Hashable, Sendable {
        case greedy, lazy, possessive
    }

    enum Assertion: Hashable, Sendable {
        /// `^` and `$`, of a line with the flag m.
        case start, end, lineStart, lineEnd
        /// `\z`: the very end.
        case inputEnd
        case wordBoundary, noWordBoundary
    }

    case empty
    case one(JavaCharacterClass)
    case assertion(Assertion)
    case sequence([JavaPatternNode])
    case choice([JavaPatternNode])
    case repetition(JavaPatternNode, ClosedRange<Int>, Greed)
    /// Of `*`, `+` and `{n,}`.
    case loop(JavaPatternNode, minimum: Int, Greed)
    case group(JavaPatternNode, number: Int)
    case backreference(Int, ignoresCase: Bool)
    case lookahead(JavaPatternNode, isNegative: Bool)
    case atomic(JavaPatternNode)
}

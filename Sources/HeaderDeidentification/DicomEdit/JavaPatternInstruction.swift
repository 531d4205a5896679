/// A step of a compiled regular expression.
enum JavaPatternInstruction: Hashable, Sendable {
    /// - cost: steps that it counts as, by the parts of its class.
    case one(JavaCharacterClass, cost: Int)
    case assertion(JavaPatternNode.Assertion)
    case backreference(Int, ignoresCase: Bool)
    case jump(Int)
    /// Goes on at the first, and at the second if that fails.
    case split(Int, Int)
    /// Keeps the place in a slot.
    case save(Int)
    /// Goes to `exit` if nothing was consumed since the slot was saved, else back to `loop`.
    case repeatUnlessEmpty(slot: Int, loop: Int, exit: Int)
    /// Runs what follows up to `done` on its own; goes on at `next`.
    case lookahead(isNegative: Bool, next: Int)
    case atomic(next: Int)
    /// Ends a lookahead or an atomic group.
    case done
    case accept
}

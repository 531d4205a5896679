/// Bounds on hostile scripts. No published script comes near any of them.
enum ScriptLimits {
    /// Scalars in a script.
    static let scriptLength = 1 << 20
    static let statements = 20_000
    /// Blocks in blocks, calls in calls, lists in lists.
    static let nesting = 64
    /// Sequences and level wildcards in one path.
    static let pathSteps = 24
    /// UTF-16 units of a value that a script makes.
    static let textLength = 1 << 20
    /// Values in a list, nested ones included.
    static let listLength = 100_000
    /// Diagnostics that are collected before parsing gives up.
    static let diagnostics = 500
    /// Values, paths and 64 bytes of text, each time that one is worked on.
    static let work = 20_000_000
    /// What one edit of an object counts as.
    static let editWork = 100
    /// Instructions of all regular expressions in a script.
    static let patternInstructions = 2_000_000
    /// Traps that are reported.
    static let hazards = 1000
    /// Items that an assignment may have to go past.
    static let items = 10_000
}

/// A place in a script, for people: line and column count from 1, columns in Unicode scalars.
public struct ScriptPosition: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension ScriptPosition: Comparable {
    public static func < (left: ScriptPosition, right: ScriptPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension ScriptPosition: CustomStringConvertible {
    /// `12:5`.
    public var description: String { "\(line):\(column)" }
}

/// What a part of a script covers in its first line.
struct ScriptSpan: Hashable, Sendable {
    var start: ScriptPosition
    /// In scalars; at least 1, so that a caret can be drawn.
    var length: Int

    init(_ start: ScriptPosition, length: Int = 1) {
        self.start = start
        self.length = max(1, length)
    }

    var line: Int { start.line }
}

/// What the lexer hands to the parser.
struct ScriptToken: Sendable {
    enum Kind: Hashable, Sendable {
        case identifier(String)
        case string(String)
        /// As written: `-14`, `2.5`.
        case number(String)
        case tag(TagPattern)
        /// `*`, `+`, `.`.
        case level(PathPattern.Level)
        /// `%`.
        case anyItem
        /// `:=`, `?=`, `=`, `!=`, `~`, `!~`, `-`, `?`, `:`, `,`, `/`, brackets.
        case symbol(String)
        case newline
        case end
    }

    let kind: Kind
    let span: ScriptSpan

    /// For a message.
    var name: String {
        switch kind {
        case .identifier(let name): "'\(name.prefix(40))'"
        case .string: "a string"
        case .number(let text): "'\(text.prefix(40))'"
        case .tag(let tag): tag.text
        case .level(let level): "'\(level.rawValue)'"
        case .anyItem: "'%'"
        case .symbol(let text): "'\(text)'"
        case .newline: "the end of the line"
        case .end: "the end of the script"
        }
    }
}

/// A statement of a script.
struct ScriptStatement: Hashable, Sendable {
    indirect enum Kind: Hashable, Sendable {
        case action(ScriptAction)
        /// `condition ? action : action`.
        case choice(ScriptCondition, ScriptAction, otherwise: ScriptAction?)
        case branches([ScriptBranch], otherwise: [ScriptStatement])
        case description(ScriptVariableNote)
        case removeAllPrivateTags
        case version(String)
    }

    let kind: Kind
    let span: ScriptSpan
}

/// `if (condition) { … }` or `elseif (condition) { … }`.
struct ScriptBranch: Hashable, Sendable {
    let condition: ScriptCondition
    let statements: [ScriptStatement]
}

/// What can stand on either side of `? :` as well as alone.
struct ScriptAction: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `path := value`.
        case assign(PathPattern, ScriptExpression)
        /// `path ?= value`.
        case assignIfPresent(PathPattern, ScriptExpression)
        /// `name := value`.
        case setVariable(String, ScriptExpression)
        /// `- path`.
        case delete(PathPattern)
        case call(ScriptCall)
        case echo(ScriptExpression?)
    }

    let kind: Kind
    let span: ScriptSpan
}

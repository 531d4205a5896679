/// A value in a script.
struct ScriptExpression: Hashable, Sendable {
    indirect enum Kind: Hashable, Sendable {
        case string(String)
        /// As written.
        case number(String)
        case path(PathPattern)
        case variable(String)
        case call(ScriptCall)
        case list([ScriptExpression])
    }

    let kind: Kind
    let span: ScriptSpan
}

/// A function with its arguments.
struct ScriptCall: Hashable, Sendable {
    let function: ScriptFunction
    let arguments: [ScriptExpression]
    let span: ScriptSpan
}

/// What decides between actions.
struct ScriptCondition: Hashable, Sendable {
    enum Comparison: String, Hashable, Sendable {
        case equal = "="
        case notEqual = "!="
        case matching = "~"
        case notMatching = "!~"
    }

    indirect enum Kind: Hashable, Sendable {
        case comparison(ScriptExpression, Comparison, ScriptExpression)
        case call(ScriptCall)
    }

    let kind: Kind
    let span: ScriptSpan
}

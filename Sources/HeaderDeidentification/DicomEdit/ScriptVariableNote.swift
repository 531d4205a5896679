/// What a script says about a variable for XNAT's form: `describe name "text"`, `describe name hidden`,
/// `export name "field"`. It changes nothing in an object.
public struct ScriptVariableNote: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case description(String)
        case hidden
        /// `const` or `immutable`, which DE6Parser has and the reference leaves out.
        case fixed
        case exported(field: String)
    }

    public let variable: String
    public let kind: Kind
    public let position: ScriptPosition
}

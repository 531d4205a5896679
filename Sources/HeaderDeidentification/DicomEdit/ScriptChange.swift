/// A change to one Attribute; its values are not in it.
public struct ScriptChange: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case created, replaced, emptied, removed
    }

    public let path: AttributePath
    public let kind: Kind
    /// The line of the script that did it.
    public let line: Int
}

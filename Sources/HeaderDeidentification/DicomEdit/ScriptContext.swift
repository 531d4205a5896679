public import DICOMModel

/// What a script is given from outside.
public struct ScriptContext: Sendable {
    /// By name; XNAT gives `project`, `subject`, `session` and `modalityLabel`.
    public var variables: [String: Sensitive<String>]
    /// For `lookup[table, key]`: values by key, by name of the table.
    public var lookups: [String: [String: Sensitive<String>]]
    /// Makes `newUID`, `mapUID` and `mapReferencedUIDs` the same in every worker and every later run. Without, they are
    /// random, and the two maps hold for one object only.
    public var pseudonyms: Pseudonyms?

    public init(
        variables: [String: Sensitive<String>] = [:], lookups: [String: [String: Sensitive<String>]] = [:],
        pseudonyms: Pseudonyms? = nil
    ) {
        self.variables = variables
        self.lookups = lookups
        self.pseudonyms = pseudonyms
    }

    /// The variables of XNAT's own; one that is nil is not given.
    public init(
        project: String?, subject: Sensitive<String>? = nil, session: Sensitive<String>? = nil,
        modalityLabel: String? = nil, lookups: [String: [String: Sensitive<String>]] = [:],
        pseudonyms: Pseudonyms? = nil
    ) {
        self.init(lookups: lookups, pseudonyms: pseudonyms)
        variables["project"] = project.map(Sensitive.init)
        variables["subject"] = subject
        variables["session"] = session
        variables["modalityLabel"] = modalityLabel.map(Sensitive.init)
    }

    /// The names that XNAT gives.
    public static let standardVariables: Set<String> = ["project", "subject", "session", "modalityLabel"]
}

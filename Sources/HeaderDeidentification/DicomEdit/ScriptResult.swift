public import DICOMFile
public import DICOMModel

/// What a script did to one object.
public struct ScriptResult: Sendable {
    /// The changed Data Set. Where `rejection` says so it is only half done and of no use.
    public var dataSet: DataSet
    /// Each change in the order it was made; an Attribute that was changed twice stands there twice.
    public var changes: [ScriptChange]
    /// What `alterPixels` asked for.
    public var redactions: [ScriptRedaction]
    /// Where `reject` was called: the object must not be released.
    public var rejection: ScriptPosition?
    /// What was tolerated, or did nothing.
    public var warnings: [ScriptDiagnostic]
    /// What `echo` said.
    public var echoes: [ScriptEcho]
}

/// A line that `echo` wrote.
public struct ScriptEcho: Hashable, Sendable {
    public let text: Sensitive<String>
    public let line: Int
}

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

/// The way to an element: the sequences around it, outermost first, and its tag.
public struct AttributePath: Hashable, Sendable, CustomStringConvertible {
    public struct Step: Hashable, Sendable {
        public let tag: Tag
        /// 0-based.
        public let item: Int
    }

    public let sequences: [Step]
    public let tag: Tag

    /// `(0008,1140)[0]/(0008,1155)`.
    public var description: String {
        sequences.map { "\($0.tag)[\($0.item)]/" }.joined() + tag.description
    }
}

/// A rectangle that `alterPixels` wants to be filled, on every frame.
public struct ScriptRedaction: Hashable, Sendable {
    /// Not yet cut to the frame: it may reach beyond it.
    public let region: PixelRegion
    public let line: Int
}

/// A line that `echo` wrote.
public struct ScriptEcho: Hashable, Sendable {
    public let text: Sensitive<String>
    public let line: Int
}

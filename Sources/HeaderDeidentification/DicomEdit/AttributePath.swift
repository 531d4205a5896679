public import DICOMModel

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

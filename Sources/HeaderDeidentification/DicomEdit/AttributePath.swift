package import DICOMFile
public import DICOMModel

/// The way to an element: the sequences around it, outermost first, and its tag.
public struct AttributePath: Hashable, Sendable, CustomStringConvertible {
    public struct Step: Hashable, Sendable {
        public let tag: Tag
        /// 0-based.
        public let item: Int

        package init(tag: Tag, item: Int) {
            self.tag = tag
            self.item = item
        }
    }

    public let sequences: [Step]
    public let tag: Tag

    package init(sequences: [Step], tag: Tag) {
        self.sequences = sequences
        self.tag = tag
    }

    package init(_ path: ElementPath) {
        self.init(sequences: path.sequences.map { Step(tag: $0.tag, item: $0.item) }, tag: path.tag)
    }

    /// `(0008,1140)[0]/(0008,1155)`.
    public var description: String {
        sequences.map { "\($0.tag)[\($0.item)]/" }.joined() + tag.description
    }
}

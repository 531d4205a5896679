public import DICOMModel

/// The way from the root of a Data Set to an element.
public struct ElementPath: Hashable, Sendable, CustomStringConvertible {
    public struct Step: Hashable, Sendable {
        public let tag: Tag
        /// 0-based, in the sequence's items.
        public let item: Int
    }

    /// The sequences around the element, outermost first.
    public private(set) var sequences: [Step]
    public private(set) var tag: Tag

    init(sequences: [Step] = [], tag: Tag) {
        self.sequences = sequences
        self.tag = tag
    }

    /// `(0008,1140)[0]/(0008,1155)`.
    public var description: String {
        sequences.map { "\($0.tag)[\($0.item)]/" }.joined() + tag.description
    }
}

extension DataSet {
    /// Visits every element, in order, those of items after the sequence that holds them.
    ///
    /// - Parameter visit: gets the path, the element, and the Data Set that it stands in.
    public func walk(_ visit: (ElementPath, DataElement, DataSet) throws -> Void) rethrows {
        try walk(inside: [], visit)
    }

    private func walk(
        inside sequences: [ElementPath.Step], _ visit: (ElementPath, DataElement, DataSet) throws -> Void
    ) rethrows {
        for element in elements {
            try visit(ElementPath(sequences: sequences, tag: element.tag), element, self)
            guard case .items(let items) = element.value else { continue }
            for (index, item) in items.enumerated() {
                try item.walk(inside: sequences + [.init(tag: element.tag, item: index)], visit)
            }
        }
    }
}

public import DICOMModel

/// Data Elements in the order of the file: a whole Data Set or one item of a sequence.
public struct DataSet: Sendable {
    /// In the file's order, which is ascending in valid files. A tag can stand twice in damaged ones.
    public private(set) var elements: [DataElement]
    /// How values are encoded; items made here take their parent's when they are written.
    public var isExplicitVR: Bool
    public var isBigEndian: Bool
    /// Specific Character Set that holds for this Data Set: its own, or that of the Data Set around it.
    public var characterSet: SpecificCharacterSet
    /// For an item read from a file: its header as it stood there, to be written again while nothing in it changed.
    public let originalItemHeader: ArraySlice<UInt8>?

    public init(
        elements: [DataElement] = [], isExplicitVR: Bool = true, isBigEndian: Bool = false,
        characterSet: SpecificCharacterSet = .default, originalItemHeader: ArraySlice<UInt8>? = nil
    ) {
        self.elements = elements
        self.isExplicitVR = isExplicitVR
        self.isBigEndian = isBigEndian
        self.characterSet = characterSet
        self.originalItemHeader = originalItemHeader
    }

    /// The first element with this tag. Setting puts it in its place in ascending order, or replaces all that have the
    /// tag; setting nil removes them.
    public subscript(tag: Tag) -> DataElement? {
        get {
            elements.first { $0.tag == tag }
        }
        set {
            elements.removeAll { $0.tag == tag }
            guard let newValue else { return }
            let place = elements.firstIndex { $0.tag > tag } ?? elements.endIndex
            elements.insert(newValue, at: place)
        }
    }

    /// Adds an element at the end, for a reader that meets them in order.
    public mutating func append(_ element: DataElement) {
        elements.append(element)
    }

    /// Replaces each element by what `transform` makes of it; nil removes it. Items are not entered.
    public mutating func mapElements(_ transform: (DataElement) throws -> DataElement?) rethrows {
        elements = try elements.compactMap(transform)
    }
}

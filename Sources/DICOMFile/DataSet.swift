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
    package let originalItemHeader: HeaderBytes?
    /// How the item ended in the file.
    package var delimiter = DelimiterForm.standard
    /// Bytes that followed each Group Length element in its group as it was read, whatever its value says: a group that
    /// still has that size keeps its Group Length byte for byte, right or wrong.
    package var groupSizes: [UInt16: Int] = [:]

    public init(
        elements: [DataElement] = [], isExplicitVR: Bool = true, isBigEndian: Bool = false,
        characterSet: SpecificCharacterSet = .default
    ) {
        self.init(
            elements: elements, isExplicitVR: isExplicitVR, isBigEndian: isBigEndian, characterSet: characterSet,
            originalItemHeader: nil)
    }

    init(
        elements: [DataElement] = [], isExplicitVR: Bool, isBigEndian: Bool, characterSet: SpecificCharacterSet,
        originalItemHeader: HeaderBytes?
    ) {
        self.elements = elements
        self.isExplicitVR = isExplicitVR
        self.isBigEndian = isBigEndian
        self.characterSet = characterSet
        self.originalItemHeader = originalItemHeader
    }

    /// The first element with this tag. Setting puts it in its place in ascending order, or replaces all that have the
    /// tag; setting nil removes them. Setting Specific Character Set changes how text is encoded from then on, not the
    /// text that is there.
    public subscript(tag: Tag) -> DataElement? {
        get {
            place(of: tag).map { elements[$0] }
        }
        set {
            if tag == .specificCharacterSet { adoptCharacterSet(of: newValue) }
            guard let place = place(of: tag) else {
                if let newValue { elements.insert(newValue, at: place { $0 > tag } ?? elements.endIndex) }
                return
            }
            guard let newValue else { return elements.removeAll { $0.tag == tag } }
            elements[place] = newValue
            if self.place(from: place + 1, where: { $0 == tag }) != nil {
                elements = Array(elements[...place]) + elements[(place + 1)...].filter { $0.tag != tag }
            }
        }
    }

    /// Whether there is an element with this tag.
    public func contains(_ tag: Tag) -> Bool { place(of: tag) != nil }

    private func place(of tag: Tag) -> Int? { place { $0 == tag } }

    /// Looks at tags alone: to copy an element costs more than to compare it.
    private func place(from start: Int = 0, where isWanted: (Tag) -> Bool) -> Int? {
        elements.withUnsafeBufferPointer { elements in
            var place = start
            while place < elements.count {
                if isWanted(elements[place].tag) { return place }
                place += 1
            }
            return nil
        }
    }

    private mutating func adoptCharacterSet(of element: DataElement?) {
        guard case .bytes(let value)? = element?.value, let bytes = value.loaded else {
            characterSet = .default
            return
        }
        characterSet = SpecificCharacterSet(bytes: bytes)
    }

    mutating func reserveCapacity(_ count: Int) {
        elements.reserveCapacity(count)
    }

    /// Adds an element at the end, for a reader that meets them in order.
    public mutating func append(_ element: DataElement) {
        elements.append(element)
    }

    /// Replaces each element by what `transform` makes of it; nil removes it. Items are not entered.
    public mutating func mapElements(_ transform: (DataElement) throws -> DataElement?) rethrows {
        var transformed: [DataElement] = []
        transformed.reserveCapacity(elements.count)
        for element in elements {
            if let element = try transform(element) { transformed.append(element) }
        }
        elements = transformed
    }
}

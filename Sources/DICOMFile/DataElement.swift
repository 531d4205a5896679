public import DICOMModel

/// One Data Element: tag, VR and value, with what is needed to write it back byte for byte.
public struct DataElement: Sendable {
    /// The value in the form the file has it.
    public enum Value: Sendable {
        /// As in the file, in the file's byte order, padding included.
        case bytes(ValueBytes)
        /// The items of a sequence, also where VR is UN and the content parsed as one.
        case items([DataSet])
        /// Encapsulated Pixel Data (PS3.5 A.4).
        case fragments(EncapsulatedPixelData)
    }

    public let tag: Tag
    /// As the file says; from the data dictionary in implicit VR, UN where that doesn't know the tag.
    public let vr: VR
    public let value: Value
    /// The header as the file has it (tag, VR, length), written again as long as the value is the file's own. Nil for
    /// an element made here.
    package let originalHeader: HeaderBytes?
    /// How the Data Set that it was read in is encoded.
    package let originalEncoding: ElementEncoding?
    /// For a sequence read from a file: how it ended there.
    package let delimiter: DelimiterForm

    public init(tag: Tag, vr: VR, value: Value) {
        self.init(tag: tag, vr: vr, value: value, originalHeader: nil, originalEncoding: nil)
    }

    /// - Parameter originalHeader: that of the element which this one takes the place of; used again if the value
    ///   still has the length that it says.
    package init(
        tag: Tag, vr: VR, value: Value, originalHeader: HeaderBytes?, originalEncoding: ElementEncoding?,
        delimiter: DelimiterForm = .standard
    ) {
        self.tag = tag
        self.vr = vr
        self.value = value
        self.originalHeader = originalHeader
        self.originalEncoding = originalEncoding
        self.delimiter = delimiter
    }

    /// The same element with another value; its header in the file is used again if it still fits.
    public func replacing(_ value: Value) -> DataElement {
        DataElement(
            tag: tag, vr: vr, value: value, originalHeader: originalHeader, originalEncoding: originalEncoding,
            delimiter: delimiter)
    }

    /// A new element with bytes already in the Data Set's byte order; an odd length is padded as the VR demands.
    public init(tag: Tag, vr: VR, bytes: [UInt8]) {
        let padded = bytes.count % 2 == 0 ? bytes : bytes + [vr.padding]
        self.init(tag: tag, vr: vr, value: .bytes(ValueBytes(padded)))
    }

    /// A new element of text in the default repertoire (ASCII); several values are joined by backslashes.
    public init(tag: Tag, vr: VR, ascii values: String...) {
        self.init(tag: tag, vr: vr, bytes: Array(values.joined(separator: "\\").utf8))
    }

    /// A new sequence.
    public init(tag: Tag, items: [DataSet]) {
        self.init(tag: tag, vr: .sq, value: .items(items))
    }

    /// A new element without a value.
    package init(emptyOf tag: Tag, vr: VR) {
        self.init(tag: tag, vr: vr, value: vr == .sq ? .items([]) : .bytes(ValueBytes([UInt8]())))
    }

    public var items: [DataSet]? {
        if case .items(let items) = value { items } else { nil }
    }

    /// Whether there is no value: no bytes, no items, no fragments.
    public var isEmpty: Bool {
        switch value {
        case .bytes(let bytes): bytes.isEmpty
        case .items(let items): items.isEmpty
        case .fragments(let pixelData): pixelData.fragments.isEmpty
        }
    }
}

/// Encapsulated Pixel Data: the Basic Offset Table and the fragments (PS3.5 A.4).
public struct EncapsulatedPixelData: Sendable {
    /// The first item as it is in the file, little endian 32-bit offsets; empty where the file has none.
    public var basicOffsetTable: [UInt8]
    /// The fragments in order, item headers not included.
    public var fragments: [ValueBytes]
    /// False for a damaged file without even the first item.
    package var hasOffsetTableItem = true
    /// How it ended in the file.
    package var delimiter = DelimiterForm.standard

    /// False where the file ended behind a fragment, without a Sequence Delimitation Item.
    public var hasDelimiter: Bool { delimiter != .absent }

    public init(basicOffsetTable: [UInt8] = [], fragments: [ValueBytes]) {
        self.basicOffsetTable = basicOffsetTable
        self.fragments = fragments
    }
}

import DICOMModel

/// How one element will be written: its own header again where that still fits, else a new one. A tree of these is made
/// once per Data Set, so that lengths of nested sequences are computed once.
struct ElementLayout {
    let element: DataElement
    let header: HeaderBytes
    /// Bytes of the value, padding and delimiter included.
    let valueLength: Int
    let items: [ItemLayout]
    /// The length field of a sequence's delimiter, if one is written.
    let delimiter: UInt32?
    /// How the items' headers and the delimiter are encoded.
    let itemEncoding: ElementEncoding
    /// More than 1 where the value was read in the other byte order.
    let swappedWordSize: Int
    let isPadded: Bool

    var length: Int { header.count + valueLength }

    /// - Parameter own: how the Data Set that it stands in is encoded; the Data Set itself would be copied.
    init(_ element: DataElement, own: ElementEncoding, as encoding: ElementEncoding) throws {
        self.element = element
        let original = OriginalHeader.header(of: element, own: own, as: encoding)
        itemEncoding = element.vr == .un ? .implicitLittle : encoding
        var length = 0
        var items: [ItemLayout] = []
        var delimiter: UInt32?
        var swappedWordSize = 1
        switch element.value {
        case .bytes(let value):
            length = value.count
            let isBigEndian = element.originalEncoding?.isBigEndian ?? own.isBigEndian
            if isBigEndian != encoding.isBigEndian { swappedWordSize = element.vr.swappedWordSize }
        case .items(let dataSets):
            for dataSet in dataSets {
                items.append(try ItemLayout(dataSet, inOriginal: original != nil, as: itemEncoding))
            }
            length = items.reduce(0) { $0 + $1.length }
            delimiter = element.delimiter.lengthField(afterUndefined: original?.isUndefined ?? false)
            if delimiter != nil { length += 8 }
        case .fragments(let pixelData):
            length = pixelData.encodedLength
        }
        if let original, original.fits(length) {
            header = original.bytes
            isPadded = false
        } else {
            if case .bytes = element.value { isPadded = length % 2 == 1 } else { isPadded = false }
            if isPadded { length += 1 }
            let isUndefined: Bool
            if case .fragments = element.value { isUndefined = true } else { isUndefined = false }
            header = try encoding.header(of: element, length: isUndefined ? nil : length)
        }
        valueLength = length
        self.items = items
        self.delimiter = delimiter
        self.swappedWordSize = swappedWordSize
    }
}

/// How one item will be written.
struct ItemLayout {
    let header: HeaderBytes
    let elements: [ElementLayout]
    let encoding: ElementEncoding
    let delimiter: UInt32?
    let length: Int

    /// - Parameters:
    ///   - inOriginal: whether the sequence is one that was read, so that its items keep the encoding they have.
    ///   - encoding: that of the sequence, which other items are written in.
    init(_ item: DataSet, inOriginal: Bool, as encoding: ElementEncoding) throws {
        let isOriginal = inOriginal && item.originalItemHeader != nil && item.isBigEndian == encoding.isBigEndian
        self.encoding = isOriginal ? item.encoding : encoding
        elements = try ElementLayout.all(of: item, as: self.encoding)
        let content = elements.reduce(0) { $0 + $1.length }
        let length = item.originalItemHeader.flatMap { header in
            isOriginal && header.count == 8 ? header.longLength(isBigEndian: encoding.isBigEndian) : nil
        }
        let isUndefined = length == ElementHeader.undefinedLength
        delimiter = item.delimiter.lengthField(afterUndefined: isUndefined)
        let inside = content + (delimiter == nil ? 0 : 8)
        if let original = item.originalItemHeader, let length, isUndefined || Int(length) == inside {
            header = original
        } else {
            guard let length = UInt32(exactly: inside), length != ElementHeader.undefinedLength else {
                throw DICOMFileError(.tooLarge, "an item has more than 4 GiB")
            }
            header = encoding.header(.item, length: length)
        }
        self.length = header.count + inside
    }
}

extension ElementLayout {
    /// The layouts of all elements, Group Lengths corrected where the group's size isn't what it was when it was read.
    static func all(of dataSet: DataSet, as encoding: ElementEncoding) throws -> [ElementLayout] {
        let own = dataSet.encoding
        var layouts = try dataSet.elements.map { try ElementLayout($0, own: own, as: encoding) }
        for index in layouts.indices where layouts[index].element.tag.isGroupLength {
            let group = layouts[index].element.tag.group
            let size = layouts[(index + 1)...].prefix { $0.element.tag.group == group }.reduce(0) { $0 + $1.length }
            guard dataSet.groupSizes[group] != size, let length = UInt32(exactly: size) else { continue }
            let value = DataElement.Value.bytes(ValueBytes(encoding.bytes(of: length)))
            let corrected = DataElement(
                tag: layouts[index].element.tag, vr: .ul, value: value,
                originalHeader: layouts[index].element.originalHeader, originalEncoding: encoding)
            layouts[index] = try ElementLayout(corrected, own: own, as: encoding)
        }
        return layouts
    }
}

/// The header that an element had in the file, if it can be used again.
private struct OriginalHeader {
    let bytes: HeaderBytes
    private let length: UInt32

    var isUndefined: Bool { length == ElementHeader.undefinedLength }

    func fits(_ length: Int) -> Bool { isUndefined || Int(self.length) == length }

    /// Nil where there is none, or where tag, VR or encoding aren't the same any more.
    static func header(
        of element: DataElement, own: ElementEncoding, as encoding: ElementEncoding
    ) -> OriginalHeader? {
        guard let bytes = element.originalHeader, bytes.count == 8 || bytes.count == 12,
            element.originalEncoding ?? own == encoding,
            bytes.tag(isBigEndian: encoding.isBigEndian) == element.tag
        else { return nil }
        let hasVR = bytes.letters == element.vr
        if bytes.count == 12, !hasVR { return nil }
        let length =
            bytes.count == 8 && hasVR
            ? bytes.shortLength(isBigEndian: encoding.isBigEndian)
            : bytes.longLength(isBigEndian: encoding.isBigEndian)
        let original = OriginalHeader(bytes: bytes, length: length)
        if original.isUndefined, case .bytes = element.value { return nil }
        if !original.isUndefined, case .fragments = element.value { return nil }
        return original
    }
}

extension DelimiterForm {
    /// The length field of the delimiter to be written; nil for none.
    fileprivate func lengthField(afterUndefined: Bool) -> UInt32? {
        switch self {
        case .standard: afterUndefined ? 0 : nil
        case .absent: nil
        case .present(let length): length
        }
    }
}

extension DataSet {
    package var encoding: ElementEncoding { ElementEncoding(isExplicitVR: isExplicitVR, isBigEndian: isBigEndian) }
}

extension EncapsulatedPixelData {
    /// Whether the first item, the offset table, is written.
    var writesOffsetTable: Bool { hasOffsetTableItem || !basicOffsetTable.isEmpty || !fragments.isEmpty }

    /// Bytes with item headers and the delimiter.
    fileprivate var encodedLength: Int {
        let table = writesOffsetTable ? 8 + basicOffsetTable.count : 0
        return fragments.reduce(table + (delimiter == .absent ? 0 : 8)) { $0 + 8 + $1.count }
    }
}

extension VR {
    /// Bytes to be reversed to convert a value to the other byte order.
    fileprivate var swappedWordSize: Int { wordSize }
}

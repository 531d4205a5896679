import DICOMFile
import DICOMModel

/// Reading of lookup tables: Modality, VOI and Palette Color, plain and segmented.
extension LookupTable {
    /// What a LUT Descriptor says (PS3.3 C.11.1.1, C.7.6.3.1.5).
    struct Descriptor {
        var numberOfEntries: Int
        var firstMappedValue: Int
        var bitsPerEntry: Int

        init?(_ tag: Tag, in dataSet: DataSet, isSigned: Bool) {
            let values = dataSet.integers(tag)
            guard values.count >= 3 else { return nil }
            let count = values[0] & 0xFFFF
            numberOfEntries = count == 0 ? 65_536 : count
            let first = values[1] & 0xFFFF
            firstMappedValue = isSigned && first >= 0x8000 ? first - 0x1_0000 : first
            bitsPerEntry = values[2] & 0xFFFF
            // Bits from 8 to 16 are met (10 and 12 in VOI LUTs); anything else describes no table.
            guard (8...16).contains(bitsPerEntry) else { return nil }
        }
    }

    /// An item of a Modality LUT or VOI LUT Sequence; nil where it holds no usable table.
    init?(item: DataSet, isSigned: Bool) {
        guard let descriptor = Descriptor(.lutDescriptor, in: item, isSigned: isSigned),
            let entries = Self.plain(.lutData, in: item, descriptor: descriptor)
        else { return nil }
        self.init(
            firstMappedValue: descriptor.firstMappedValue, bitsPerEntry: descriptor.bitsPerEntry, entries: entries)
    }

    /// One table of a Palette Color: `data`, or else `segmented`; nil where neither is usable.
    init?(palette descriptor: Tag, data: Tag, segmented: Tag, in dataSet: DataSet) {
        guard let descriptor = Descriptor(descriptor, in: dataSet, isSigned: false) else { return nil }
        let entries =
            Self.plain(data, in: dataSet, descriptor: descriptor)
            ?? Self.segmented(segmented, in: dataSet, descriptor: descriptor)
        guard let entries else { return nil }
        self.init(
            firstMappedValue: descriptor.firstMappedValue, bitsPerEntry: descriptor.bitsPerEntry, entries: entries)
    }

    // MARK: - Plain tables

    private static func plain(_ tag: Tag, in dataSet: DataSet, descriptor: Descriptor) -> [UInt16]? {
        guard let words = Words(tag, in: dataSet, descriptor: descriptor) else { return nil }
        guard words.values.count >= descriptor.numberOfEntries else { return nil }
        return Array(words.values.prefix(descriptor.numberOfEntries))
    }

    /// The words of a table: one or two bytes each.
    private struct Words {
        var values: [UInt16]

        /// - Parameter isSegmented: then nothing but Bits per Entry tells the size of a word.
        init?(_ tag: Tag, in dataSet: DataSet, descriptor: Descriptor, isSegmented: Bool = false) {
            guard let element = dataSet[tag], case .bytes(let value) = element.value, !value.isEmpty,
                value.count <= 1 << 20, var bytes = try? value.load()
            else { return nil }
            let isBigEndian = dataSet.isBigEndian
            let fitsBytes = bytes.count - descriptor.numberOfEntries
            let isPacked =
                descriptor.bitsPerEntry == 8 && (isSegmented || fitsBytes == 0 || fitsBytes == 1)
            if isPacked {
                if isBigEndian, element.vr != .ob { ByteOrder(wordSize: 2).reorder(&bytes) }
                values = bytes.map(UInt16.init)
            } else {
                values = stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { place in
                    let first = UInt16(bytes[place])
                    let second = UInt16(bytes[place + 1])
                    return isBigEndian ? first << 8 | second : second << 8 | first
                }
            }
        }
    }

    // MARK: - Segmented tables (PS3.3 C.7.9.2)

    private static func segmented(_ tag: Tag, in dataSet: DataSet, descriptor: Descriptor) -> [UInt16]? {
        guard let words = Words(tag, in: dataSet, descriptor: descriptor, isSegmented: true) else { return nil }
        var expansion = SegmentExpansion(
            words: words.values, isByte: descriptor.bitsPerEntry == 8, limit: descriptor.numberOfEntries)
        guard expansion.run(), expansion.entries.count >= descriptor.numberOfEntries else { return nil }
        return Array(expansion.entries.prefix(descriptor.numberOfEntries))
    }
}

/// Expands discrete (0), linear (1) and indirect (2) segments; an indirect segment may not lead to another.
private struct SegmentExpansion {
    let words: [UInt16]
    /// Offsets are two words of 16 bits, or four of 8.
    let isByte: Bool
    let limit: Int
    private(set) var entries: [UInt16] = []

    init(words: [UInt16], isByte: Bool, limit: Int) {
        self.words = words
        self.isByte = isByte
        self.limit = limit
    }

    /// False for a table that breaks the rules.
    mutating func run() -> Bool {
        var place = 0
        while entries.count < limit, place < words.count {
            // A byte of padding at the end of an 8-bit table.
            if isByte, place == words.count - 1 { break }
            guard let next = segment(at: place, mayBeIndirect: true) else { return false }
            place = next
        }
        return true
    }

    private mutating func segment(at place: Int, mayBeIndirect: Bool) -> Int? {
        guard place + 2 < words.count else { return nil }
        let length = Int(words[place + 1])
        let body = place + 2
        switch words[place] {
        case 0:
            guard length > 0, body + length <= words.count, entries.count + length <= limit else { return nil }
            entries += words[body..<(body + length)]
            return body + length
        case 1:
            guard let start = entries.last, length > 0, entries.count + length <= limit else { return nil }
            let step = (Double(words[body]) - Double(start)) / Double(length)
            entries += (1...length).map { UInt16((Double(start) + step * Double($0)).rounded()) }
            return body + 1
        case 2 where mayBeIndirect:
            return indirect(at: body, count: length)
        default:
            return nil
        }
    }

    private mutating func indirect(at body: Int, count: Int) -> Int? {
        let parts = isByte ? 4 : 2
        let shift = isByte ? 8 : 16
        guard body + parts <= words.count else { return nil }
        var place = 0
        for part in (0..<parts).reversed() { place = place << shift | Int(words[body + part]) }
        // The offset counts bytes from the table's beginning.
        if !isByte {
            guard place % 2 == 0 else { return nil }
            place /= 2
        }
        for _ in 0..<count {
            guard let next = segment(at: place, mayBeIndirect: false) else { return nil }
            place = next
        }
        return body + parts
    }
}

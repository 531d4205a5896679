import DICOMModel

/// The generated table in memory: tags in ascending order, and where their keywords stand in the text.
struct DictionaryTable: Sendable {
    struct Row: Sendable {
        let vr: VR
        /// Where the keyword begins and ends in `text`.
        let keyword: Range<Int>
    }

    let tags: [UInt32]
    let rows: [Row]
    private let index: TagIndex
    private let text: [UInt8]

    /// - Parameter table: entries `ggggeeeeVRKeyword`, ascending, divided by blanks or line ends.
    init(_ table: String) {
        text = Array(table.utf8)
        var tags: [UInt32] = []
        var rows: [Row] = []
        tags.reserveCapacity(text.count / 32)
        rows.reserveCapacity(text.count / 32)
        var start = 0
        for index in 0...text.count where index == text.count || text[index] <= 0x20 {
            if index - start > 10, let tag = Self.hexadecimal(text[start..<(start + 8)]) {
                tags.append(tag)
                rows.append(Row(vr: VR(text[start + 8], text[start + 9]), keyword: (start + 10)..<index))
            }
            start = index + 1
        }
        self.tags = tags
        self.rows = rows
        index = TagIndex(tags)
    }

    func row(_ tag: UInt32) -> Row? {
        index.place(of: tag).map { rows[$0] }
    }

    /// Nil where the table has a dash, for tags without a keyword.
    func keyword(_ row: Row) -> String? {
        let bytes = text[row.keyword]
        return bytes.first == 0x2D ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Digits left open count as 0.
    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(digit - 0x41 + 10)
            case 0x78: value <<= 4
            default: return nil
            }
        }
        return value
    }
}

extension DictionaryTable {
    /// For each entry of a table of repeating groups, the bits of a tag that count.
    static func masks(_ table: String) -> [UInt32] {
        table.utf8.split { $0 <= 0x20 }.map { entry in
            entry.prefix(8).reduce(0) { $0 << 4 | ($1 == 0x78 ? 0 : 0xF) }
        }
    }
}

/// Lines of comma-separated values, quoted as RFC 4180 says, each ended by a line feed.
struct CSVText {
    private(set) var bytes: [UInt8] = []

    mutating func line(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(field)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ field: String) {
        let needsQuotes = field.utf8.contains { byte in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte < 0x20 || byte == UInt8(ascii: "'")
        }
        guard needsQuotes else {
            bytes.append(contentsOf: field.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension CSVText {
    /// Text that comes from a header, made fit for a spreadsheet: one that would be taken for a formula gets an
    /// apostrophe before it, control characters become spaces.
    static func headerText(_ text: String) -> String {
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        guard let first = clean.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) else { return clean }
        return "'" + clean
    }
}

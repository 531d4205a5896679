import DICOMModel

/// Table E.1-1 in memory, read from its generated text at first use.
enum ConfidentialityProfileTable {
    struct Row: Sendable {
        let action: DeidentificationAction
        /// K or C for each option that has a column entry.
        let options: [ProfileOption: DeidentificationAction]
    }

    static func row(_ tag: Tag) -> Row? {
        rows[tag.rawValue]
    }

    static var tags: [Tag] { rows.keys.sorted().map { Tag(rawValue: $0) } }

    static let rows: [UInt32: Row] = {
        var rows: [UInt32: Row] = [:]
        rows.reserveCapacity(1024)
        for word in ConfidentialityProfileRows.rows.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let fields = word.split(separator: ":")
            guard fields.count >= 2, let tag = UInt32(fields[0], radix: 16),
                let action = DeidentificationAction(rawValue: String(fields[1]))
            else { continue }
            rows[tag] = Row(action: action, options: fields.count > 2 ? ProfileOption.actions(fields[2]) : [:])
        }
        return rows
    }()
}

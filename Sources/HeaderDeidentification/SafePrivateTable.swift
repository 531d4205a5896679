import DICOMModel

/// Table E.3.10-1 of PS3.15 in memory: private Attributes that are thought to be safe, by their private creator.
enum SafePrivateTable {
    /// Whether the table has any Attribute of a creator.
    static func isKnown(creator: String) -> Bool { rows[creator] != nil }

    /// The VR that the table gives; nil where it doesn't list the Attribute. UN where it leaves the VR open.
    ///
    /// - Parameter tag: with its block; the number of the block doesn't matter.
    static func vr(_ tag: Tag, creator: String) -> VR? {
        rows[creator]?[UInt32(tag.group) << 8 | UInt32(tag.element & 0xFF)]
    }

    private static let rows: [String: [UInt32: VR]] = {
        var rows: [String: [UInt32: VR]] = [:]
        for line in SafePrivateRows.rows.split(separator: "\n") {
            guard let bar = line.firstIndex(of: "|") else { continue }
            var elements: [UInt32: VR] = [:]
            for word in line[line.index(after: bar)...].split(separator: " ") {
                guard let number = UInt32(word.prefix(6), radix: 16) else { continue }
                elements[number] = VR(String(word.suffix(2))).flatMap { $0.isKnown ? $0 : nil } ?? .un
            }
            rows[String(line[..<bar])] = elements
        }
        return rows
    }()
}

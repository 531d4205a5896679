import DICOMModel

/// Table E.3.4-1 of PS3.15 in memory: what becomes of content items by their concept and Value Type.
enum StructuredContentTable {
    struct Row: Sendable {
        let action: DeidentificationAction
        let options: [ProfileOption: DeidentificationAction]
    }

    /// Nil where the table says nothing about the concept.
    ///
    /// - Parameters:
    ///   - scheme: Coding Scheme Designator; SNOMED RT under any of its names counts as well.
    ///   - valueType: of the content item. A concept that the table has with other Value Types only gives the first row
    ///     without its options: what identifies as text does so as a code.
    static func row(value: String, scheme: String, valueType: String) -> Row? {
        let scheme = snomedRT.contains(scheme) ? "SRT" : scheme
        guard let found = rows[scheme + "|" + value] else { return nil }
        return found[valueType]
            ?? found.min { $0.key < $1.key }.map { Row(action: $0.value.action, options: [:]) }
    }

    /// Coding schemes whose codes and meanings are published (PS3.16 section 8). All others may say anything.
    static func isPublished(_ scheme: String) -> Bool { published.contains(scheme) }

    /// What SRT was called before.
    private static let snomedRT: Set<String> = ["SRT", "SNM3", "99SDM", "SNM", "SDM"]

    private static let published: Set<String> = snomedRT.union([
        "DCM", "SCT", "LN", "UCUM", "RADLEX", "NCIt", "UMLS", "FMA", "BI", "ACR", "I9", "I9C", "I10", "I10P", "I11",
        "MDC",
        "NCDR [2.0b]", "NEU", "RXNORM", "NDC", "ISO639_1", "ISO639_2", "ISO3166_1", "RFC3066", "RFC5646", "ITIS_TSN",
        "C4",
        "CD2", "ICDO3", "UNII", "DCMUID",
    ])

    /// By scheme and value, then by Value Type.
    private static let rows: [String: [String: Row]] = {
        var rows: [String: [String: Row]] = [:]
        for line in StructuredContentRows.rows.split(separator: "\n") {
            let fields = line.split(separator: "|")
            guard fields.count >= 4, let action = DeidentificationAction(rawValue: String(fields[3])) else { continue }
            let row = Row(action: action, options: fields.count > 4 ? ProfileOption.actions(fields[4]) : [:])
            let values = fields[0].split(separator: "/")
            rows["\(fields[1])|\(values[0])", default: [:]][String(fields[2])] = row
            if values.count > 1 { rows["SRT|\(values[1])", default: [:]][String(fields[2])] = row }
        }
        return rows
    }()
}

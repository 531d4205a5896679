import DICOMFile
import DICOMModel

/// The Types that Attributes of Table E.1-1 have in each IOD (PS3.3), as far as an action depends on them.
struct AttributeTypeTable: Sendable {
    /// Types at root level in the order of `columns`; nil where the SOP Class is not known.
    private let root: [AttributeType?]?

    init(sopClassUID: String) {
        root = Self.iods[sopClassUID]
    }

    /// The Type of a root-level Attribute. Where the IOD is not known it is taken to be 1C, so that nothing that may be
    /// needed is missing; an Attribute that belongs to no module of the IOD may always go.
    func type(of tag: Tag) -> AttributeType {
        guard let column = Self.index.place(of: tag.rawValue) else { return .three }
        guard let root else { return .oneConditional }
        return root[column] ?? .three
    }

    /// The Type of an Attribute in the items of `sequence`.
    static func type(of tag: Tag, in sequence: Tag) -> AttributeType {
        nested[sequence.rawValue]?[tag.rawValue] ?? .three
    }

    /// Whether some IOD wants a root-level Attribute to be there (Types 1 and 2), as far as the table has it.
    static func isExpected(_ tag: Tag) -> Bool {
        expected.contains(tag.rawValue)
    }

    // MARK: -

    private static let columns: [UInt32] = AttributeTypeRows.columns
        .split { $0 == " " || $0 == "\n" }.compactMap { UInt32($0, radix: 16) }

    private static let index = TagIndex(columns)

    private static let iods: [String: [AttributeType?]] = {
        var iods: [String: [AttributeType?]] = [:]
        for line in AttributeTypeRows.iods.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let kinds = words.first else { continue }
            let types = zip(columns, kinds).map { AttributeType(rawValue: $1) }
            for uid in words.dropFirst() {
                iods["1.2.840.10008." + uid] = types
            }
        }
        return iods
    }()

    private static let expected = Set(
        iods.values.flatMap { types in zip(columns, types).filter { $1?.demandsPresence == true }.map(\.0) })

    /// By sequence.
    private static let nested: [UInt32: [UInt32: AttributeType]] = {
        var nested: [UInt32: [UInt32: AttributeType]] = [:]
        var parent: UInt32?
        for word in AttributeTypeRows.nested.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if word.last == ">" {
                parent = DataDictionary.tag(keyword: String(word.dropLast()))?.rawValue
            } else if let parent, let tag = UInt32(word.prefix(8), radix: 16), let kind = word.last {
                nested[parent, default: [:]][tag] = AttributeType(rawValue: kind)
            }
        }
        return nested
    }()
}

import DICOMFile
import DICOMModel

/// Clean Structured Content (PS3.15 E.3.4): content items by their concept, Table E.3.4-1.
extension DeidentificationPass {
    /// The Attribute that holds the value of an item, for types whose value is one.
    static let values: [String: Tag] = [
        "TEXT": .textValue, "DATETIME": Tag(0x0040, 0xA120), "DATE": Tag(0x0040, 0xA121),
        "TIME": Tag(0x0040, 0xA122), "PNAME": Tag(0x0040, 0xA123), "UIDREF": Tag(0x0040, 0xA124),
    ]
    static let codeValue = Tag(0x0040, 0xA168)
    static let measuredValue = Tag(0x0040, 0xA300)

    /// Whether an Attribute of a content item holds what its concept decides on.
    static func isContentValue(_ tag: Tag) -> Bool {
        tag == codeValue || tag == measuredValue || values.values.contains(tag)
    }

    /// The item with its value as its concept allows, and what is below it; nil to leave it out.
    mutating func contentItem(_ item: DataSet, inside sequence: Tag) throws -> DataSet? {
        let type = item.string(.valueType) ?? ""
        let rule = ContentRule(item, profile: profile)
        let (action, basic) = (rule.action, rule.basic)
        var place = Place(sequence: sequence, isCleaned: true)
        var isRemoved = action == .remove
        if let tag = Self.values[type], let element = item[tag] {
            let value = try self.value(element, of: item, action: action, basic: basic)
            isRemoved = value == nil
            place.value[tag] = try value ?? apply(Rule(action: .dummy), to: element, of: item, at: place)
        } else if action == .dummy || action == .remove {
            place.value[Self.codeValue] = DataElement(
                tag: Self.codeValue, items: [DummyItems(dataSet: item) { $0 }.code])
            place.value[Self.measuredValue] = DataElement(tag: Self.measuredValue, items: [])
        }
        guard isRemoved else { return try deidentify(item, at: place) }
        guard keepsContentPositions else {
            trail?.leaveOut(by: rule.name)
            return nil
        }
        // Others are referred to by their position, so something has to stand here.
        var empty = item
        empty.mapElements { $0.tag == .contentSequence ? nil : $0 }
        return try deidentify(empty, at: place)
    }

    /// Nil where the whole item is to go.
    private mutating func value(
        _ element: DataElement, of item: DataSet, action: DeidentificationAction, basic: DeidentificationAction
    ) throws -> DataElement? {
        switch action {
        case .keep where try element.isValid(): return element
        case .keep: return basic == .keep ? nil : try value(element, of: item, action: basic, basic: basic)
        case .clean:
            if let cleaned = try cleaned(element, of: item, at: Place()) { return cleaned }
            return try value(element, of: item, action: basic, basic: basic)
        case .remove: return nil
        default: return try apply(Rule(action: action), to: element, of: item, at: Place())
        }
    }
}

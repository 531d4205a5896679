import DICOMModel

/// Table E.1-1 with the options of one profile worked in, and `AdditionalRules` by Attribute, so that an element costs one
/// look-up.
struct ProfileRules: Sendable {
    enum Entry: Sendable {
        /// In the table, or treated alike.
        case listed(Row)
        /// Not in the table.
        case additional(DeidentificationAction)
    }

    struct Row: Sendable {
        /// With the options, not yet resolved by Type.
        let action: DeidentificationAction
        /// Without them: what is done where cleaning leaves nothing.
        let basic: DeidentificationAction
    }

    private let index: TagIndex
    private let entries: [Entry]

    init(_ profile: DeidentificationProfile) {
        // The table has the last word.
        var additional = AdditionalRules.byTag.map { (tag: $0.key.rawValue, entry: Entry.additional($0.value)) }
        let isCleaning = profile.options.contains(.cleanDescriptors)
        additional += AdditionalRules.descriptors.map { tag, basic in
            (tag: tag.rawValue, entry: Entry.listed(Row(action: isCleaning ? .clean : basic, basic: basic)))
        }
        let listed = ConfidentialityProfileTable.rows.map { tag, row in
            (tag: tag, entry: Entry.listed(Row(action: profile.action(row.action, row.options), basic: row.action)))
        }
        index = TagIndex((additional + listed).map(\.tag))
        entries = (additional + listed).map(\.entry)
    }

    func entry(_ tag: Tag) -> Entry? { index.place(of: tag.rawValue).map { entries[$0] } }
}

import DICOMModel

/// Table E.1-1 with the options of one profile worked in, so that an element costs one look-up.
struct ProfileRules: Sendable {
    struct Row: Sendable {
        /// With the options, not yet resolved by Type.
        let action: DeidentificationAction
        /// Without them: what is done where cleaning leaves nothing.
        let basic: DeidentificationAction
    }

    private let rows: [UInt32: Row]

    init(_ profile: DeidentificationProfile) {
        rows = ConfidentialityProfileTable.rows.mapValues { row in
            Row(action: profile.action(row.action, row.options), basic: row.action)
        }
    }

    func row(_ tag: Tag) -> Row? { rows[tag.rawValue] }
}

import DICOMFile
import DICOMModel

/// What a script leaves undone of the Basic Application Level Confidentiality Profile: the live rows of Table E.1-1 that
/// it doesn't reach, those that the chosen options keep left out.
public struct ProfileGap: Sendable {
    /// A live row.
    public struct Row: Sendable {
        /// `(0010,0010)`; `(60xx,3000)` for the repeating group.
        public let attribute: String
        /// `PatientName`.
        public let keyword: String
        /// The action of the Basic Profile, as the table writes it.
        public let action: DeidentificationAction
        /// What options make of it: K or C.
        public let options: [ProfileOption: DeidentificationAction]
        public let root: ProfileReach
        public let nested: ProfileReach
        let tags: [Tag]
    }

    /// Every live row that the options don't keep, ascending.
    public let rows: [Row]
    /// The live rows that they keep.
    public let keptCount: Int
    /// How surely private elements are removed.
    public let privateElements: ProfileReach
    /// De-identification markers (PS3.15 E.1.1) that aren't set at root level: tags with what belongs there.
    public let missingMarkers: [String]
    public let options: Set<ProfileOption>

    public var edition: String { DeidentificationProfile.edition }
    public var untouchedAtRoot: [Row] { rows.filter { $0.root != .always } }
    public var untouchedNested: [Row] { rows.filter { $0.nested != .always } }

    /// - Parameter options: chosen ones, whose Attributes need not be touched.
    public init(_ script: DicomEditScript, options: Set<ProfileOption> = []) {
        let coverage = ScriptCoverage(script.statements)
        let profile = DeidentificationProfile(unchecked: options)
        let all = Self.rows(coverage)
        rows = all.filter { row in row.tags.contains { profile.action(for: $0) != .keep } }
        keptCount = all.count - rows.count
        privateElements = coverage.privateReach
        missingMarkers = Self.markers(options).filter { coverage.reach($0.tag) == .never }.map {
            "\($0.tag) \(DataDictionary.keyword($0.tag) ?? "")"
        }
        self.options = options
    }

    private static func rows(_ coverage: ScriptCoverage) -> [Row] {
        var rows = ProfileRowStatus.live.compactMap { tag -> Row? in
            guard let entry = ConfidentialityProfileTable.row(tag) else { return nil }
            return Row(
                attribute: tag.description, keyword: DataDictionary.keyword(tag) ?? "", action: entry.action,
                options: entry.options, root: coverage.reach(tag),
                nested: coverage.nestedReach(tag), tags: [tag])
        }
        let overlays = stride(from: UInt16(0x6000), through: 0x60FE, by: 2).map { Tag($0, 0x3000) }
        let reaches = overlays.map { (coverage.reach($0), coverage.nestedReach($0)) }
        rows.append(
            Row(
                attribute: "(60xx,3000)", keyword: "OverlayData", action: .remove, options: [.cleanGraphics: .clean],
                root: (reaches.map(\.0).min { $0.rank < $1.rank } ?? .never),
                nested: (reaches.map(\.1).min { $0.rank < $1.rank } ?? .never), tags: overlays))
        return rows.sorted { $0.attribute < $1.attribute }
    }

    /// Untouched rows at root level that an option would keep, and that it would want cleaned.
    public func untouched(by option: ProfileOption) -> (kept: Int, cleaned: Int) {
        let actions = untouchedAtRoot.compactMap { $0.options[option] }
        return (actions.filter { $0 == .keep }.count, actions.filter { $0 == .clean }.count)
    }

    static func markers(_ options: Set<ProfileOption>) -> [(tag: Tag, value: String)] {
        let dates =
            options.contains(.retainLongitudinalFullDates)
            ? "UNMODIFIED" : options.contains(.retainLongitudinalModifiedDates) ? "MODIFIED" : "REMOVED"
        return [
            (.patientIdentityRemoved, "YES"), (.deidentificationMethod, "PS3.15 \(DeidentificationProfile.edition)"),
            (.longitudinalTemporalInformationModified, dates),
        ]
    }
}

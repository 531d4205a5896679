public import DICOMFile
public import DICOMModel

/// Names the rule that the profile goes by for an element, for people who want to know why.
public struct ProfileRule: Sendable {
    private let profile: DeidentificationProfile

    public init(profile: DeidentificationProfile) {
        self.profile = profile
    }

    /// By where an element stands: the value of a content item goes by its concept, `E.3.4-1 X/D, 113105 C`; what isn't listed
    /// is looked at in sequences that are cleaned, `not listed, cleaned`.
    ///
    /// - Parameters:
    ///   - dataSet: in which it stands.
    ///   - sequences: around it, outermost first.
    public func name(of element: DataElement, in dataSet: DataSet, inside sequences: [Tag]) -> String {
        let isCleaned = sequences.contains { !$0.isPrivate && profile.action(for: $0) == .clean }
        guard isCleaned, !element.tag.isPrivate else { return name(of: element) }
        if let last = sequences.last, DeidentificationPass.contentSequences.contains(last),
            DeidentificationPass.isContentValue(element.tag)
        {
            return ContentRule(dataSet, profile: profile).name
        }
        let name = name(of: element)
        return name == Self.unlisted && dataSet.effectiveVR(element).usesSpecificCharacterSet
            ? "not listed, cleaned" : name
    }

    private static let unlisted = "not listed"

    /// `E.1-1 X/Z`, `E.1-1 X, 113109 K`, `E.1-1 Z, 113106 K, not valid`, `additional: VR DA`, `additional: not valid`, `not listed`.
    public func name(of element: DataElement) -> String {
        let tag = element.tag
        if tag.isPrivate { return "E.1-1 private" + option(.retainSafePrivate) }
        if AdditionalRules.isForeignGroup(tag) || tag.isGroupLength { return "additional: group" }
        if tag.isRetiredPicture { return "additional: retired picture" }
        if tag.isOverlay || tag.isCurve { return "E.1-1 overlays and curves" + option(.cleanGraphics) }
        if let row = ConfidentialityProfileTable.row(tag) { return name(of: row, element) }
        if tag == .patientIdentityRemoved || tag == .deidentificationMethodCodeSequence { return "marker" }
        if let action = AdditionalRules.byTag[tag] { return "additional: \(action.rawValue)" }
        if let action = AdditionalRules.descriptors[tag] {
            return "additional: \(action.rawValue)" + option(.cleanDescriptors)
        }
        guard let standardVR = DataDictionary.entry(tag)?.vr else { return "additional: unknown tag" }
        for vr in [element.vr, standardVR] where vr != .un {
            if AdditionalRules.action(forVR: vr, tag: tag) != nil { return "additional: VR \(vr)" }
        }
        return Self.isValid(element) ? Self.unlisted : "additional: not valid"
    }

    /// That the option cleans it, where it is chosen.
    private func option(_ option: ProfileOption) -> String {
        profile.options.contains(option) ? ", \(option.code.rawValue) C" : ""
    }

    private static func isValid(_ element: DataElement) -> Bool { (try? element.isValid()) == true }

    private func name(of row: ConfidentialityProfileTable.Row, _ element: DataElement) -> String {
        let options = profile.options.compactMap { option in
            row.options[option].map { "\(option.code.rawValue) \($0.rawValue)" }
        }
        let isKept = profile.action(row.action, row.options) == .keep
        let notes = isKept && !Self.isValid(element) ? ["not valid"] : []
        return (["E.1-1 \(row.action.rawValue)"] + options.sorted() + notes).joined(separator: ", ")
    }
}

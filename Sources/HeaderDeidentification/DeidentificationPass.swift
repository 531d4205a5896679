import DICOMFile
import DICOMModel
import PHIClassification

/// One way through one object: the rules for each element, and what they did.
struct DeidentificationPass {
    let profile: DeidentificationProfile
    let rules: ProfileRules
    let pseudonyms: Pseudonyms
    let types: AttributeTypeTable
    /// For Patient's Name and Patient ID at root level, and for names in items without a Patient ID of their own.
    let patient: String
    /// With modified dates.
    let shift: TemporalShift?
    /// With options that clean text.
    let cleaner: DescriptorCleaner?
    /// Whether content items are referred to by their position, so that none may go.
    let keepsContentPositions: Bool
    /// Groups of Overlay Planes that were looked at and may stay.
    var keptOverlays: Set<UInt16> = []
    /// Kept only for those who want to know.
    var trail: DeidentificationTrail?
    /// Texts of codes that were looked at, and whether they may stay.
    var codeTexts: [String: Bool] = [:]

    /// Where a Data Set stands, and what follows for its elements.
    struct Place {
        /// Whose item it is; nil at root level.
        var sequence: Tag?
        /// In a sequence that is cleaned: text that the table doesn't list is cleaned as well.
        var isCleaned = false
        /// What the concept of a content item makes of its value.
        var value: [Tag: DataElement] = [:]
    }

    /// What is done with an element: a plain code, and for C and K what is done where nothing may stay.
    struct Rule {
        let action: DeidentificationAction
        var otherwise = DeidentificationAction.remove
    }

    mutating func deidentify(_ dataSet: DataSet) throws -> DataSet {
        try deidentify(dataSet, at: Place())
    }

    mutating func deidentify(_ dataSet: DataSet, at place: Place) throws -> DataSet {
        if place.isCleaned, let replacement = replacement(forCode: dataSet) { return replacement }
        var result = dataSet
        let creators = retainsSafePrivate ? CreatorTable(dataSet) : nil
        try result.mapElements { element in
            guard element.tag.isPrivate else { return try transform(element, of: dataSet, at: place) }
            return try creators.flatMap { try safePrivate(element, of: dataSet, $0) }
        }
        if creators != nil { removeUnusedCreators(&result) }
        return result
    }

    private mutating func transform(
        _ element: DataElement, of dataSet: DataSet, at place: Place
    ) throws -> DataElement? {
        if let value = place.value[element.tag] { return value }
        return try apply(rule(for: element, of: dataSet, at: place), to: element, of: dataSet, at: place)
    }

    mutating func apply(
        _ rule: Rule, to element: DataElement, of dataSet: DataSet, at place: Place
    ) throws -> DataElement? {
        switch rule.action {
        case .remove:
            return nil
        case .empty:
            return element.isEmpty ? element : DataElement(emptyOf: element.tag, vr: element.standardVR)
        case .dummy:
            return dummy(element, of: dataSet, at: place)
        case .newUID:
            return try newUID(element)
        case .clean:
            if let cleaned = try cleaned(element, of: dataSet, at: place) { return cleaned }
            return try apply(Rule(action: rule.otherwise), to: element, of: dataSet, at: place)
        default:
            if try element.isValid() { return try kept(element, at: place) }
            if rule.otherwise == .dummy, element.standardVR == .cs {
                return try element.withValidCodes()
            }
            let action = rule.otherwise == .keep ? .remove : rule.otherwise
            return try apply(Rule(action: action), to: element, of: dataSet, at: place)
        }
    }

    // MARK: - Rules

    private func rule(for element: DataElement, of dataSet: DataSet, at place: Place) -> Rule {
        let tag = element.tag
        if tag.isOverlay, place.sequence == nil, keptOverlays.contains(tag.group) {
            return overlayRule(for: element, of: dataSet)
        }
        if AdditionalRules.isRemovedGroup(tag) || tag.isGroupLength { return Rule(action: .remove) }
        switch rules.entry(tag) {
        case .listed(let row): return tableRule(row, tag, of: dataSet, at: place)
        case .additional(let action): return Rule(action: action)
        case nil: break
        }
        // Markers are set after this pass, and only at root level.
        if tag == .patientIdentityRemoved || tag == .deidentificationMethodCodeSequence { return Rule(action: .remove) }
        guard let standardVR = DataDictionary.standardVR(tag) else { return Rule(action: .remove) }
        if let rule = rule(forVR: element.vr, tag) ?? rule(forVR: standardVR, tag) { return rule }
        if place.isCleaned, Self.contentSequences.contains(tag) { return Rule(action: .clean) }
        if place.isCleaned, standardVR.usesSpecificCharacterSet, !isCode(tag, in: dataSet) {
            return Rule(action: .clean, otherwise: .dummy)
        }
        return Rule(action: .keep, otherwise: AdditionalRules.action(forInvalid: standardVR, tag: tag))
    }

    private func tableRule(_ row: ProfileRules.Row, _ tag: Tag, of dataSet: DataSet, at place: Place) -> Rule {
        let type = place.sequence.map { AttributeTypeTable.type(of: tag, in: $0) } ?? types.type(of: tag)
        let resolved = row.action.resolved(for: type)
        if resolved == .clean {
            // Below an item there need be no others.
            let isBelow = tag == .contentSequence && place.sequence == .contentSequence
            return Rule(action: .clean, otherwise: isBelow ? .remove : row.basic.resolved(for: type))
        }
        if resolved == .keep { return Rule(action: .keep, otherwise: row.basic.resolved(for: type)) }
        // Type 2C: required of animals (PS3.3 C.7.1.1).
        if resolved == .remove, place.sequence == nil, Self.responsibleForAnimal.contains(tag),
            Self.species.contains(where: dataSet.contains)
        {
            return Rule(action: .empty)
        }
        return Rule(action: resolved)
    }

    private static let responsibleForAnimal: Set<Tag> = [Tag(0x0010, 0x2297), Tag(0x0010, 0x2299)]
    private static let species: [Tag] = [Tag(0x0010, 0x2201), Tag(0x0010, 0x2202)]

    /// What the VR of an Attribute without a row asks for; nil to keep it.
    func rule(forVR vr: VR, _ tag: Tag) -> Rule? {
        guard vr != .un, let action = AdditionalRules.action(forVR: vr, tag: tag) else { return nil }
        switch vr {
        case .da, .tm, .dt:
            switch profile.temporalInformation {
            case .removed: return Rule(action: action)
            case .modified: return Rule(action: .clean, otherwise: action)
            case .unmodified: return Rule(action: .keep, otherwise: action)
            }
        case .ui where profile.options.contains(.retainUIDs): return Rule(action: .keep, otherwise: action)
        default: return Rule(action: action)
        }
    }
}

extension UID {
    /// Registered by the standard and too short to carry anything else: a class, a Transfer Syntax, a well-known frame of
    /// reference, palette or instance (PS3.6 annex A). Test data is known to abuse the root for instances.
    var isWellKnown: Bool {
        isStandard && isValid && value.utf8.count <= 34
    }
}

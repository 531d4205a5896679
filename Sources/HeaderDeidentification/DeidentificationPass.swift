import DICOMFile
import DICOMModel

/// One way through one object: the rules for each element, and what they did.
struct DeidentificationPass {
    let profile: DeidentificationProfile
    let pseudonyms: Pseudonyms
    let types: AttributeTypeTable
    /// For Patient's Name and Patient ID at root level, and for names in items without a Patient ID of their own.
    let patient: String
    var summary: HeaderSummary

    mutating func deidentify(_ dataSet: DataSet) throws -> DataSet {
        try deidentify(dataSet, inside: nil)
    }

    /// - Parameter sequence: whose item this is; nil at root level.
    private mutating func deidentify(_ dataSet: DataSet, inside sequence: Tag?) throws -> DataSet {
        var result = dataSet
        try result.mapElements { element in
            try transform(element, of: dataSet, inside: sequence)
        }
        return result
    }

    private mutating func transform(
        _ element: DataElement, of dataSet: DataSet, inside sequence: Tag?
    ) throws -> DataElement? {
        let tag = element.tag
        if tag.isPrivate {
            summary.removedPrivate += 1
            return nil
        }
        switch action(for: element, of: dataSet, inside: sequence) {
        case .remove:
            summary.removed += 1
            return nil
        case .empty:
            return emptied(element)
        case .dummy:
            return dummy(element, of: dataSet, inside: sequence)
        case .newUID:
            return try newUID(element)
        default:
            return try kept(element)
        }
    }

    // MARK: - Rules

    private func action(
        for element: DataElement, of dataSet: DataSet, inside sequence: Tag?
    ) -> DeidentificationAction {
        let tag = element.tag
        if AdditionalRules.isForeignGroup(tag) || tag.isGroupLength || tag.isOverlay { return .remove }
        if let action = profile.action(for: tag) {
            let type = sequence.map { AttributeTypeTable.type(of: tag, in: $0) } ?? types.type(of: tag)
            let resolved = action.resolved(for: type)
            // Type 2C: required of animals (PS3.3 C.7.1.1).
            if resolved == .remove, sequence == nil, Self.responsibleForAnimal.contains(tag),
                Self.species.contains(where: { dataSet[$0] != nil })
            {
                return .empty
            }
            // Cleaning is not offered yet: what the Basic Profile does is more.
            return resolved == .clean ? .remove : resolved
        }
        // Markers are set after this pass, and only at root level.
        if tag == .patientIdentityRemoved || tag == .deidentificationMethodCodeSequence { return .remove }
        if let action = AdditionalRules.byTag[tag] { return action }
        guard let standardVR = DataDictionary.entry(tag)?.vr else { return .remove }
        for vr in [element.vr, standardVR] where vr != .un {
            if let action = AdditionalRules.action(forVR: vr, tag: tag) { return action }
        }
        if case .bytes(let value) = element.value, !value.isEmpty {
            if standardVR == .sq || element.vr == .sq { return .remove }
            if standardVR == .is || standardVR == .ds { return isNumber(value) ? .keep : .empty }
        }
        return .keep
    }

    private static let responsibleForAnimal: Set<Tag> = [Tag(0x0010, 0x2297), Tag(0x0010, 0x2299)]
    private static let species: [Tag] = [Tag(0x0010, 0x2201), Tag(0x0010, 0x2202)]

    /// Whether the characters are those of a number (PS3.5 6.2); whether they make one is not asked.
    private func isNumber(_ value: ValueBytes) -> Bool {
        guard value.count <= 1 << 16, let bytes = try? value.load() else { return true }
        return bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65, 0x5C, 0x20, 0x00: true
            default: false
            }
        }
    }

    // MARK: - Deeds

    private mutating func emptied(_ element: DataElement) -> DataElement {
        if element.isEmpty {
            summary.kept += 1
            return element
        }
        summary.emptied += 1
        let vr = standardVR(element)
        return vr == .sq ? DataElement(tag: element.tag, items: []) : DataElement(tag: element.tag, vr: vr, bytes: [])
    }

    private mutating func dummy(_ element: DataElement, of dataSet: DataSet, inside sequence: Tag?) -> DataElement? {
        summary.dummies += 1
        let tag = element.tag
        switch tag {
        case .patientName:
            return DataElement(tag: tag, vr: .pn, ascii: pseudonym(in: dataSet, inside: sequence))
        case .patientID:
            return DataElement(tag: tag, vr: .lo, ascii: pseudonym(in: dataSet, inside: sequence))
        default: break
        }
        let vr = standardVR(element)
        switch vr {
        case .sq:
            let pseudonyms = pseudonyms
            let dummies = DummyItems(dataSet: dataSet) { pseudonyms.uid($0) }
            return DataElement(tag: tag, items: dummies.items(for: tag, original: element.items ?? []))
        case .ui:
            summary.dummies -= 1
            return (try? newUID(element)) ?? nil
        default:
            return DummyValue.element(tag, vr: vr)
        }
    }

    /// The pseudonym of the patient that this Data Set is about: an item can name another one than the root.
    private func pseudonym(in dataSet: DataSet, inside sequence: Tag?) -> String {
        guard sequence != nil, let id = dataSet.string(.patientID) else { return patient }
        return pseudonyms.patient(patientID: id, issuer: dataSet.string(.issuerOfPatientID))
    }

    private mutating func newUID(_ element: DataElement) throws -> DataElement? {
        guard case .bytes(let value) = element.value else {
            summary.removed += 1
            return nil
        }
        let bytes = try value.load()
        let originals = bytes.split(separator: 0x5C, omittingEmptySubsequences: false)
        let mapped = originals.map { newUID(Array($0)) }
        guard zip(originals, mapped).contains(where: { !$0.elementsEqual($1) }) else {
            summary.kept += 1
            return element
        }
        summary.newUIDs += 1
        return DataElement(tag: element.tag, vr: .ui, bytes: Array(mapped.joined(separator: [0x5C])))
    }

    /// The new UID of one value; itself where it is empty or registered by the standard.
    private func newUID(_ value: [UInt8]) -> [UInt8] {
        func isPadding(_ byte: UInt8) -> Bool { byte <= 0x20 }
        let trimmed = value.drop(while: isPadding).reversed().drop(while: isPadding).reversed()
        guard !trimmed.isEmpty else { return value }
        let uid = UID(String(decoding: trimmed, as: UTF8.self))
        return uid.isWellKnown ? value : Array(pseudonyms.uid(uid).value.utf8)
    }

    private mutating func kept(_ element: DataElement) throws -> DataElement {
        guard case .items(let items) = element.value else {
            summary.kept += 1
            return element
        }
        var changed: [DataSet] = []
        changed.reserveCapacity(items.count)
        for item in items {
            changed.append(try deidentify(item, inside: element.tag))
        }
        summary.kept += 1
        return element.replacing(.items(changed))
    }

    /// The dictionary's VR, so that a dummy is valid even where the file's VR is not.
    private func standardVR(_ element: DataElement) -> VR {
        guard let vr = DataDictionary.entry(element.tag)?.vr, vr != .un else { return element.vr }
        return vr
    }
}

extension UID {
    /// Registered by the standard and too short to carry anything else: a class, a Transfer Syntax, a well-known frame of
    /// reference, palette or instance (PS3.6 annex A). Test data is known to abuse the root for instances.
    var isWellKnown: Bool {
        isStandard && isValid && value.utf8.count <= 34
    }
}

import DICOMFile
import DICOMModel
import PHIClassification

/// Retain Safe Private (PS3.15 E.3.10): what Table E.3.10-1 lists for its private creator, wherever its block is.
extension DeidentificationPass {
    var retainsSafePrivate: Bool { profile.options.contains(.retainSafePrivate) }

    /// The element as it may stay; nil where it may not.
    mutating func safePrivate(
        _ element: DataElement, of dataSet: DataSet, _ creators: CreatorTable
    ) throws -> DataElement? {
        let tag = element.tag
        if tag.isPrivateCreator {
            return dataSet.text(element).map(SafePrivateTable.isKnown) == true ? element : nil
        }
        guard let creator = creators.creator(of: tag), let listed = SafePrivateTable.vr(tag, creator: creator) else {
            return nil
        }
        let vr = listed == .un ? element.vr : listed
        // What says it is something else than the table knows isn't what the table found safe.
        guard vr != .un, element.vr == .un || element.vr == vr || (element.items != nil && vr == .sq) else {
            return nil
        }
        return try safePrivate(element, vr, of: dataSet)
    }

    private mutating func safePrivate(_ element: DataElement, _ vr: VR, of dataSet: DataSet) throws -> DataElement? {
        if element.items != nil || vr == .sq {
            return element.items == nil || vr != .sq ? nil : try kept(element, at: Place(isCleaned: true))
        }
        guard case .bytes(let value) = element.value else { return nil }
        let readable = element.vr == .un ? DataElement(tag: element.tag, vr: vr, value: element.value) : element
        guard try readable.isValid() else { return nil }
        switch vr {
        case .lo, .sh, .st, .lt, .ut, .uc, .cs, .ae, .ur, .as:
            guard let cleaner, dataSet.strings(readable).allSatisfy({ $0.isEmpty || cleaner.isSafe($0) }) else {
                return nil
            }
        default:
            guard value.count.isMultiple(of: vr.wordSize) else { return nil }
        }
        guard let rule = rule(forVR: vr, element.tag), vr != .as, vr != .ur else { return element }
        // A dummy tells no more than nothing does.
        let action = rule.action == .dummy ? DeidentificationAction.remove : rule.action
        return try apply(Rule(action: action), to: readable, of: dataSet, at: Place())
    }

    /// A creator without elements reserves nothing.
    func removeUnusedCreators(_ dataSet: inout DataSet) {
        let used = Set(dataSet.elements.compactMap(\.tag.privateCreator))
        dataSet.mapElements { $0.tag.isPrivateCreator && !used.contains($0.tag) ? nil : $0 }
    }
}

import DICOMFile
import DICOMModel

/// What each plain code does to an element.
extension DeidentificationPass {
    func dummy(_ element: DataElement, of dataSet: DataSet, at place: Place) -> DataElement? {
        let tag = element.tag
        switch tag {
        case .patientName:
            return DataElement(tag: tag, vr: .pn, ascii: pseudonym(in: dataSet, at: place))
        case .patientID:
            return DataElement(tag: tag, vr: .lo, ascii: pseudonym(in: dataSet, at: place))
        default: break
        }
        let vr = element.standardVR
        switch vr {
        case .sq:
            let pseudonyms = pseudonyms
            let dummies = DummyItems(dataSet: dataSet) { pseudonyms.uid($0) }
            return DataElement(tag: tag, items: dummies.items(for: tag, original: element.items ?? []))
        case .ui:
            return (try? newUID(element)) ?? nil
        default:
            return DummyValue.element(tag, vr: vr)
        }
    }

    /// The pseudonym of the patient that this Data Set is about: an item can name another one than the root.
    private func pseudonym(in dataSet: DataSet, at place: Place) -> String {
        guard place.sequence != nil, let id = dataSet.string(.patientID) else { return patient }
        return pseudonyms.patient(patientID: id, issuer: dataSet.string(.issuerOfPatientID))
    }

    func newUID(_ element: DataElement) throws -> DataElement? {
        guard case .bytes(let value) = element.value else { return nil }
        let bytes = try value.loaded ?? value.load()[...]
        guard bytes.contains(0x5C) else {
            let original = Self.trimmed(bytes)
            guard let new = newUID(original) else {
                return VR.ui.allows(bytes) ? element : DataElement(tag: element.tag, vr: .ui, bytes: Array(original))
            }
            return DataElement(tag: element.tag, vr: .ui, bytes: Array(new.value.utf8))
        }
        let originals = bytes.split(separator: 0x5C, omittingEmptySubsequences: false).map(Self.trimmed)
        let mapped = originals.map(newUID)
        guard mapped.contains(where: { $0 != nil }) || !VR.ui.allows(bytes) else { return element }
        let values = zip(originals, mapped).map { original, new in new.map { Array($0.value.utf8)[...] } ?? original }
        return DataElement(tag: element.tag, vr: .ui, bytes: Array(values.joined(separator: [0x5C])))
    }

    /// The new UID of one value; nil where it stays, being empty or registered by the standard.
    private func newUID(_ value: ArraySlice<UInt8>) -> UID? {
        guard !value.isEmpty else { return nil }
        let uid = UID(String(decoding: value, as: UTF8.self))
        return uid.isWellKnown ? nil : pseudonyms.uid(uid)
    }

    /// Without padding, which some writers make of other characters than NUL.
    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isPadding(_ byte: UInt8) -> Bool { byte <= 0x20 }
        var trimmed = value.drop(while: isPadding)
        while let last = trimmed.last, isPadding(last) { trimmed.removeLast() }
        return trimmed
    }

    mutating func kept(_ element: DataElement, at place: Place) throws -> DataElement {
        guard case .items(let items) = element.value else { return element }
        var changed: [DataSet] = []
        changed.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            trail?.enter(element.tag, item: index)
            defer { trail?.leave() }
            changed.append(try deidentify(item, at: Place(sequence: element.tag, isCleaned: place.isCleaned)))
        }
        return element.replacing(.items(changed))
    }
}

import DICOMFile
import DICOMModel

/// What every released object says of its de-identification (PS3.15 E.1.1, PS3.3 C.12.1).
struct DeidentificationMarkers {
    /// First value of De-identification Method (0012,0063).
    let method: String
    /// What was carried out, for (0012,0064).
    let codes: [DeidentificationCode]
    let temporalInformation: TemporalInformation
    let pixels: PixelEvidence

    /// The method by which the profile is carried out.
    static let profileMethod = "Quench 0.1, PS3.15 \(DeidentificationProfile.edition)"
    /// Every text that the markers consist of.
    static let texts = Set(
        [profileMethod, ScriptedDeidentifier.method]
            + DeidentificationCode.allCases.map(\.methodText))

    /// Gives the codes that are set.
    func set(in dataSet: inout DataSet, of original: DataSet) -> [DeidentificationCode] {
        // Of an earlier de-identifier only codes of the standard are taken over, with the standard's own words: its
        // free text may hold anything.
        let earlier = original.items(.deidentificationMethodCodeSequence).compactMap { item -> DeidentificationCode? in
            guard item.string(.codingSchemeDesignator) == "DCM", let value = item.string(.codeValue) else {
                return nil
            }
            return DeidentificationCode(rawValue: value)
        }
        let codes = DeidentificationCode.allCases.filter { code in
            self.codes.contains(code) || (code.survives && earlier.contains(code))
        }
        dataSet[.patientIdentityRemoved] = DataElement(tag: .patientIdentityRemoved, vr: .cs, ascii: "YES")
        let methods = [method] + codes.map(\.methodText)
        dataSet[.deidentificationMethod] = DataElement(
            tag: .deidentificationMethod, vr: .lo, bytes: Array(methods.joined(separator: "\\").utf8))
        // Type 1C: one item at least, or not there. Scripts alone, without pixels, have no code.
        let items = codes.map { item(for: $0, in: dataSet) }
        dataSet[.deidentificationMethodCodeSequence] =
            items.isEmpty ? nil : DataElement(tag: .deidentificationMethodCodeSequence, items: items)
        dataSet[.longitudinalTemporalInformationModified] = DataElement(
            tag: .longitudinalTemporalInformationModified, vr: .cs, ascii: temporalInformation.rawValue)
        setBurnedInAnnotation(&dataSet)
        return codes
    }

    private func item(for code: DeidentificationCode, in dataSet: DataSet) -> DataSet {
        DataSet(
            elements: [
                DataElement(tag: .codeValue, vr: .sh, ascii: code.rawValue),
                DataElement(tag: .codingSchemeDesignator, vr: .sh, ascii: "DCM"),
                DataElement(tag: .codeMeaning, vr: .lo, ascii: code.meaning),
            ], isExplicitVR: dataSet.isExplicitVR, isBigEndian: dataSet.isBigEndian)
    }

    private func setBurnedInAnnotation(_ dataSet: inout DataSet) {
        switch pixels {
        case .examinedAndClean, .masked:
            dataSet[.burnedInAnnotation] = DataElement(tag: .burnedInAnnotation, vr: .cs, ascii: "NO")
        case .notExamined:
            // What the input claims isn't known to be true, so NO is not passed on.
            if dataSet.string(.burnedInAnnotation) != "YES" { dataSet[.burnedInAnnotation] = nil }
        case .noPixels: break
        }
    }
}

extension DeidentificationCode {
    /// As a value of De-identification Method: LO, at most 64 characters.
    fileprivate var methodText: String { String(meaning.prefix(64)) }
}

import DICOMFile
import DICOMModel

/// Ages of 90 years and more as one group: there are so few people of that age that it says who they are
/// (45 CFR 164.514 (b)(2)(i)(C)).
enum AgeCap {
    /// Caps every Patient's Age at `090Y` and every Subject Age of a content item at 90 years, at every level, and empties
    /// Patient's Birth Date of such a patient.
    static func apply(to dataSet: inout DataSet, original: DataSet) {
        // An age in months, weeks or days is nobody's of that age.
        let isOld = original.string(.patientAge).map { (years($0) ?? 0) >= 90 } ?? isNinety(original)
        dataSet = capped(dataSet, emptiesBirthDate: isOld || saysNinety(original))
    }

    private static func capped(_ dataSet: DataSet, emptiesBirthDate: Bool) -> DataSet {
        var result = dataSet
        result.mapElements { element in
            if let items = element.items {
                if element.tag == measuredValue, isSubjectAge(dataSet) {
                    return element.replacing(.items(items.map(cappedMeasurement)))
                }
                return element.replacing(.items(items.map { capped($0, emptiesBirthDate: emptiesBirthDate) }))
            }
            switch element.tag {
            case .patientAge where (years(dataSet.strings(element).first) ?? 0) >= 90:
                return DataElement(tag: .patientAge, vr: .as, ascii: "090Y")
            case .patientBirthDate where emptiesBirthDate && !element.isEmpty:
                return DataElement(emptyOf: .patientBirthDate, vr: .da)
            default: return element
            }
        }
        return result
    }

    // MARK: - Subject Age, DCM 121033, of a report (PS3.16 TID 1007)

    private static let measuredValue = Tag(0x0040, 0xA300)
    private static let numericValue = Tag(0x0040, 0xA30A)
    /// Floating Point Value, Rational Numerator Value, Rational Denominator Value: the same number in other forms.
    private static let otherForms = [Tag(0x0040, 0xA161), Tag(0x0040, 0xA162), Tag(0x0040, 0xA163)]
    /// Years, of which UCUM has several.
    private static let yearUnits: Set<String> = ["a", "a_j", "a_g", "a_t"]

    private static func isSubjectAge(_ item: DataSet) -> Bool {
        item.items(.conceptNameCodeSequence).contains {
            $0.string(.codeValue) == "121033" && $0.string(.codingSchemeDesignator) == "DCM"
        }
    }

    private static func isNinetyYears(_ measurement: DataSet) -> Bool {
        let unit = measurement.items(Tag(0x0040, 0x08EA)).first?.string(.codeValue)
        return unit.map(yearUnits.contains) == true && (measurement.decimals(numericValue).first ?? 0) >= 90
    }

    private static func cappedMeasurement(_ measurement: DataSet) -> DataSet {
        guard isNinetyYears(measurement) else { return measurement }
        var capped = measurement
        capped[numericValue] = DataElement(tag: numericValue, vr: .ds, ascii: "90")
        for tag in otherForms { capped[tag] = nil }
        return capped
    }

    private static func saysNinety(_ original: DataSet) -> Bool {
        var isFound = false
        original.walk { _, element, item in
            guard element.tag == measuredValue, isSubjectAge(item), let items = element.items else { return }
            if items.contains(where: isNinetyYears) { isFound = true }
        }
        return isFound
    }

    // MARK: -

    /// Of `093Y`; nil for other units, in which nobody is that old, and for what is no age.
    private static func years(_ age: String?) -> Int? {
        guard let age, age.utf8.count == 4, age.utf8.last == UInt8(ascii: "Y") else { return nil }
        return Int(age.dropLast())
    }

    /// By birth and study dates; true where they can't be told.
    private static func isNinety(_ original: DataSet) -> Bool {
        guard let birth = original.string(.patientBirthDate) else { return false }
        guard let born = Int(birth), let study = original.string(.studyDate).flatMap({ Int($0) }) else { return true }
        return study - born >= 900_000
    }
}

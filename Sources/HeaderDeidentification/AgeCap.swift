import DICOMFile
import DICOMModel

/// Ages of 90 years and more as one group: there are so few people of that age that it says who they are
/// (45 CFR 164.514 (b)(2)(i)(C)).
enum AgeCap {
    /// Caps every Patient's Age at `090Y`, at every level, and empties Patient's Birth Date of such a patient.
    static func apply(to dataSet: inout DataSet, original: DataSet) {
        // An age in months, weeks or days is nobody's of that age.
        let isOld = original.string(.patientAge).map { (years($0) ?? 0) >= 90 } ?? isNinety(original)
        dataSet = capped(dataSet, emptiesBirthDate: isOld)
    }

    private static func capped(_ dataSet: DataSet, emptiesBirthDate: Bool) -> DataSet {
        var result = dataSet
        result.mapElements { element in
            if let items = element.items {
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

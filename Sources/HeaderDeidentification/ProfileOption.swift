/// The options of Table E.1-1 (PS3.15 E.3), those on pixels excepted; raw values are their names in a policy.
public enum ProfileOption: String, Hashable, Sendable, CaseIterable, Codable {
    case retainSafePrivate = "retain-safe-private"
    case retainUIDs = "retain-uids"
    case retainDeviceIdentity = "retain-device-identity"
    case retainInstitutionIdentity = "retain-institution-identity"
    case retainPatientCharacteristics = "retain-patient-characteristics"
    case retainLongitudinalFullDates = "retain-longitudinal-full-dates"
    case retainLongitudinalModifiedDates = "retain-longitudinal-modified-dates"
    case cleanDescriptors = "clean-descriptors"
    case cleanStructuredContent = "clean-structured-content"
    case cleanGraphics = "clean-graphics"

    public var code: DeidentificationCode {
        switch self {
        case .retainSafePrivate: .retainSafePrivate
        case .retainUIDs: .retainUIDs
        case .retainDeviceIdentity: .retainDeviceIdentity
        case .retainInstitutionIdentity: .retainInstitutionIdentity
        case .retainPatientCharacteristics: .retainPatientCharacteristics
        case .retainLongitudinalFullDates: .retainLongitudinalFullDates
        case .retainLongitudinalModifiedDates: .retainLongitudinalModifiedDates
        case .cleanDescriptors: .cleanDescriptors
        case .cleanStructuredContent: .cleanStructuredContent
        case .cleanGraphics: .cleanGraphics
        }
    }

    /// The letter that stands for it in the generated tables.
    init?(letter: Character) {
        switch letter {
        case "p": self = .retainSafePrivate
        case "u": self = .retainUIDs
        case "d": self = .retainDeviceIdentity
        case "i": self = .retainInstitutionIdentity
        case "c": self = .retainPatientCharacteristics
        case "f": self = .retainLongitudinalFullDates
        case "m": self = .retainLongitudinalModifiedDates
        case "s": self = .cleanDescriptors
        case "t": self = .cleanStructuredContent
        case "g": self = .cleanGraphics
        default: return nil
        }
    }

    /// Pairs of an option's letter and K or C, as the generated tables have them.
    static func actions(_ pairs: Substring) -> [ProfileOption: DeidentificationAction] {
        var actions: [ProfileOption: DeidentificationAction] = [:]
        var letters = pairs.makeIterator()
        while let letter = letters.next(), let code = letters.next() {
            if let option = ProfileOption(letter: letter), let action = DeidentificationAction(rawValue: String(code)) {
                actions[option] = action
            }
        }
        return actions
    }
}

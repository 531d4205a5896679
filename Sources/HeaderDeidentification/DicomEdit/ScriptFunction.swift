/// The functions of the language (FunctionManager of NrgXnat dicom-edit6, and `default` and `urlEncode`, which XNAT adds).
enum ScriptFunction: String, Hashable, Sendable, CaseIterable {
    case concatenate, format, lowercase, uppercase, replace, substring, match, ismatch, normalizeString, urlEncode
    case lookup
    case `default`
    case hashUID, hashUIDList, newUID, mapUID, mapReferencedUIDs
    case shiftDateByIncrement, shiftDateTimeByIncrement, shiftDateTimeSequenceByIncrement
    case shiftDateTimeListByIncrement
    case scalePatientAgeAndDobFromStudyDate
    case delete, removeTags, set, blankValues, collectValues, retainPrivateTags, alterPixels
    case isPresent, `true`, `false`, reject

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .concatenate, .removeTags, .retainPrivateTags, .blankValues, .collectValues, .newUID: 0...Int.max
        case .format, .hashUIDList, .isPresent: 1...Int.max
        case .lowercase, .uppercase, .urlEncode, .delete: 1...1
        case .replace, .substring, .match, .shiftDateTimeListByIncrement: 3...3
        case .ismatch, .lookup, .default, .mapUID, .set: 2...2
        case .normalizeString, .hashUID: 1...2
        case .mapReferencedUIDs, .shiftDateTimeSequenceByIncrement: 2...Int.max
        case .shiftDateByIncrement, .shiftDateTimeByIncrement: 2...3
        case .scalePatientAgeAndDobFromStudyDate, .true, .false: 0...0
        case .reject: 0...1
        case .alterPixels: 4...4
        }
    }

    /// For a message.
    var usage: String {
        let arguments =
            switch self {
            case .concatenate: "value, …"
            case .format: "\"pattern {0} {1}\", value, …"
            case .lowercase, .uppercase, .urlEncode: "value"
            case .replace: "value, find, replacement"
            case .substring: "value, begin, end"
            case .match: "value, \"regular expression\", group"
            case .ismatch: "value, \"regular expression\""
            case .normalizeString: "value, replacement = \"_\""
            case .lookup: "\"table\", key"
            case .default: "value, fallback"
            case .hashUID: "value"
            case .hashUIDList, .removeTags, .retainPrivateTags, .isPresent: "path, …"
            case .newUID, .scalePatientAgeAndDobFromStudyDate, .true, .false: ""
            case .mapUID: "value, \"UID prefix\""
            case .mapReferencedUIDs: "\"UID prefix\", \"path\", …"
            case .shiftDateByIncrement: "date, increment, units = \"days\""
            case .shiftDateTimeByIncrement: "date, increment, units = \"seconds\""
            case .shiftDateTimeSequenceByIncrement: "seconds, \"path\", …"
            case .shiftDateTimeListByIncrement: "{path, …}, increment, units"
            case .delete: "\"path\""
            case .set: "\"path\", value"
            case .blankValues, .collectValues: "path or value, …"
            case .alterPixels: "\"rectangle\", \"l=, t=, r=, b=\", \"solid\", \"v=\""
            case .reject: "condition = true"
            }
        return "\(rawValue)[\(arguments)]"
    }

    /// Whether it gives a value that can be assigned.
    var hasValue: Bool {
        switch self {
        case .hashUIDList, .mapReferencedUIDs, .shiftDateTimeSequenceByIncrement, .shiftDateTimeListByIncrement,
            .scalePatientAgeAndDobFromStudyDate, .delete, .removeTags, .set, .blankValues, .retainPrivateTags,
            .alterPixels, .reject:
            false
        default: true
        }
    }

    /// Functions of other releases that can't be offered, and why.
    static let unsupported = [
        "getURL": "it would ask a server, and Quench has no network", "hash": "it gives nothing in any release",
    ]
}

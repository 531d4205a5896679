import DICOMFile
import DICOMModel

// Functions on UIDs, dates, elements and pixels.
extension ScriptInterpreter {
    mutating func editedValue(of call: ScriptCall) throws -> ScriptValue {
        switch call.function {
        case .hashUID: return try text(call.arguments[0]).map { .text(UIDMap.hashed($0)) } ?? .absent
        case .newUID: return .text(uids.new(instance: target.dataSet.string(.sopInstanceUID)))
        case .mapUID:
            let prefix = try prefix(call.arguments[1])
            return try text(call.arguments[0]).map { .text(uids.mapped($0, prefix: prefix)) } ?? .absent
        case .shiftDateByIncrement: return try shifted(call, [.da], .days)
        case .shiftDateTimeByIncrement: return try shifted(call, [.da, .dt], .seconds)
        case .collectValues: return .list(ScriptList(try collected(call).map { .text($0) }))
        default:
            try located(call.span) { try $0.edit(call) }
            return .absent
        }
    }

    private mutating func edit(_ call: ScriptCall) throws {
        switch call.function {
        case .hashUIDList: try hashUIDs(call)
        case .mapReferencedUIDs: try mapReferencedUIDs(call)
        case .shiftDateTimeSequenceByIncrement:
            let increment = try integer(call.arguments[0], call.function)
            try shift(paths(call.arguments.dropFirst(), call), increment, .seconds, call)
        case .shiftDateTimeListByIncrement:
            let increment = try integer(call.arguments[1], call.function)
            try shift(paths(call.arguments.prefix(1), call), increment, units(call.arguments[2], call), call)
        case .scalePatientAgeAndDobFromStudyDate: try scaleAge(call)
        case .delete: try delete(directPath(call), line: call.span.line)
        case .removeTags:
            for path in try paths(call.arguments[...], call) { try delete(path, line: call.span.line) }
        case .set:
            try assign(directPath(call), argument(call.arguments[1]), call.span)
        case .blankValues: try blankValues(call)
        case .retainPrivateTags:
            var retention = PrivateRetention(try paths(call.arguments[...], call))
            let kept = retention.retained(target.dataSet)
            target.dataSet = kept
            log(retention.removed, .removed, line: call.span.line)
        case .alterPixels: try alterPixels(call)
        default: break
        }
    }

    // MARK: - Arguments

    /// The paths of a function: written as such, in strings, or in lists of either.
    private mutating func paths(_ arguments: ArraySlice<ScriptExpression>, _ call: ScriptCall) throws -> [PathPattern] {
        let values = try flattened(arguments.map { try argument($0) }, call.span)
        return try values.map { value in
            switch value {
            case .path(let path): return path
            case .text(let text):
                guard let path = PathPattern(parsing: text) else { fallthrough }
                return path
            default: throw failure(call.span, "\(call.function.rawValue) wants paths")
            }
        }
    }

    /// The path of `set` and `delete`, which are given the numbers of tags as they are.
    private mutating func directPath(_ call: ScriptCall) throws -> PathPattern {
        let paths = try paths(call.arguments.prefix(1), call)
        guard let path = paths.first, paths.count == 1, path.hasNoWildcard, !path.endsInItem else {
            throw failure(call.span, "\(call.function.rawValue) wants one path without wildcards")
        }
        return path
    }

    private mutating func prefix(_ expression: ScriptExpression) throws -> String {
        guard let prefix = try text(expression), UIDMap.isPrefix(prefix) else {
            throw failure(expression.span, "a UID prefix is a UID of at most 40 characters")
        }
        return prefix
    }

    private mutating func units(_ expression: ScriptExpression, _ call: ScriptCall) throws -> DateShift.Units {
        guard let units = DateShift.Units(rawValue: try wanted(expression, call.function).lowercased()) else {
            throw failure(expression.span, "there is no such unit of time")
        }
        return units
    }

    // MARK: - UIDs

    private mutating func hashUIDs(_ call: ScriptCall) throws {
        for path in try paths(call.arguments[...], call) {
            try replaceValues(path, line: call.span.line) { element, dataSet in
                let values = dataSet.strings(element)
                guard !values.isEmpty else { return nil }
                return values.map { $0.isEmpty ? "" : UIDMap.hashed($0) }.joined(separator: "\\")
            }
        }
    }

    private mutating func mapReferencedUIDs(_ call: ScriptCall) throws {
        let prefix = try prefix(call.arguments[0])
        var map = uids
        for path in try paths(call.arguments.dropFirst(), call) {
            try replaceValues(path, line: call.span.line) { element, dataSet in
                let values = dataSet.strings(element)
                guard !values.isEmpty else { return nil }
                return values.map { $0.isEmpty ? "" : map.mapped($0, prefix: prefix) }.joined(separator: "\\")
            }
        }
        uids = map
    }

    // MARK: - Dates

    /// Absent where there is no date to shift; fails on what is none.
    private mutating func shifted(
        _ call: ScriptCall, _ vrs: Set<VR>, _ defaultUnits: DateShift.Units
    ) throws -> ScriptValue {
        let source = try argument(call.arguments[0])
        if case .path(let path) = source, let vr = target.vr(at: path), !vrs.contains(vr) {
            throw failure(call.arguments[0].span, "\(call.function.rawValue) does not shift an Attribute of VR \(vr)")
        }
        let increment = try integer(call.arguments[1], call.function)
        let units = call.arguments.count > 2 ? try units(call.arguments[2], call) : defaultUnits
        guard let text = try text(source, call.span) else { return .absent }
        return .text(try shifted(text, increment, units, call))
    }

    private func shifted(
        _ text: String, _ increment: Int, _ units: DateShift.Units, _ call: ScriptCall
    ) throws -> String {
        guard !text.isEmpty else { return text }
        guard let shifted = DateShift.shifted(text, by: increment, units) else {
            throw failure(call.span, "\(call.function.rawValue) meets a value that is no date, or leaves the calendar")
        }
        return shifted
    }

    private mutating func shift(
        _ paths: [PathPattern], _ increment: Int, _ units: DateShift.Units, _ call: ScriptCall
    ) throws {
        for path in paths {
            let interpreter = self
            try replaceValues(path, line: call.span.line) { element, dataSet in
                let text = dataSet.strings(element).joined(separator: "\\")
                guard !text.isEmpty else { return nil }
                return try interpreter.shifted(text, increment, units, call)
            }
        }
    }

    /// Patient's Age over 89 becomes 089Y wherever it is, and Patient's Birth Date so much later that it is 89 years
    /// before Study Date (ScalePatientAgeAndDobFromStudyDateFunction of dicom-edit6).
    private mutating func scaleAge(_ call: ScriptCall) throws {
        if let born = target.dataSet.string(.patientBirthDate), let study = target.dataSet.string(.studyDate),
            let days = DateShift.days(from: born, to: study)
        {
            // 365.24 × 89, rounded.
            let excess = days - 32_506
            if excess > 0, let path = PathPattern(parsing: "*/(0010,0030)") { try shift([path], excess, .days, call) }
        } else if target.dataSet.string(.patientBirthDate) != nil {
            warn(.absentValue, call.span, "there is no Study Date or Birth Date to go by: the birth date stays")
        }
        guard let text = target.dataSet.string(.patientAge) else { return }
        guard let years = Self.years(text) else { throw failure(call.span, "Patient's Age can't be read") }
        guard years > 89, let path = PathPattern(parsing: "*/(0010,1010)") else { return }
        try replaceValues(path, line: call.span.line) { _, _ in "089Y" }
    }

    /// The years of an AS such as `090Y`; 0 for months, weeks and days, and nil for what is none.
    private static func years(_ text: String) -> Int? {
        let characters = Array(text.utf8)
        guard characters.count == 4, characters[0..<3].allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        switch characters[3] {
        case UInt8(ascii: "Y"): return Int(text.prefix(3))
        case UInt8(ascii: "M"), UInt8(ascii: "W"), UInt8(ascii: "D"): return 0
        default: return nil
        }
    }

    // MARK: - Values

    /// What is at the paths, wildcards included, and the other arguments' texts.
    private mutating func collected(_ call: ScriptCall) throws -> [String] {
        var texts: [String] = []
        for value in try flattened(call.arguments.map { try argument($0) }, call.span) {
            if case .path(let path) = value {
                try charge(ScriptLimits.editWork, call.span)
                try target.edit(path) { element, dataSet, _ in
                    if element.items == nil { texts.append(dataSet.strings(element).joined(separator: "\\")) }
                    return .keep
                }
            } else if let text = try text(value, call.span) {
                texts.append(text)
            }
            guard texts.count <= ScriptLimits.listLength else {
                throw DicomEditError(.limit, "a list has too many values", at: call.span.start)
            }
        }
        return texts
    }

    /// Empties every text, at every level, that is one of the values as a whole (ReplaceKnownValueVisitor of dicom-edit6).
    private mutating func blankValues(_ call: ScriptCall) throws {
        let values = Set(try collected(call).filter { !$0.isEmpty })
        guard !values.isEmpty else { return }
        try replaceValues(PathPattern(steps: [.level(.any)]), line: call.span.line) { element, dataSet in
            let vr = dataSet.effectiveVR(element)
            // A number of pixels that happens to be a Patient ID is not an identifier.
            guard vr.isText || vr == .un, !element.tag.isFileMeta else { return nil }
            return values.contains(dataSet.strings(element).joined(separator: "\\")) ? "" : nil
        }
    }

    // MARK: - Pixels

    private mutating func alterPixels(_ call: ScriptCall) throws {
        let texts = try call.arguments.map { try wanted($0, .alterPixels) }
        do {
            let request = try PixelRequest(
                shape: texts[0], properties: texts[1], fill: texts[2], fillProperties: texts[3])
            redactions.append(ScriptRedaction(region: request.region, line: call.span.line))
        } catch {
            throw failure(call.span, error.message)
        }
    }
}

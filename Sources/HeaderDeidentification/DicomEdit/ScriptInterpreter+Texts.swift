import DICOMModel

// Functions that make a text from texts.
extension ScriptInterpreter {
    mutating func value(of call: ScriptCall) throws -> ScriptValue {
        switch call.function {
        case .concatenate: return .text(try limited(texts(call).joined(), call.span))
        case .format: return .text(try limited(formatted(call), call.span))
        case .lowercase: return .text(try wanted(call.arguments[0], .lowercase).lowercased())
        case .uppercase: return .text(try wanted(call.arguments[0], .uppercase).uppercased())
        case .replace: return .text(try replaced(call))
        case .substring: return .text(try substring(call))
        case .match: return try match(call)
        case .ismatch:
            let pattern = try wanted(call.arguments[1], .ismatch)
            return .boolean(try text(call.arguments[0]).map { try wholeMatch($0, pattern, call.span) } ?? false)
        case .normalizeString: return try normalized(call)
        case .urlEncode: return .text(try limited(Self.urlEncoded(wanted(call.arguments[0], .urlEncode)), call.span))
        case .lookup: return .text(try lookup(call))
        case .default: return try withFallback(call)
        case .isPresent: return .boolean(try areAllPresent(call))
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        case .reject:
            if try call.arguments.first.map({ try isTrue(argument($0), $0.span) }) ?? true {
                throw Rejection(position: call.span.start)
            }
            return .absent
        default: return try editedValue(of: call)
        }
    }

    /// Refuses a text that has grown beyond all use: `a := concatenate[a, a]` doubles with each line.
    private func limited(_ text: String, _ span: ScriptSpan) throws -> String {
        guard text.utf16.count <= ScriptLimits.textLength else {
            throw DicomEditError(.limit, "a text has become too long", at: span.start)
        }
        return text
    }

    /// The texts of `concatenate`. XNAT fails on an absent one; a tolerant run leaves it out.
    private mutating func texts(_ call: ScriptCall) throws -> [String] {
        var texts: [String] = []
        for argument in call.arguments {
            if tolerance == .tolerant {
                let text = try self.text(argument)
                if text == nil { warn(.absentValue, argument.span, "concatenate leaves out an absent value") }
                texts.append(text ?? "")
            } else {
                texts.append(try wanted(argument, .concatenate))
            }
        }
        return texts
    }

    private mutating func formatted(_ call: ScriptCall) throws -> String {
        guard let pattern = MessagePattern(try wanted(call.arguments[0], .format)) else {
            throw failure(call.arguments[0].span, "braces of the pattern hold a number, and nothing else")
        }
        let values = try call.arguments.dropFirst().map { expression in (try argument(expression), expression.span) }
        let texts = try values.flatMap { value, span -> [String?] in
            guard case .list(let list) = value else { return [try text(value, span)] }
            return try list.flattened.map { try text($0, span) }
        }
        if texts.contains(where: { $0 == nil }) {
            warn(.absentValue, call.span, "format writes null for an absent value")
        }
        return pattern.formatted(texts)
    }

    /// Plain text, every occurrence from the left, as String.replace.
    private mutating func replaced(_ call: ScriptCall) throws -> String {
        let text = Array(try wanted(call.arguments[0], .replace).utf16)
        let find = Array(try wanted(call.arguments[1], .replace).utf16)
        let replacement = Array(try wanted(call.arguments[2], .replace).utf16)
        var result: [UInt16] = []
        var index = 0
        while index < text.count {
            if find.isEmpty || text[index...].starts(with: find) {
                result += replacement
                if find.isEmpty { result.append(text[index]) }
                index += max(1, find.count)
            } else {
                result.append(text[index])
                index += 1
            }
            guard result.count <= ScriptLimits.textLength else {
                throw DicomEditError(.limit, "a text has become too long", at: call.span.start)
            }
        }
        if find.isEmpty { result += replacement }
        return try limited(String(decoding: result, as: UTF16.self), call.span)
    }

    /// From `begin`, counted from 0, up to `end`, which is left out: UTF-16 units, as String.substring.
    private mutating func substring(_ call: ScriptCall) throws -> String {
        let text = Array(try wanted(call.arguments[0], .substring).utf16)
        let begin = try integer(call.arguments[1], .substring)
        let end = try integer(call.arguments[2], .substring)
        guard begin >= 0, begin <= end, end <= text.count else {
            throw failure(call.span, "substring reaches beyond the value")
        }
        return String(decoding: text[begin..<end], as: UTF16.self)
    }

    /// The group of the first place that fits; absent where none does, or there is no value.
    private mutating func match(_ call: ScriptCall) throws -> ScriptValue {
        let pattern = try wanted(call.arguments[1], .match)
        let group = try integer(call.arguments[2], .match)
        guard let text = try text(call.arguments[0]), let groups = try firstMatch(text, pattern, call.span) else {
            return .absent
        }
        guard groups.indices.contains(group) else {
            throw failure(call.arguments[2].span, "the regular expression has no group \(group)")
        }
        return groups[group].map { .text($0) } ?? .absent
    }

    /// Every character beyond ASCII replaced.
    private mutating func normalized(_ call: ScriptCall) throws -> ScriptValue {
        let replacement = call.arguments.count > 1 ? try wanted(call.arguments[1], .normalizeString) : "_"
        guard !replacement.contains("$"), !replacement.contains("\\") else {
            throw failure(call.span, "$ and \\ have a meaning of their own in Java's replacements and are not offered")
        }
        guard let text = try text(call.arguments[0]) else { return .absent }
        let beyond = text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 0 : 1) }
        let length = beyond.multipliedReportingOverflow(by: replacement.utf16.count)
        guard !length.overflow, length.partialValue <= ScriptLimits.textLength else {
            throw DicomEditError(.limit, "a text has become too long", at: call.span.start)
        }
        let result = text.unicodeScalars.map { $0.isASCII ? String($0) : replacement }.joined()
        return .text(try limited(result, call.span))
    }

    /// As java.net.URLEncoder with UTF-8: letters, digits and `.-*_` stay, a blank becomes `+`.
    static func urlEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x2D, 0x2A, 0x5F: result.append(byte)
            case 0x20: result.append(0x2B)
            default: result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: - Lookups

    /// A key without an entry would leave the original where it is: that fails, unless `default` has a fallback.
    private mutating func lookup(_ call: ScriptCall) throws -> String {
        let table = try wanted(call.arguments[0], .lookup)
        let key = try wanted(call.arguments[1], .lookup)
        guard let entry = context.lookups[table]?[key] else {
            throw DicomEditError(
                .lookup, "lookup finds nothing for this object", at: call.span.start,
                hint: "complete the table, or give a fallback: default[lookup[…], \"…\"]")
        }
        return entry.reveal()
    }

    /// The first value, or the second where the first is absent or empty or a lookup without an entry.
    private mutating func withFallback(_ call: ScriptCall) throws -> ScriptValue {
        var first: String?
        do {
            first = try text(call.arguments[0])
        } catch let error as DicomEditError where error.code == .lookup {
            first = nil
        }
        if let first, !first.isEmpty { return .text(first) }
        return try text(call.arguments[1]).map { .text($0) } ?? .absent
    }

    private mutating func areAllPresent(_ call: ScriptCall) throws -> Bool {
        let values = try flattened(call.arguments.map { try argument($0) }, call.span)
        for value in values {
            guard case .path(let path) = value else { throw failure(call.span, "isPresent wants paths") }
            guard path.hasNoWildcard, !path.endsInItem else {
                throw failure(call.span, "isPresent wants a path to one Attribute")
            }
            guard contains(path) else { return false }
        }
        return true
    }
}

/// Other ways in which an identifier or an address is written.
enum IdentifierForms {
    /// Without its signs, as an NHS number is spoken, as a telephone number is dialled, and an address by its parts.
    static func other(_ value: String) -> [(text: String, isWeak: Bool)] {
        var forms: [(String, Bool)] = []
        let compact = String(value.unicodeScalars.filter { $0.properties.isAlphabetic || isDigit($0) })
        let digits = String(compact.unicodeScalars.filter(isDigit))
        if compact != value, compact.utf8.count >= 6, compact.unicodeScalars.contains(where: isDigit) {
            forms.append((compact, false))
        }
        forms += divided(compact, unlike: value)
        if digits == compact, digits.count == 10 {
            let parts = [digits.prefix(3), digits.dropFirst(3).prefix(3), digits.suffix(4)]
            forms += [" ", "-", "  ", ".", "/", "_", " - "].map { (parts.joined(separator: $0), false) }
            forms += [("\(parts[0])  \(parts[1]) \(parts[2])", false), ("\(parts[0]) \(parts[1])  \(parts[2])", false)]
        }
        // +44 20 7946 0000 is 020 7946 0000 at home.
        if value.hasPrefix("+44") || value.hasPrefix("0044") {
            let rest = digits.dropFirst(value.hasPrefix("+") ? 2 : 4)
            if rest.count >= 9 { forms.append(("0" + rest.drop { $0 == "0" }, false)) }
        }
        return forms + parts(value) + postcodes(value).map { ($0, false) }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Letters and digits apart, as `HX 99231` and `HX-99231`; zeros before a number left out.
    private static func divided(_ compact: String, unlike value: String) -> [(String, Bool)] {
        let runs = runs(of: compact)
        let short = runs.map { run in
            run.unicodeScalars.allSatisfy(isDigit) ? String(run.drop { $0 == "0" }) : run
        }
        var forms: [(String, Bool)] = []
        for parts in Set([runs, short]) where (1...3).contains(parts.count) && !parts.contains("") {
            let joined = parts.joined()
            let isLong = joined.utf8.count >= (parts.count == 1 ? 5 : 6)
            guard isLong, joined.unicodeScalars.contains(where: isDigit) else { continue }
            if parts != runs { forms.append((joined, false)) }
            guard parts.count > 1 else { continue }
            forms += [" ", "-", "/", "_", "."].map { (parts.joined(separator: $0), false) }
        }
        return forms.filter { $0.0 != value }
    }

    /// Letters and digits of a value, each for themselves: `HX`, `99231`.
    private static func runs(of compact: String) -> [String] {
        var runs: [String] = []
        var wasDigit: Bool?
        for scalar in compact.unicodeScalars {
            if wasDigit != isDigit(scalar) { runs.append("") }
            wasDigit = isDigit(scalar)
            runs[runs.count - 1].unicodeScalars.append(scalar)
        }
        return runs
    }

    /// Street, town and so on: by commas, semicolons, carets and lines. A single word is a word of any text.
    private static func parts(_ value: String) -> [(String, Bool)] {
        let separators: Set<Character> = [",", ";", "^", "\n", "\r", "\r\n"]
        let parts = value.split { separators.contains($0) }.map { String($0.drop { $0 == " " }) }
        guard parts.count > 1 else { return [] }
        return parts.filter { $0.utf8.count >= 6 }.map { part in
            (part, !part.contains(" ") && !part.unicodeScalars.contains(where: isDigit) || CommonWords.contains(part))
        }
    }

    /// Of the United Kingdom, `AB1 2CD` and `AB12CD` (BS 7666, outward and inward code).
    private static func postcodes(_ value: String) -> [String] {
        let words = value.uppercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.map(String.init)
        return zip(words, words.dropFirst()).flatMap { outward, inward -> [String] in
            guard (2...4).contains(outward.count), outward.first?.isLetter == true,
                outward.contains(where: \.isNumber), inward.count == 3, inward.first?.isNumber == true,
                inward.dropFirst().allSatisfy(\.isLetter)
            else { return [] }
            return [outward + " " + inward, outward + inward]
        }
    }
}

/// Numbers with their names and units. Each function returns the index behind what it read, or nil.
extension SafeGrammar {
    /// Names that take five figures.
    private static let longParameters: Set<String> = [
        "W", "WW", "WIDTH", "WINDOW", "WINDOW WIDTH", "TR", "EI", "REX", "DAP",
    ]
    /// Names of one letter.
    private static let letterParameters: Set<String> = ["W", "L", "C", "B"]

    /// `TE 90`, `W:400`, `WW/WL 400/40`, `FOV 35 x 35 cm`, `DLP (mGy*cm): 123.4`
    func parameter(at index: Int) -> Int? {
        guard var (end, digits) = parameterName(at: index) else { return nil }
        let isLetterB = word(index) == "B" && end == index + 1
        var names = 1
        while symbol(end) == "/", names < 3, let (next, more) = parameterName(at: end + 1) {
            end = next
            digits = max(digits, more)
            names += 1
        }
        if let open = symbol(end), open == "(" || open == "[", let inner = unit(at: end + 1) {
            guard symbol(inner) == (open == "(" ? ")" : "]") else { return nil }
            end = inner + 1
        }
        if let sign = symbol(end), ":=<>".unicodeScalars.contains(sign) { end += 1 }
        guard var value = number(at: end, integer: digits) else { return nil }
        if isLetterB, !isDiffusionWeighting(end) { return nil }
        var values = 1
        while values < 3, let next = chained(at: value, digits, isSlashAllowed: names > values) {
            value = next
            values += 1
        }
        return unit(at: value) ?? value
    }

    /// Weightings go in steps of 50 s/mm² from 100 on; `B1234` is somebody's number.
    private func isDiffusionWeighting(_ index: Int) -> Bool {
        guard let value = wholeNumber(index) else { return false }
        return value < 100 || value % 50 == 0
    }

    private func parameterName(at index: Int) -> (end: Int, digits: Int)? {
        for length in [4, 3, 2, 1] {
            let name = length == 1 ? word(index) : phrase(at: index, length)
            guard let name else { continue }
            let isKnown =
                length == 1
                ? TechnicalVocabulary.parameters.contains(name) || Self.letterParameters.contains(name)
                : TechnicalVocabulary.parameterPhrases.contains(name)
            guard isKnown else { continue }
            if name.utf8.count == 1, case .word(_, isUpper: false) = tokens[index].token, name != "B" { continue }
            return (index + length, Self.longParameters.contains(name) ? 5 : 4)
        }
        return nil
    }

    /// `x 35`, `* 35`; `/ 40` for as many values as there are names.
    private func chained(at index: Int, _ digits: Int, isSlashAllowed: Bool) -> Int? {
        let isTimes = word(index) == "X" || symbol(index) == "*" || symbol(index) == "\u{D7}"
        guard isTimes || (isSlashAllowed && symbol(index) == "/") else { return nil }
        return number(at: index + 1, integer: digits)
    }

    /// A number with at most so many digits before the point, and four after it.
    private func number(at index: Int, integer maximum: Int) -> Int? {
        guard index < tokens.count, case .number(let integer, let fraction, _, _) = tokens[index].token else {
            return nil
        }
        return integer <= maximum && fraction <= 4 ? index + 1 : nil
    }

    /// `5 cm`, `35 x 35 cm`, `512 x 512`, `40%`, `30°`, `1.5x`
    func quantity(at index: Int) -> Int? {
        guard var end = number(at: index, integer: 5) else { return nil }
        var factors = 1
        while factors < 3, let next = chained(at: end, 5, isSlashAllowed: false) {
            end = next
            factors += 1
        }
        if let unit = unit(at: end) { return unit }
        return factors > 1 ? end : nil
    }

    /// A unit, `cm/s` and `mGy*cm` included.
    private func unit(at index: Int) -> Int? {
        if let symbol = symbol(index) { return symbol == "%" || symbol == "\u{B0}" ? index + 1 : nil }
        guard let word = word(index), TechnicalVocabulary.units.contains(word) else { return nil }
        var end = index + 1
        if word == "CM" || word == "MM", end < tokens.count, tokens[end].isGlued, let power = wholeNumber(end),
            power == 2 || power == 3
        {
            end += 1
        }
        if let sign = symbol(end), "/*\u{B7}.".unicodeScalars.contains(sign), let second = self.word(end + 1),
            TechnicalVocabulary.secondUnits.contains(second), tokens[end + 1].isGlued
        {
            end += 2
            if end < tokens.count, tokens[end].isGlued, wholeNumber(end) == 2 { end += 1 }
        }
        return end
    }

    /// A unit that is the whole line, as beside a scale.
    func loneUnit(at index: Int) -> Int? {
        guard index == 0, let end = unit(at: 0), end == tokens.count, (word(0)?.utf8.count ?? 2) >= 2 else {
            return nil
        }
        return end
    }

    /// `L12.3`, `H -20.5`: where a slice lies, with a decimal, or it could be somebody's number.
    func slicePosition(at index: Int) -> Int? {
        guard let letter = word(index), case .word(_, isUpper: true) = tokens[index].token,
            ["L", "R", "A", "P", "H", "F", "S", "I"].contains(letter), index + 1 < tokens.count,
            case .number(let integer, let fraction, _, _) = tokens[index + 1].token, integer <= 4,
            (1...3).contains(fraction)
        else { return nil }
        return unit(at: index + 2) ?? index + 2
    }

    /// `LAO 30`, `CRAN 20°`, `30 RAO`
    func angle(at index: Int) -> Int? {
        if let name = word(index), TechnicalVocabulary.angles.contains(name) {
            guard let end = number(at: index + 1, integer: 3) else { return nil }
            return degrees(at: end)
        }
        guard let end = number(at: index, integer: 3), let name = word(degrees(at: end)),
            TechnicalVocabulary.angles.contains(name)
        else { return nil }
        return degrees(at: end) + 1
    }

    private func degrees(at index: Int) -> Int {
        symbol(index) == "\u{B0}" || word(index) == "DEG" ? index + 1 : index
    }

    /// `Frame 3/30`, `IM#1`, `Se: 3`, `Image 12 of 40`
    func counter(at index: Int) -> Int? {
        guard let name = word(index), TechnicalVocabulary.counters.contains(name) else { return nil }
        var end = index + 1
        if let sign = symbol(end), ":#=".unicodeScalars.contains(sign) { end += 1 }
        guard wholeNumber(end) != nil else { return nil }
        end += 1
        let isOf = symbol(end) == "/" || word(end) == "OF"
        return isOf && wholeNumber(end + 1) != nil ? end + 2 : end
    }

    /// A number that is the whole line: up to three figures, so no year; or `110/111`, which is no date.
    func bareNumber(at index: Int) -> Int? {
        guard index == 0, let end = number(at: 0, integer: 3) else { return nil }
        if end == tokens.count { return end }
        guard symbol(1) == "/", let count = wholeNumber(0), let total = wholeNumber(2), tokens.count == 3,
            (100...999).contains(total), count <= total
        else { return nil }
        return 3
    }
}

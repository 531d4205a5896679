/// The closed grammar of safe text: a line is safe when all of it, from the first character to the last, is a sequence
/// of known items in a known combination. There is no tolerance for misreading toward safe.
struct SafeGrammar {
    enum Verdict: Sendable {
        case technical
        case marker
    }

    /// What an item is; the combination of items decides.
    enum Item: Hashable {
        /// A parameter or a quantity.
        case measure
        /// A number without a name or a unit; `n/m` of a total over a hundred.
        case number
        case unit
        case counter
        /// Phase, technique, anatomy.
        case word
        /// Side, view, position, orientation word.
        case view
        /// One orientation letter.
        case letter(String)
        /// Two or three orientation letters.
        case orientation
    }

    private static let maximumItems = 10

    let tokens: [SafeLexer.Placed]

    /// What a line is; nil where it does not fit.
    static func verdict(_ text: String) -> Verdict? {
        guard let tokens = SafeLexer.tokens(text), !tokens.isEmpty else { return nil }
        return SafeGrammar(tokens: tokens).verdict()
    }

    private func verdict() -> Verdict? {
        var items: [Item] = []
        var index = 0
        while index < tokens.count {
            if !items.isEmpty, isSeparator(index) {
                index += 1
                continue
            }
            guard let (item, end) = item(at: index), items.count < Self.maximumItems else { return nil }
            items.append(item)
            index = end
        }
        guard let last = tokens.last, !isOpen(last.token) else { return nil }
        return combination(items)
    }

    /// A line does not end in a separator, except for the full stop that some units carry.
    private func isOpen(_ token: SafeToken) -> Bool {
        if case .symbol(let symbol) = token { return ":=<>#/*-([".unicodeScalars.contains(symbol) }
        return false
    }

    private func combination(_ items: [Item]) -> Verdict? {
        let letters = items.compactMap { if case .letter(let letter) = $0 { letter } else { nil } }
        let measures = items.count { $0 == .measure || $0 == .counter }
        let words = items.count { $0 == .word }
        let views = items.count { $0 == .view || $0 == .orientation }
        if items.contains(.number) || items.contains(.unit) { return items.count == 1 ? .technical : nil }
        guard words <= 4, views <= 4 else { return nil }
        guard !letters.isEmpty else {
            if items.contains(.orientation), items.count > 1, measures > 0 { return nil }
            return measures == 0 && words == 0 ? .marker : .technical
        }
        if letters.count == 2, items.count == 2 {
            return ["LR", "RL", "AP", "PA", "HF", "FH", "SI", "IS"].contains(letters.joined()) ? .marker : nil
        }
        guard letters.count == 1, measures == 0 else { return nil }
        if items.count == 1 { return .marker }
        guard letters == ["L"] || letters == ["R"], items.count <= 4 else { return nil }
        return words == 0 ? .marker : .technical
    }

    private func isSeparator(_ index: Int) -> Bool {
        guard case .symbol(let symbol) = tokens[index].token else { return false }
        return symbol == "," || symbol == ";" || symbol == "|" || symbol == "/" || symbol == "."
    }

    // MARK: - Items

    /// The longest item that begins here, and where it ends.
    private func item(at index: Int) -> (Item, Int)? {
        let candidates: [(Item, Int?)] = [
            (.measure, parameter(at: index)), (.measure, slicePosition(at: index)), (.measure, angle(at: index)),
            (.measure, quantity(at: index)), (.counter, counter(at: index)), (.number, bareNumber(at: index)),
            (.unit, loneUnit(at: index)),
        ]
        var best: (Item, Int)?
        for (item, end) in candidates {
            if let end, end > best?.1 ?? index { best = (item, end) }
        }
        if let (item, end) = words(at: index), end > best?.1 ?? index { best = (item, end) }
        return best
    }

    private func words(at index: Int) -> (Item, Int)? {
        for length in [3, 2] {
            guard let phrase = phrase(at: index, length) else { continue }
            if TechnicalVocabulary.viewPhrases.contains(phrase) { return (.view, index + length) }
            if TechnicalVocabulary.phasePhrases.contains(phrase) { return (.word, index + length) }
            if TechnicalVocabulary.techniquePhrases.contains(phrase) { return (.word, index + length) }
        }
        if let end = numberedWord(at: index) { return (.word, end) }
        guard let word = word(index) else { return nil }
        let isGluedToNext = index + 1 < tokens.count && tokens[index + 1].isGlued && isNumber(index + 1)
        guard !isGluedToNext else { return nil }
        let views = [
            TechnicalVocabulary.sides, TechnicalVocabulary.views, TechnicalVocabulary.orientationWords,
            TechnicalVocabulary.angles,
        ]
        if views.contains(where: { $0.contains(word) }) { return (.view, index + 1) }
        let technical = [TechnicalVocabulary.phases, TechnicalVocabulary.technique, TechnicalVocabulary.anatomy]
        if technical.contains(where: { $0.contains(word) }) { return (.word, index + 1) }
        guard case .word(_, isUpper: true) = tokens[index].token else { return nil }
        return OrientationLetters.item(word).map { ($0, index + 1) }
    }

    /// `T1`, `T2W`, `2D`, `3D`
    private func numberedWord(at index: Int) -> Int? {
        guard index + 1 < tokens.count, tokens[index + 1].isGlued else { return nil }
        if word(index) == "T", let number = wholeNumber(index + 1), number == 1 || number == 2 {
            let isWeighted = index + 2 < tokens.count && tokens[index + 2].isGlued && word(index + 2) == "W"
            return isWeighted ? index + 3 : index + 2
        }
        if word(index + 1) == "D", let number = wholeNumber(index), (2...4).contains(number) { return index + 2 }
        return nil
    }

    // MARK: - Tokens

    func word(_ index: Int) -> String? {
        guard index < tokens.count, case .word(let word, _) = tokens[index].token else { return nil }
        return word
    }

    func symbol(_ index: Int) -> Unicode.Scalar? {
        guard index < tokens.count, case .symbol(let symbol) = tokens[index].token else { return nil }
        return symbol
    }

    func isNumber(_ index: Int) -> Bool {
        guard index < tokens.count, case .number = tokens[index].token else { return false }
        return true
    }

    func wholeNumber(_ index: Int) -> Int? {
        guard index < tokens.count, case .number(let integer, 0, let value, false) = tokens[index].token, integer <= 4
        else { return nil }
        return value
    }

    func phrase(at index: Int, _ length: Int) -> String? {
        guard word(index) != nil, word(index + 1) != nil || (length == 2 && isNumber(index + 1)) else { return nil }
        var words: [String] = []
        for offset in 0..<length {
            if let word = word(index + offset) {
                words.append(word)
            } else if offset > 0, let number = wholeNumber(index + offset) {
                words.append(String(number))
            } else {
                return nil
            }
        }
        return words.joined(separator: " ")
    }
}

/// One to three letters that name directions of the patient.
enum OrientationLetters {
    /// Combinations that are also names stay unsafe.
    private static let names: Set<String> = [
        "ALI", "LIA", "IRA", "RIA", "HAL", "SAL", "ARI", "RAI", "LAI", "LAH", "PAL", "RAF", "ILA", "LI", "HA", "HR",
        "FR",
    ]

    static func item(_ word: String) -> SafeGrammar.Item? {
        guard (1...3).contains(word.utf8.count), !names.contains(word) else { return nil }
        var axes: Set<Int> = []
        for letter in word.utf8 {
            let axis: Int
            switch letter {
            case 0x4C, 0x52: axis = 0  // L R
            case 0x41, 0x50: axis = 1  // A P
            case 0x48, 0x46, 0x53, 0x49: axis = 2  // H F S I
            default: return nil
            }
            guard axes.insert(axis).inserted else { return nil }
        }
        return word.utf8.count == 1 ? .letter(word) : .orientation
    }
}

/// Which tokens of a description may stay.
struct DescriptorVerdicts {
    private(set) var kept: [Bool]

    private let tokens: [DescriptorTokens.Token]

    /// Words that are dropped after a title.
    private static let wordsAfterTitle = 3

    /// - Parameter forbidden: folded tokens of the object's own identifiers.
    init(tokens: [DescriptorTokens.Token], forbidden: Set<String>) {
        self.tokens = tokens
        kept = []
        let isNamed = Self.namedBySomebody(tokens)
        kept = tokens.indices.map { index in
            let token = tokens[index]
            guard !forbidden.contains(token.folded), !token.isPartOfAddress, !isNamed[index] else { return false }
            if token.isNumber { return isMeasure(index) }
            return Self.isWord(token) || isMeasuredWord(token) || isUnitOfNumber(index) || isWithout(index)
        }
        dropGuesses()
        dropAmbiguousWords()
        dropNumbersOfDroppedNames()
    }

    // MARK: - Words

    private static func isWord(_ token: DescriptorTokens.Token) -> Bool {
        if DescriptorVocabulary.words.contains(token.folded) { return true }
        // One letter says a side, a plane or a direction: L, R, A, P.
        return token.folded.utf8.count == 1 && "LRAPHFSI".contains(token.folded)
    }

    /// The second half of `w/o`: without it the text would say the opposite.
    private func isWithout(_ index: Int) -> Bool {
        index > 0 && tokens[index].folded == "O" && tokens[index].separator == "/" && tokens[index - 1].folded == "W"
    }

    /// A title, and what it announces.
    private static func namedBySomebody(_ tokens: [DescriptorTokens.Token]) -> [Bool] {
        var rest = 0
        return tokens.map { token in
            if DescriptorVocabulary.titles.contains(token.folded) {
                rest = wordsAfterTitle
                return true
            }
            guard rest > 0 else { return false }
            rest -= 1
            return true
        }
    }

    /// `Max Sharp` may be a kernel and may be a person: of words that are names as well two side by side go, unless together
    /// they are an expression, as `Head bone`. So does one beside an initial, unless that says the side: `Hand R`.
    private mutating func dropGuesses() {
        var guesses: Set<Int> = []
        for index in tokens.indices where kept[index] && isAmbiguous(index) {
            if kept.indices.contains(index + 1), kept[index + 1], isAmbiguous(index + 1),
                !isExpression(index, index + 1)
            {
                guesses.formUnion([index, index + 1])
            }
            let isBesideInitial = [index - 1, index + 1].contains(where: isInitial)
            if isBesideInitial, !DescriptorVocabulary.sided.contains(tokens[index].folded) { guesses.insert(index) }
        }
        for index in guesses { kept[index] = false }
    }

    /// `5 min` is none.
    private func isAmbiguous(_ index: Int) -> Bool {
        DescriptorVocabulary.ambiguous.contains(tokens[index].folded) && !isUnitOfNumber(index)
    }

    private func isInitial(_ index: Int) -> Bool {
        tokens.indices.contains(index) && !tokens[index].isNumber && tokens[index].folded.utf8.count == 1
    }

    /// In either order; a comma is what stands between a family name and a given name.
    private func isExpression(_ one: Int, _ other: Int) -> Bool {
        let words = [tokens[one].folded, tokens[other].folded].sorted().joined(separator: " ")
        return !tokens[other].separator.contains(",") && DescriptorVocabulary.expressions.contains(words)
    }

    /// `Hand` beside a word that was dropped may be the rest of a name.
    private mutating func dropAmbiguousWords() {
        func isDroppedWord(_ index: Int) -> Bool {
            tokens.indices.contains(index) && !kept[index] && !tokens[index].isNumber
        }
        var isChanged = true
        while isChanged {
            isChanged = false
            for index in tokens.indices where kept[index] {
                guard isAmbiguous(index) else { continue }
                if isDroppedWord(index - 1) || isDroppedWord(index + 1) {
                    kept[index] = false
                    isChanged = true
                }
            }
        }
    }

    /// A number whose parameter or unit was dropped is a number again.
    private mutating func dropNumbersOfDroppedNames() {
        for index in tokens.indices where kept[index] && tokens[index].isNumber {
            kept[index] = isMeasure(index) { kept[$0] }
        }
    }

    // MARK: - Numbers

    /// `5 mm`, `TE 90`, `5.0`: a unit behind it, a parameter before it, or a decimal that is no day and month.
    private func isMeasure(_ index: Int, where isThere: (Int) -> Bool = { _ in true }) -> Bool {
        guard let number = DescriptorNumber(tokens[index].folded) else { return false }
        if number.isNoDate { return true }
        let isShort = number.integerDigits <= 3 && number.fractionDigits <= 3
        if isShort, isUnit(index + 1), isThere(index + 1) { return true }
        guard number.integerDigits <= 4, isParameter(index - 1), isThere(index - 1) else { return false }
        return !number.isYear || DescriptorVocabulary.longParameters.contains(tokens[index - 1].folded)
    }

    private func isUnit(_ index: Int) -> Bool {
        guard tokens.indices.contains(index), tokens[index].folded.utf8.count > 1 else { return false }
        let isNear = tokens[index].separator == " " || tokens[index].separator == "-"
        return isNear && TechnicalVocabulary.units.contains(tokens[index].folded)
    }

    /// A unit says nothing without its number.
    private func isUnitOfNumber(_ index: Int) -> Bool {
        index > 0 && tokens[index - 1].isNumber && isUnit(index) && isMeasure(index - 1)
    }

    private func isParameter(_ index: Int) -> Bool {
        guard tokens.indices.contains(index), tokens[index].folded.utf8.count > 1 else { return false }
        let word = tokens[index].folded
        return TechnicalVocabulary.parameters.contains(word)
            && (word == "MA" || !DescriptorVocabulary.ambiguous.contains(word))
    }

    /// `T2`, `3D`, `120kV`, `TE90`, `B31f`, `L5`, `b1000`, `p2`, `320x320`.
    private func isMeasuredWord(_ token: DescriptorTokens.Token) -> Bool {
        let text = Substring(token.folded)
        let head = text.prefix { $0.isASCII && $0.isLetter }
        let number = text.dropFirst(head.count).prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let tail = text.dropFirst(head.count + number.count)
        guard let value = DescriptorNumber(number), tail.allSatisfy({ $0.isASCII }) else { return false }
        if head.isEmpty {
            if value.integerDigits == 1, ["D", "T"].contains(tail) { return true }
            if tail.first == "X", let other = DescriptorNumber(tail.dropFirst()) {
                return [value, other].allSatisfy { $0.integerDigits <= 3 && $0.fractionDigits == 0 }
            }
            return value.integerDigits <= 4 && !value.isYear && tail.utf8.count > 1
                && TechnicalVocabulary.units.contains(String(tail))
        }
        if tail == "D", (2...4).contains(value.integer), value.integerDigits == 1 {
            return DescriptorVocabulary.sequenceForms.contains(String(head))
        }
        if value.fractionDigits == 0, Self.isKernel(head, number, tail) { return true }
        return tail.isEmpty || tail == "W" ? isNumberedWord(head, value, isWeighted: !tail.isEmpty) : false
    }

    private func isNumberedWord(_ head: Substring, _ value: DescriptorNumber, isWeighted: Bool) -> Bool {
        guard value.fractionDigits == 0 else { return false }
        let number = value.integer
        switch head {
        case "T" where isWeighted: return number == 1 || number == 2
        case "T", "TH": return (1...12).contains(number)
        case "C", "L", "S": return !isWeighted && (1...7).contains(number)
        case "P": return !isWeighted && (1...6).contains(number)
        case "B": return !isWeighted && value.integerDigits <= 4 && !value.isYear
        default:
            return !isWeighted && head.utf8.count > 1 && value.integerDigits <= 4 && !value.isYear
                && TechnicalVocabulary.parameters.contains(String(head))
        }
    }

    private static func isKernel(_ family: Substring, _ number: Substring, _ tail: Substring) -> Bool {
        guard DescriptorVocabulary.kernelFamilies.contains(String(family)),
            DescriptorVocabulary.kernelNumbers.contains(String(number))
        else { return false }
        return family.utf8.count == 1
            ? ["F", "S", "H", "M", "U", "T", "V"].contains(tail) : tail.isEmpty || (tail.count == 1 && tail != "W")
    }
}

/// The figures of a token.
struct DescriptorNumber {
    let integer: Int
    let integerDigits: Int
    let fractionDigits: Int
    private let fraction: Int

    /// Nil unless `text` is figures with at most one point or comma among them.
    init?(_ text: some StringProtocol) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 9 }),
            let integer = Int(parts[0]), integer >= 0, parts[0].first?.isNumber == true
        else { return nil }
        self.integer = integer
        integerDigits = parts[0].utf8.count
        guard parts.count == 2 else {
            fraction = 0
            fractionDigits = 0
            return
        }
        guard let fraction = Int(parts[1]), parts[1].first?.isNumber == true else { return nil }
        self.fraction = fraction
        fractionDigits = parts[1].utf8.count
    }

    /// 1890–2110: as likely a year as anything.
    var isYear: Bool { fractionDigits == 0 && (1890...2110).contains(integer) }

    /// A decimal below a hundred that can't be a day and a month in either order: 5.0, 0.75.
    var isNoDate: Bool {
        (1...3).contains(fractionDigits) && integerDigits <= 2 && (integer == 0 || fraction == 0)
    }
}

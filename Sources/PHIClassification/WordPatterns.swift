/// What a line that is neither an identifier, a pattern nor safe looks like.
enum WordPatterns {
    /// The rule, and whether the line looks like a name; nil where the line holds no letter or digit.
    static func classify(_ text: String, _ line: LineText) -> (rule: TextRule, isName: Bool)? {
        guard !line.words.isEmpty || !line.foreign.isEmpty else { return nil }
        let words = line.words.filter { !$0.isDigitsOnly }
        let unknown = words.filter { isUnknown($0) }
        if hasTitle(line) { return (.title, true) }
        if isWithComma(line) { return (.nameWithComma, true) }
        if (2...4).contains(words.count), words.count == line.words.count, !unknown.isEmpty,
            capitalised(text) == words.count
        {
            return (.capitalisedWords, true)
        }
        if !unknown.isEmpty || !line.foreign.isEmpty { return (.unknownWord, words.count <= 4) }
        return (.otherText, false)
    }

    /// Alphabetic, of two letters or more, and not of the technical vocabulary.
    private static func isUnknown(_ word: LineText.Word) -> Bool {
        word.letters.count >= 2 && word.isAlphabetic && !TechnicalVocabulary.isWord(word.letters)
    }

    private static func hasTitle(_ line: LineText) -> Bool {
        zip(line.words, line.words.dropFirst()).contains { word, next in
            NameVocabulary.titles.contains(TextFolding.text(word.letters)) && next.isAlphabetic
                && !TechnicalVocabulary.isWord(next.letters)
        }
    }

    /// `SURNAME, Given`
    private static func isWithComma(_ line: LineText) -> Bool {
        zip(line.words, line.words.dropFirst()).contains { word, next in
            let gap = line.scalars[word.range.upperBound..<max(word.range.upperBound, next.range.lowerBound)]
            return word.letters.count >= 2 && word.isAlphabetic && next.isAlphabetic && gap.first == Ascii.comma
                && !(TechnicalVocabulary.isWord(word.letters) && TechnicalVocabulary.isWord(next.letters))
        }
    }

    /// How many words begin with a capital.
    private static func capitalised(_ text: String) -> Int {
        text.split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "\u{2019}" }.count {
            $0.first?.isUppercase == true
        }
    }
}

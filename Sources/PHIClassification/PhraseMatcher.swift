/// Looks for addresses, institutions and comments: the whole phrase, or any uncommon word of it.
struct PhraseMatcher: Sendable {
    private var words: Set<[Skeleton.Code]> = []
    private var patterns: [ApproximatePattern] = []
    private var foreign: [[UInt32]] = []

    /// Adds a raw value.
    /// - Parameter shortestWord: letters that a word needs to count by itself.
    mutating func add(_ raw: String, shortestWord: Int) {
        for value in raw.unicodeScalars.split(whereSeparator: { "\\\r\n^=".unicodeScalars.contains($0) }) {
            for umlauts in [TextFolding.Umlauts.base, .expanded] {
                add(LineText(scalars: TextFolding.fold(String(value), umlauts: umlauts)), shortestWord)
            }
        }
    }

    private mutating func add(_ phrase: LineText, _ shortestWord: Int) {
        if phrase.words.count > 1, phrase.compact.count >= 6, !TechnicalVocabulary.isOnlyCommon(phrase.words) {
            let errors = min(phrase.compact.count / 8, 3)
            if let pattern = ApproximatePattern(phrase.compact, maximumErrors: errors) { patterns.append(pattern) }
        }
        for word in phrase.words where word.letters.count >= shortestWord {
            guard word.isDigitsOnly ? word.letters.count >= 4 : !TechnicalVocabulary.isCommon(word.letters) else {
                continue
            }
            words.insert(word.codes)
            if word.codes.count >= 6, !word.isDigitsOnly,
                let pattern = ApproximatePattern(word.codes, maximumErrors: word.codes.count >= 9 ? 2 : 1)
            {
                patterns.append(pattern)
            }
        }
        // Postcodes and house numbers in two parts.
        for (word, next) in zip(phrase.words, phrase.words.dropFirst()) {
            let joined = word.letters + next.letters
            let isMixed = [word, next].allSatisfy { !$0.isAlphabetic && $0.letters.count <= 4 }
            guard isMixed, joined.count >= 5, joined.contains(where: Ascii.isUpper) else { continue }
            if let pattern = ApproximatePattern(Skeleton.codes(joined), maximumErrors: 0) { patterns.append(pattern) }
        }
        foreign.append(contentsOf: phrase.foreignWords.filter { $0.count >= 2 })
    }

    func matches(_ line: LineText) -> Bool {
        line.words.contains { words.contains($0.codes) }
            || patterns.contains { $0.occurs(in: line.compact, mask: line.compactMask) }
            || (!line.foreign.isEmpty && foreign.contains { line.foreign.containsRun($0) })
    }
}

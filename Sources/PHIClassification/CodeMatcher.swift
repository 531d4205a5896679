/// Looks for identifiers made of letters and digits: with or without their punctuation, and misread.
struct CodeMatcher: Sendable {
    private var words: Set<[Skeleton.Code]> = []
    private var wholeLines: Set<[Skeleton.Code]> = []
    private var patterns: [ApproximatePattern] = []

    /// Adds a raw value; several by backslash.
    /// - Parameter shortest: what has fewer letters and digits counts only as the whole line.
    mutating func add(_ raw: String, shortest: Int = 3) {
        for value in raw.unicodeScalars.split(separator: "\\") {
            let letters = TextFolding.fold(String(value)).filter(Ascii.isAlphanumeric)
            add(letters, shortest: shortest)
            let stripped = Array(letters.drop { $0 == 0x30 })
            if stripped.count >= 5, stripped.count < letters.count { add(stripped, shortest: shortest) }
        }
    }

    private mutating func add(_ letters: [UInt32], shortest: Int) {
        let codes = Skeleton.codes(letters)
        guard !codes.isEmpty else { return }
        if letters.count < shortest {
            // Small figures number everything.
            if !letters.allSatisfy(Ascii.isDigit) { wholeLines.insert(codes) }
            return
        }
        words.insert(codes)
        guard codes.count >= 5 else { return }
        let errors = codes.count >= 12 ? 2 : (codes.count >= 7 ? 1 : 0)
        if let pattern = ApproximatePattern(codes, maximumErrors: errors) { patterns.append(pattern) }
    }

    func matches(_ line: LineText) -> Bool {
        if wholeLines.contains(line.compact) || words.contains(line.compact) { return true }
        if line.words.contains(where: { words.contains($0.codes) }) { return true }
        for (word, next) in zip(line.words, line.words.dropFirst()) where !words.isEmpty {
            let isSpaced = next.range.lowerBound - word.range.upperBound <= 1
            if isSpaced, words.contains(Skeleton.codes(word.letters + next.letters)) { return true }
        }
        return patterns.contains { $0.occurs(in: line.compact, mask: line.compactMask) }
    }
}

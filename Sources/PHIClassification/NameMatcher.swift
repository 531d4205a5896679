/// Looks for the parts of people's names in a line.
struct NameMatcher: Sendable {
    /// Skeletons of parts that match a whole word.
    private var words: Set<[Skeleton.Code]> = []
    /// The same of up to three letters: figures alone (`10` for LO) are not taken for these inside a longer line.
    private var shortWords: Set<[Skeleton.Code]> = []
    /// Names of a single letter match only that letter.
    private var singleLetters: Set<UInt32> = []
    /// Of five letters: one error in a whole word.
    private var fiveLetters: [[Skeleton.Code]] = []
    /// Of four: at the beginning or the end of a word that runs on.
    private var fourLetters: Set<[Skeleton.Code]> = []
    /// Of five and more, anywhere, with errors.
    private var patterns: [ApproximatePattern] = []
    /// Of seven and more: a word that is cut off is still that name.
    private var longNames: [[Skeleton.Code]] = []
    /// In scripts without word boundaries.
    private var unbounded: [[UInt32]] = []
    /// In other scripts.
    private var foreign: Set<[UInt32]> = []

    /// Adds a raw PN value.
    /// - Parameter isPatient: also a single letter in place of the given name counts.
    mutating func add(_ raw: String, isPatient: Bool) {
        let name = PersonName(raw)
        for part in name.parts {
            if part.letters.count == 1, let letter = part.letters.first, Ascii.isAlphanumeric(letter) {
                if Ascii.isUpper(letter), part.component == 0 || (isPatient && part.component == 1) {
                    singleLetters.insert(letter)
                }
                continue
            }
            add(part.letters, isMain: part.isMain)
        }
        for letters in name.joined { addPattern(Skeleton.codes(letters)) }
    }

    /// Adds one word that counts like a name.
    mutating func addWord(_ letters: [UInt32]) {
        guard letters.count > 1 else { return }
        add(letters, isMain: true)
    }

    private mutating func add(_ letters: [UInt32], isMain: Bool) {
        if letters.contains(where: LineText.isForeignLetter) {
            if letters.contains(where: LineText.isWithoutWordBoundaries) {
                unbounded.append(letters)
            } else if letters.count > 1 {
                foreign.insert(letters)
                // Who reads Latin letters only takes these for their likes: `РА` for `PA`.
                if let latin = TextFolding.latinLikes(of: letters) { add(latin, isMain: isMain) }
            }
            return
        }
        if letters.allSatisfy(Ascii.isDigit), letters.count < 3 { return }
        let codes = Skeleton.codes(letters)
        guard words.insert(codes).inserted else { return }
        if letters.count <= 3 { shortWords.insert(codes) }
        if letters.count == 4 { fourLetters.insert(codes) }
        if letters.count >= 5, codes.count <= 5 { fiveLetters.append(codes) }
        if codes.count >= 7 { longNames.append(codes) }
        addPattern(codes)
    }

    private mutating func addPattern(_ codes: [Skeleton.Code]) {
        guard codes.count >= 5, !patterns.contains(where: { $0.codes == codes }) else { return }
        let errors = codes.count >= 9 ? 2 : (codes.count >= 6 ? 1 : 0)
        if let pattern = ApproximatePattern(codes, maximumErrors: errors) { patterns.append(pattern) }
    }

    func matches(_ line: LineText) -> Bool {
        matchesWord(line) || matchesJoinedWords(line)
            || patterns.contains { $0.occurs(in: line.compact, mask: line.compactMask) }
            || matchesForeign(line)
    }

    private func matchesWord(_ line: LineText) -> Bool {
        line.words.contains { word in
            if matches(word.codes, word.letters, isAlone: line.words.count == 1, isDigitsOnly: word.isDigitsOnly) {
                return true
            }
            guard !word.isAlphabetic, !word.isDigitsOnly else { return false }
            // `ALI45Y`, `35CM`: the runs of letters and of what may be letters.
            return word.letters.split { !Ascii.isUpper($0) }.contains { run in
                matches(Skeleton.codes(run), Array(run), isAlone: false, isDigitsOnly: false)
            }
        }
    }

    private func matches(_ codes: [Skeleton.Code], _ letters: [UInt32], isAlone: Bool, isDigitsOnly: Bool) -> Bool {
        if letters.count == 1, singleLetters.contains(letters[0]) { return true }
        if words.contains(codes), isAlone || !isDigitsOnly || !shortWords.contains(codes) { return true }
        guard codes.count >= 4, !isDigitsOnly else { return false }
        if fiveLetters.contains(where: { ApproximatePattern.areWithinOneError($0, codes) }) { return true }
        guard codes.count >= 5, !TechnicalVocabulary.isWord(letters) else { return false }
        if !fourLetters.isEmpty,
            fourLetters.contains(Array(codes.prefix(4))) || fourLetters.contains(Array(codes.suffix(4)))
        {
            return true
        }
        return longNames.contains { $0.count > codes.count && ($0.starts(with: codes) || $0.hasSuffix(codes)) }
    }

    /// A name with spaces in it: `AL I`, `SM ITH`.
    private func matchesJoinedWords(_ line: LineText) -> Bool {
        guard line.words.count > 1 else { return false }
        for first in line.words.indices {
            var codes = line.words[first].codes
            var letters = line.words[first].letters.count
            for next in line.words.indices.dropFirst(first + 1).prefix(3) {
                for code in line.words[next].codes { Skeleton.append(code, to: &codes) }
                letters += line.words[next].letters.count
                let isWholeLine = first == 0 && next == line.words.count - 1
                let isDigitsOnly = line.words[first...next].allSatisfy(\.isDigitsOnly)
                if isDigitsOnly { continue }
                if letters >= 3 || isWholeLine, words.contains(codes) { return true }
            }
        }
        return false
    }

    private func matchesForeign(_ line: LineText) -> Bool {
        guard !line.foreign.isEmpty else { return false }
        return unbounded.contains { line.foreign.containsRun($0) }
            || line.foreignWords.contains { foreign.contains($0) }
            || foreign.contains { $0.count >= 4 && line.foreign.containsRun($0) }
    }
}

extension Array where Element: Equatable {
    func hasSuffix(_ other: [Element]) -> Bool {
        other.count <= count && Array(suffix(other.count)) == other
    }
}

/// One line of recognised text, prepared once for all rules: folded, cut into words, and as a skeleton.
struct LineText: Sendable {
    /// A run of letters and digits; apostrophes inside do not end it.
    struct Word: Sendable {
        /// In `scalars`.
        var range: Range<Int>
        /// Folded, without apostrophes.
        var letters: [UInt32]
        var codes: [Skeleton.Code]
        var isDigitsOnly: Bool
        /// ASCII letters only.
        var isAlphabetic: Bool
    }

    /// Folded.
    let scalars: [UInt32]
    let words: [Word]
    /// The skeleton without spaces and punctuation.
    let compact: [Skeleton.Code]
    let compactMask: UInt64
    /// Letters outside ASCII after folding (ideographs, kana, Cyrillic …), without spaces and punctuation.
    let foreign: [UInt32]
    /// Runs of such letters, as words.
    let foreignWords: [[UInt32]]

    init(_ text: String) {
        self.init(scalars: TextFolding.fold(text))
    }

    init(scalars: [UInt32]) {
        self.scalars = scalars
        var words: [Word] = []
        var start: Int?
        for index in 0...scalars.count {
            let isWord = index < scalars.count && Self.isWordCharacter(at: index, in: scalars)
            if isWord, start == nil { start = index }
            if !isWord, let first = start {
                words.append(Self.word(first..<index, scalars))
                start = nil
            }
        }
        self.words = words
        compact = Skeleton.codes(scalars)
        compactMask = Skeleton.mask(compact)
        let runs = scalars.split { !Self.isForeignLetter($0) }
        foreignWords = runs.map(Array.init)
        foreign = runs.flatMap { $0 }
    }

    private static func isWordCharacter(at index: Int, in scalars: [UInt32]) -> Bool {
        let scalar = scalars[index]
        if Ascii.isAlphanumeric(scalar) || scalar == 0x24 { return true }
        guard scalar == Ascii.apostrophe || scalar == 0x7C || scalar == 0x21 else { return false }
        // `|` and `!` may be a misread letter, an apostrophe joins what it stands between.
        let before = index > 0 && Ascii.isAlphanumeric(scalars[index - 1])
        let after = index + 1 < scalars.count && Ascii.isAlphanumeric(scalars[index + 1])
        if scalar == Ascii.apostrophe { return before && after }
        let isBetweenDigits = before && after && Ascii.isDigit(scalars[index - 1]) && Ascii.isDigit(scalars[index + 1])
        return (before || after) && !isBetweenDigits
    }

    private static func word(_ range: Range<Int>, _ scalars: [UInt32]) -> Word {
        let letters = scalars[range].filter { $0 != Ascii.apostrophe }
        return Word(
            range: range, letters: letters, codes: Skeleton.codes(letters),
            isDigitsOnly: letters.allSatisfy(Ascii.isDigit), isAlphabetic: letters.allSatisfy(Ascii.isUpper))
    }

    /// A letter that no fold brings to ASCII.
    static func isForeignLetter(_ scalar: UInt32) -> Bool {
        guard scalar > 0x7F, let unicode = Unicode.Scalar(scalar) else { return false }
        return unicode.properties.isAlphabetic || unicode.properties.isIdeographic
    }

    /// Scripts that are written without spaces: Han, kana, Hangul, Thai.
    static func isWithoutWordBoundaries(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2E80...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFFDC, 0x20000...0x3FFFF,
            0x0E00...0x0E7F, 0x1100...0x11FF:
            true
        default: false
        }
    }
}

extension Collection where Element: Equatable {
    /// Whether the other elements occur somewhere in these, in order and without a gap.
    func containsRun(_ other: some Collection<Element>) -> Bool {
        guard let first = other.first, other.count <= count else { return false }
        var index = startIndex
        while let hit = self[index...].firstIndex(of: first) {
            if self[hit...].starts(with: other) { return true }
            index = self.index(after: hit)
        }
        return false
    }
}

/// A line as numbers, months and what stands between them: what dates, times and numbers are found in.
struct NumberTokens: Sendable {
    struct Token: Sendable {
        enum Content: Sendable {
            /// Digits as the recogniser gave them or may have meant them.
            case number([UInt8])
            case month(Int, isAmbiguous: Bool)
            case word([UInt32])
        }

        var content: Content
        /// What stands between the token before and this one.
        var gap: [UInt32]

        var digits: [UInt8]? {
            if case .number(let digits) = content { digits } else { nil }
        }
    }

    private(set) var tokens: [Token] = []

    init(_ line: LineText) {
        var end = 0
        for word in line.words {
            let gap = Array(line.scalars[end..<max(end, word.range.lowerBound)])
            append(word, gap)
            end = word.range.upperBound
        }
    }

    private mutating func append(_ word: LineText.Word, _ gap: [UInt32]) {
        let letters = word.letters
        if !word.isDigitsOnly, let month = MonthNames.month(letters) {
            tokens.append(
                Token(content: .month(month, isAmbiguous: MonthNames.isAmbiguous(letters)), gap: gap))
            return
        }
        let digitCount = letters.count(where: Ascii.isDigit)
        let figures = letters.compactMap(Ascii.digit)
        if figures.count == letters.count, digitCount > 0, digitCount * 2 >= letters.count || letters.count <= 2 {
            tokens.append(Token(content: .number(figures), gap: gap))
            return
        }
        if digitCount == 0 {
            let isFigure = figures.count == letters.count && letters.count <= 2 && Self.isDateSeparator(gap)
            tokens.append(Token(content: isFigure ? .number(figures) : .word(letters), gap: gap))
            return
        }
        appendRuns(letters, gap)
    }

    /// `12JAN1980`, `5CM`: runs of digits and of letters.
    private mutating func appendRuns(_ letters: [UInt32], _ gap: [UInt32]) {
        var start = 0
        var gap = gap
        for index in 1...letters.count {
            let isEnd = index == letters.count || Ascii.isDigit(letters[index]) != Ascii.isDigit(letters[start])
            guard isEnd else { continue }
            let run = Array(letters[start..<index])
            if Ascii.isDigit(run[0]) {
                tokens.append(Token(content: .number(run.compactMap(Ascii.digit)), gap: gap))
            } else if let month = MonthNames.month(run) {
                tokens.append(Token(content: .month(month, isAmbiguous: false), gap: gap))
            } else {
                tokens.append(Token(content: .word(run), gap: gap))
            }
            gap = []
            start = index
        }
    }

    private static func isDateSeparator(_ gap: [UInt32]) -> Bool {
        gap.count == 1 && (gap[0] == Ascii.slash || gap[0] == Ascii.hyphen || gap[0] == Ascii.full)
    }
}

/// Finds dates and times in a line.
struct DateScanner: Sendable {
    /// Every reading of every date: `01/02/1980` gives two.
    private(set) var dates: [CalendarDate] = []
    /// Minutes since midnight, in both halves of the day where the line leaves it open.
    private(set) var minutes: [Int] = []
    private(set) var hasDate = false
    private(set) var hasTime = false

    init(_ tokens: [NumberTokens.Token]) {
        var tokens = tokens
        tokens.removeAll { token in
            if case .word(let letters) = token.content { Self.fillers.contains(letters) } else { false }
        }
        for index in tokens.indices {
            scanCompact(tokens[index])
            scanTime(tokens, at: index)
            if index + 2 < tokens.count { scanTriple(tokens[index], tokens[index + 1], tokens[index + 2]) }
            if index + 1 < tokens.count { scanPair(tokens[index], tokens[index + 1]) }
        }
    }

    /// Ordinal endings and small words inside dates: `12th of January`, `12 de enero de 1980`, `le 1er mai`.
    private static let fillers: Set<[UInt32]> = Set(
        ["TH", "ST", "ND", "RD", "OF", "DE", "DEN", "DEL", "ER", "THE"].map(TextFolding.scalars))

    private mutating func add(_ year: [UInt8], _ month: Int, _ day: Int) {
        guard year.count == 2 || year.count == 4 else { return }
        guard let date = CalendarDate(year: Self.value(year), digits: year.count, month: month, day: day) else {
            return
        }
        dates.append(date)
        hasDate = true
    }

    private static func value(_ digits: some Sequence<UInt8>) -> Int {
        digits.reduce(0) { min($0 * 10 + Int($1), 1_000_000_000) }
    }

    // MARK: - Dates

    private mutating func scanTriple(_ a: NumberTokens.Token, _ b: NumberTokens.Token, _ c: NumberTokens.Token) {
        guard Self.isClose(b.gap), Self.isClose(c.gap) else { return }
        switch (a.content, b.content, c.content) {
        case (.number(let first), .number(let second), .number(let third)):
            guard Self.isDateGap(b.gap), Self.isDateGap(c.gap), second.count <= 2 else { return }
            let isMarkedAlike = b.gap.filter { $0 != Ascii.space } == c.gap.filter { $0 != Ascii.space }
            guard isMarkedAlike || Self.isYear(first) || Self.isYear(third) else { return }
            let middle = Self.value(second)
            if third.count == 4 || third.count == 2, first.count <= 2 {
                add(third, middle, Self.value(first))
                add(third, Self.value(first), middle)
            }
            if first.count == 4 || first.count == 2, third.count <= 2 {
                add(first, middle, Self.value(third))
                add(first, Self.value(third), middle)
            }
        case (.number(let day), .month(let month, _), .number(let year)):
            if day.count <= 2 { add(year, month, Self.value(day)) }
            if day.count == 4 || day.count == 2, year.count <= 2 { add(day, month, Self.value(year)) }
        case (.month(let month, _), .number(let day), .number(let year)):
            if day.count <= 2 { add(year, month, Self.value(day)) }
        default: break
        }
    }

    private mutating func scanPair(_ a: NumberTokens.Token, _ b: NumberTokens.Token) {
        guard Self.isClose(b.gap) else { return }
        switch (a.content, b.content) {
        case (.number(let number), .month(_, let isAmbiguous)), (.month(_, let isAmbiguous), .number(let number)):
            if !isAmbiguous || Self.isYear(number), number.count <= 2 || Self.isYear(number) { hasDate = true }
        case (.number(let month), .number(let year)):
            let separator = b.gap.first
            // `03.1980`: a number of four decimal places has seldom a nought, ten, eleven or twelve before them.
            let isJoined =
                b.gap.count == 1
                && (separator == Ascii.slash || separator == Ascii.hyphen
                    || separator == Ascii.full && month.count == 2)
            if isJoined, month.count <= 2, (1...12).contains(Self.value(month)), Self.isYear(year) { hasDate = true }
        default: break
        }
    }

    /// `19800112`, `12011980`, `01121980`, `120180`, and a date with its time.
    private mutating func scanCompact(_ token: NumberTokens.Token) {
        guard let digits = token.digits, digits.count >= 6 else { return }
        if digits.count == 8 || digits.count >= 12 {
            let first = Self.value(digits[0..<2])
            let second = Self.value(digits[2..<4])
            add(Array(digits[0..<4]), Self.value(digits[4..<6]), Self.value(digits[6..<8]))
            add(Array(digits[4..<8]), second, first)
            add(Array(digits[4..<8]), first, second)
        } else if digits.count == 6 {
            let pairs = [0, 2, 4].map { Self.value(digits[$0..<$0 + 2]) }
            add(Array(digits[4..<6]), pairs[1], pairs[0])
            add(Array(digits[4..<6]), pairs[0], pairs[1])
            add(Array(digits[0..<2]), pairs[1], pairs[2])
        }
    }

    private static func isYear(_ digits: [UInt8]) -> Bool {
        digits.count == 4 && (1880...2150).contains(value(digits))
    }

    private static func isClose(_ gap: [UInt32]) -> Bool { gap.count <= 4 }

    /// Spaces and one kind of mark; the year, month and day signs of East Asia.
    private static func isDateGap(_ gap: [UInt32]) -> Bool {
        !gap.isEmpty
            && gap.allSatisfy { scalar in
                switch scalar {
                case 0x20, 0x2C, 0x2D, 0x2E, 0x2F, 0x5C, 0x5F, 0xB7, 0x7C, 0x5E74, 0x6708, 0x65E5, 0xB144, 0xC6D4: true
                default: false
                }
            }
    }

    // MARK: - Times

    private mutating func scanTime(_ tokens: [NumberTokens.Token], at index: Int) {
        guard index + 1 < tokens.count, let first = tokens[index].digits, first.count <= 2,
            let second = tokens[index + 1].digits, second.count == 2
        else { return }
        let hour = Self.value(first)
        let minute = Self.value(second)
        guard hour < 24, minute < 60 else { return }
        let gap = tokens[index + 1].gap.filter { $0 != Ascii.space }
        let half = Self.half(tokens, after: index + 1)
        guard gap == [Ascii.colon] || (gap == [Ascii.full] && half != nil) else { return }
        hasTime = true
        if half == 12 * 60 {
            minutes.append((hour % 12 + 12) * 60 + minute)
        } else {
            minutes.append((half == 0 ? hour % 12 : hour) * 60 + minute)
        }
    }

    /// Minutes to add for `AM` or `PM` after the numbers of a time; nil where neither stands.
    private static func half(_ tokens: [NumberTokens.Token], after index: Int) -> Int? {
        for token in tokens.dropFirst(index + 1).prefix(2) {
            guard case .word(let letters) = token.content else { continue }
            switch letters {
            case [0x41, 0x4D], [0x41]: return 0
            case [0x50, 0x4D], [0x50]: return 12 * 60
            default: return nil
            }
        }
        return nil
    }
}

import DICOMModel

/// All values of a header, prepared for comparison with lines of text.
struct IdentifierMatcher: Sendable {
    private var names = NameMatcher()
    private var identifiers = CodeMatcher()
    private var accessionNumbers = CodeMatcher()
    private var telephones = CodeMatcher()
    private var uids = CodeMatcher()
    private var addresses = PhraseMatcher()
    private var institutions = PhraseMatcher()
    private var texts = PhraseMatcher()
    private var dates: [CalendarDate] = []
    private var dateDigits: [[UInt8]] = []
    private var minutes: Set<Int> = []
    private var ages: Set<Int> = []

    init(_ header: HeaderIdentifiers) {
        for value in header.values { add(value.text.reveal(), value.kind) }
    }

    private mutating func add(_ text: String, _ kind: HeaderIdentifiers.Kind) {
        switch kind {
        case .personName: names.add(text, isPatient: true)
        case .otherPersonName: names.add(text, isPatient: false)
        case .identifier:
            identifiers.add(text)
            addNames(inside: text)
        case .accessionNumber: accessionNumbers.add(text)
        case .telephone: telephones.add(text, shortest: 5)
        case .uid: uids.add(text, shortest: 8)
        case .address: addresses.add(text, shortestWord: 4)
        case .institution: institutions.add(text, shortestWord: 4)
        case .freeText: texts.add(text, shortestWord: 5)
        case .date: addDates(text)
        case .time: addTimes(text)
        case .age:
            let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
            if let age = Int(String(decoding: digits, as: UTF8.self)), text.uppercased().contains("Y"), age > 0 {
                ages.insert(age)
            }
        }
    }

    /// An identifier that holds words, such as `SMITH_JOHN_01`, is also searched for those.
    private mutating func addNames(inside text: String) {
        for word in LineText(text).words where word.isAlphabetic && word.letters.count >= 4 {
            if !TechnicalVocabulary.isCommon(word.letters) { names.addWord(word.letters) }
        }
    }

    private mutating func addDates(_ text: String) {
        for value in text.split(separator: "\\") {
            let trimmed = value.drop { $0 == " " }
            guard let date = CalendarDate(dicom: trimmed) else { continue }
            guard !dates.contains(date) else { continue }
            dates.append(date)
            let year = Self.digits(date.year, 4)
            let month = Self.digits(date.month, 2)
            let day = Self.digits(date.day, 2)
            dateDigits += [year + month + day, day + month + year, month + day + year]
            // A DT goes on with the time.
            let time = trimmed.utf8.filter { (0x30...0x39).contains($0) }.dropFirst(8).prefix(4)
            if time.count == 4 { addTimes(String(decoding: time, as: UTF8.self)) }
        }
    }

    private mutating func addTimes(_ text: String) {
        for value in text.split(separator: "\\") {
            let digits = value.utf8.filter { (0x30...0x39).contains($0) }.prefix(4).map { Int($0) - 0x30 }
            guard digits.count == 4 else { continue }
            let minute = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
            // Midnight is what software writes for an unknown time.
            if minute != 0 { minutes.insert(minute) }
        }
    }

    private static func digits(_ value: Int, _ count: Int) -> [UInt8] {
        let digits = String(value).utf8.map { $0 &- 0x30 }
        return Array(repeating: 0, count: max(0, count - digits.count)) + digits
    }

    func rules(_ line: LineText, _ scanner: DateScanner) -> Set<TextRule> {
        var rules: Set<TextRule> = []
        if names.matches(line) { rules.insert(.headerName) }
        if identifiers.matches(line) { rules.insert(.headerIdentifier) }
        if accessionNumbers.matches(line) { rules.insert(.headerAccessionNumber) }
        if telephones.matches(line) { rules.insert(.headerTelephone) }
        if uids.matches(line) { rules.insert(.headerUID) }
        if addresses.matches(line) { rules.insert(.headerAddress) }
        if institutions.matches(line) { rules.insert(.headerInstitution) }
        if texts.matches(line) { rules.insert(.headerText) }
        if matchesDate(line, scanner) { rules.insert(.headerDate) }
        if scanner.minutes.contains(where: { minutes.contains($0) || minutes.contains($0 + 720) }) {
            rules.insert(.headerTime)
        }
        if matchesAge(line) { rules.insert(.headerAge) }
        return rules
    }

    private func matchesDate(_ line: LineText, _ scanner: DateScanner) -> Bool {
        if scanner.dates.contains(where: { date in dates.contains { $0.isSameDay(as: date) } }) { return true }
        guard !dateDigits.isEmpty else { return false }
        if matchesDayAndMonth(line) { return true }
        // `12. 01. 1980`, `12|01|1980`, a date beside other figures: the digits in one run.
        let runs = line.scalars.split { Ascii.isUpper($0) && Ascii.digit($0) == nil }
        return runs.contains { run in
            let figures = run.compactMap(Ascii.digit)
            return figures.count >= 8 && dateDigits.contains { figures.containsRun($0) }
        }
    }

    /// `12.01`: day and month alone on the line, two figures each, as a number could be written as well.
    private func matchesDayAndMonth(_ line: LineText) -> Bool {
        let parts = line.scalars.split(omittingEmptySubsequences: false) {
            ".-/ ".unicodeScalars.map(\.value).contains($0)
        }
        .map { $0.compactMap(Ascii.digit) }
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), line.scalars.count == 5 else { return false }
        let (first, second) = (parts[0].reduce(0) { $0 * 10 + Int($1) }, parts[1].reduce(0) { $0 * 10 + Int($1) })
        return dates.contains { ($0.day, $0.month) == (first, second) || ($0.month, $0.day) == (first, second) }
    }

    /// The age alone on the line.
    private func matchesAge(_ line: LineText) -> Bool {
        guard !ages.isEmpty, line.words.count == 1, line.words[0].isDigitsOnly, line.words[0].letters.count <= 3,
            let age = Int(TextFolding.text(line.words[0].letters)), !line.scalars.contains(0x25)
        else { return false }
        return ages.contains(age)
    }
}

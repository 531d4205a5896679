import DICOMModel
import PHIClassification

/// What kind of identifier a residual is.
public enum IdentifierKind: String, Hashable, Sendable, CaseIterable {
    /// A part or the whole of a person's name.
    case personName = "person-name"
    /// Patient ID, Accession Number, serial numbers, order numbers …
    case identifier
    /// Institutions, addresses, telephone numbers, stations, AE titles.
    case address
    case date
    /// A bare `hhmmss` is any six digits: it blocks where a time is meant, in TM and DT.
    case time
    case uid
}

/// One thing to look for in a result.
struct OriginalIdentifier: Hashable {
    let kind: IdentifierKind
    let text: String
    /// Short or common, so that finding it proves little.
    let isWeak: Bool
    /// Of the patient, rather than of a device, a place or the staff.
    var isPatient = false
}

extension OriginalIdentifier {
    /// The parts of one PN value, its groups as they are, and its family and given name joined in the usual ways; all of
    /// it also without the marks on letters.
    static func personName(_ value: String) -> [OriginalIdentifier] {
        ([value] + TextFolding.spellings(of: value)).flatMap(spelled)
    }

    private static func spelled(_ value: String) -> [OriginalIdentifier] {
        var found: [OriginalIdentifier] = []
        for group in value.split(separator: "=") {
            let components = group.split(separator: "^").map { words(in: $0) }
            for word in components.joined().flatMap(parts) { found += part(word) }
            // MC DONALD as McDonald.
            for words in components where words.count > 1 { found += part(words.joined()) }
            guard let family = components.first(where: { !$0.isEmpty })?.joined(separator: " "),
                let given = components.dropFirst().first(where: { !$0.isEmpty })?.joined(separator: " ")
            else { continue }
            // A whole name is telling even where each part is short or common: NG^MEI.
            let areCommon = CommonWords.areAll(components.joined())
            let plain = (withoutSigns(family), withoutSigns(given))
            found += withInitial(family: plain.0, given: plain.1)
            for (family, given) in plain == (family, given) ? [plain] : [(family, given), plain] {
                for joined in [
                    "\(family)^\(given)", "\(family) \(given)", "\(given) \(family)", "\(family), \(given)",
                    "\(family),\(given)", "\(family)_\(given)", "\(given)_\(family)", "\(family)\(given)",
                ] {
                    let isWeak = areCommon || (isAlphabetic(joined) && joined.count < 6)
                    found.append(OriginalIdentifier(kind: .personName, text: joined, isWeak: isWeak))
                }
            }
        }
        return found
    }

    /// As logins and labels have it: `jsmith`, `SmithJ`.
    private static func withInitial(family: String, given: String) -> [OriginalIdentifier] {
        guard let initial = given.first, isAlphabetic(family), family.count >= 5 else { return [] }
        return ["\(initial)\(family)", "\(family)\(initial)"].map {
            OriginalIdentifier(kind: .personName, text: $0, isWeak: false)
        }
    }

    private static func part(_ word: String) -> [OriginalIdentifier] {
        let letters = word.unicodeScalars.filter(\.properties.isAlphabetic).count
        guard letters >= 2, !CommonWords.isOurs(word) else { return [] }
        let isShort = letters < 4 || CommonWords.contains(word)
        let isWeak = isAlphabetic(word) && isShort
        let whole = OriginalIdentifier(kind: .personName, text: word, isWeak: isWeak)
        guard !isWeak, word.utf8.allSatisfy({ $0 < 0x80 }) else { return [whole] }
        // S M I T H, as on forms.
        let spaced = String(word.flatMap { [$0, " "] }.dropLast())
        return [whole, OriginalIdentifier(kind: .personName, text: spaced, isWeak: false)]
    }

    /// Ideographs and syllables say as much in two characters as letters in four.
    private static func isAlphabetic(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0.value < 0x1100 } }

    private static func words(in component: Substring) -> [String] {
        let blanks: Set<Character> = [" ", "\t", ",", ";", "_", "/", "(", ")", "."]
        return component.split { blanks.contains($0) }.map(String.init)
    }

    /// A word with an apostrophe or hyphen whole, without it and by its parts: O'BRIEN, OBRIEN, BRIEN.
    private static func parts(of word: String) -> [String] {
        let parts = word.split(whereSeparator: signs.contains).map(String.init)
        return parts.count > 1 ? [word, withoutSigns(word)] + parts : [word]
    }

    private static func withoutSigns(_ text: String) -> String { text.filter { !signs.contains($0) } }

    private static let signs: Set<Character> = ["'", "-", "’"]

    /// A value of an Attribute that holds an identifier or an address.
    static func value(_ value: String, kind: IdentifierKind) -> [OriginalIdentifier] {
        guard value.utf8.count >= 2, !CommonWords.isOurs(value) else { return [] }
        let digits = value.utf8.filter { (0x30...0x39).contains($0) }.count
        guard digits < value.utf8.count || digits >= 3 else { return [] }
        let isWeak =
            value.utf8.count < 4 || CommonWords.contains(value) || (digits == value.utf8.count && digits < 5)
            || value.allSatisfy { $0 == value.first }
        return [OriginalIdentifier(kind: kind, text: value, isWeak: isWeak)]
            + IdentifierForms.other(value).map { OriginalIdentifier(kind: kind, text: $0.text, isWeak: $0.isWeak) }
    }

    /// A TM in the ways that times are written.
    static func time(_ value: String) -> [OriginalIdentifier] {
        temporal(value) + clock(value[...])
    }

    /// The time of day that a text begins with, to the second and to the minute.
    static func clock(_ value: Substring) -> [OriginalIdentifier] {
        let clock = String(value.filter { $0 != ":" && $0 != " " }.prefix(6))
        guard clock.allSatisfy(\.isASCIIDigit), clock != DummyValue.time else { return [] }
        let pairs = [clock.prefix(2), clock.dropFirst(2).prefix(2), clock.suffix(2)]
        let minutes = OriginalIdentifier(kind: .time, text: "\(pairs[0]):\(pairs[1])", isWeak: true)
        guard clock.count == 6 else { return clock.count == 4 ? [minutes] : [] }
        // Noon and the like are anybody's.
        let isWeak = clock.hasSuffix("0000")
        return [
            OriginalIdentifier(kind: .time, text: clock, isWeak: true),
            OriginalIdentifier(kind: .time, text: pairs.joined(separator: ":"), isWeak: isWeak), minutes,
        ]
    }

    /// A DA, TM or DT in the ways that dates are written.
    static func temporal(_ value: String) -> [OriginalIdentifier] {
        var digits = value.filter { $0 != "-" && $0 != "/" && $0 != ":" && $0 != " " }
        if let zone = digits.lastIndex(where: { $0 == "+" }) { digits = String(digits[..<zone]) }
        var found: [OriginalIdentifier] = []
        let day = digits.prefix(8)
        if day.count == 8, day.allSatisfy(\.isASCIIDigit), let forms = dateForms(String(day)) {
            found += forms.map { OriginalIdentifier(kind: .date, text: $0, isWeak: false) }
            found += shortDateForms(String(day)).map {
                OriginalIdentifier(kind: .date, text: $0.text, isWeak: $0.isWeak)
            }
        }
        let hasFraction = digits.contains(".") && digits.contains { $0 != "0" && $0 != "." }
        if digits.count >= 8, digits != day, hasFraction || digits.count >= 12 {
            found.append(OriginalIdentifier(kind: .time, text: digits, isWeak: digits == DummyValue.dateTime))
        }
        return found
    }

    /// Nil for what is no date, or for the dummy.
    private static func dateForms(_ date: String) -> [String]? {
        let year = date.prefix(4)
        let month = date.dropFirst(4).prefix(2)
        let day = date.suffix(2)
        guard let yearNumber = Int(year), (1850...2200).contains(yearNumber), let monthNumber = Int(month),
            (1...12).contains(monthNumber), let dayNumber = Int(day), (1...31).contains(dayNumber),
            date != DummyValue.date
        else { return nil }
        let long = Self.months[monthNumber - 1]
        let name = String(long.prefix(3))
        var forms = [date, "\(day)\(month)\(year)", "\(month)\(day)\(year)"]
        for separator in ["-", "/", ".", " "] {
            forms.append([year, month, day].joined(separator: separator))
            forms.append([day, month, year].joined(separator: separator))
            forms.append([month, day, year].joined(separator: separator))
            forms.append([day, name[...], year].joined(separator: separator))
        }
        for month in Set([name, long]) {
            for day in Set([String(day), String(dayNumber)]) {
                forms += ["\(month) \(day), \(year)", "\(month) \(day) \(year)"]
            }
            forms += ["\(dayNumber) \(month) \(year)", "\(day) \(month) \(year)", "\(dayNumber)-\(month)-\(year)"]
            forms += ["\(dayNumber)\(ordinal(dayNumber)) \(month) \(year)", "\(day)\(month)\(year)"]
        }
        // Without leading zeros.
        if dayNumber < 10 || monthNumber < 10 {
            for separator in ["-", "/", "."] {
                forms.append("\(dayNumber)\(separator)\(monthNumber)\(separator)\(year)")
                forms.append("\(monthNumber)\(separator)\(dayNumber)\(separator)\(year)")
                forms.append("\(year)\(separator)\(monthNumber)\(separator)\(dayNumber)")
            }
        }
        return forms
    }

    /// With two digits for the year. Only slashes say for certain that it is a date: `05.03.24` is a version as well.
    private static func shortDateForms(_ date: String) -> [(text: String, isWeak: Bool)] {
        let year = date.dropFirst(2).prefix(2)
        let month = date.dropFirst(4).prefix(2)
        let day = date.suffix(2)
        var forms: [(String, Bool)] = []
        for separator in ["/", "-", "."] {
            forms.append(([day, month, year].joined(separator: separator), separator != "/"))
            forms.append(([month, day, year].joined(separator: separator), separator != "/"))
            forms.append(([year, month, day].joined(separator: separator), separator != "/"))
        }
        guard let number = Int(month), let dayNumber = Int(day), months.indices.contains(number - 1) else {
            return forms
        }
        forms += [("\(dayNumber)/\(number)/\(year)", false), ("\(number)/\(dayNumber)/\(year)", false)]
        let name = months[number - 1].prefix(3)
        for separator in ["-", " ", ""] {
            for day in Set([String(day), String(dayNumber)]) {
                forms.append(("\(day)\(separator)\(name)\(separator)\(year)", false))
            }
        }
        return forms
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private static func ordinal(_ day: Int) -> String {
        switch day {
        case 1, 21, 31: "st"
        case 2, 22: "nd"
        case 3, 23: "rd"
        default: "th"
        }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

/// Words that stand in names of test patients and in headers alike.
enum CommonWords {
    static func contains(_ text: String) -> Bool {
        words.contains(text.lowercased())
    }

    static func areAll(_ texts: some Sequence<String>) -> Bool {
        texts.allSatisfy { contains($0) || isOurs($0) }
    }

    /// What this module itself writes: finding it proves nothing at all.
    static func isOurs(_ text: String) -> Bool {
        [DummyValue.personName, DummyValue.text, "DCM", "YES", "NO"].contains(text.uppercased())
    }

    /// Two letters before or after a name, which say nothing of whom.
    static func isTitle(_ text: String) -> Bool {
        ["dr", "ii", "iv", "jr", "md", "mr", "ms", "sr"].contains(text.lowercased())
    }

    private static let words = Set(
        """
        abdomen abdominal acquisition adrenal adult agfa anonymized anonymised anonymous ankle arterial aorta axial bone bladder brain breast canon \
        cardiac carotid case cervical chest child clinic color colour contrast coronal default demo dept diffusion derived device \
        dicom doctor dose elbow example exam fetal foot ford fuji general hand head headneck heart hitachi hospital human image \
        images institution kidney knee left liver localizer lumbar lung male female mammogram medical mercury model mobile name nema \
        neck none normal null number original other pancreas patient pediatric pelvis perfusion phantom philips physician primary private \
        processed prostate protocol quality reference research right routine sagittal sample scan scanner secondary series \
        service shoulder siemens skull spine standard standing station study stomach supine system systems technician test \
        text testing thorax toshiba unknown unspecified university uterus vascular vendor venous version volume whole wrist
        """.split(separator: " ").map(String.init))
}

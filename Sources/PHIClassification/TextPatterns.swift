/// Forms that identify whatever the header says, apart from dates and numbers: labels, record ids, postcodes, e-mail.
enum TextPatterns {
    static func rules(_ line: LineText, _ tokens: [NumberTokens.Token]) -> Set<TextRule> {
        var rules: Set<TextRule> = []
        if hasLabel(line) { rules.insert(.label) }
        if hasRecordNumber(line) { rules.insert(.recordNumber) }
        if hasPostcode(line) { rules.insert(.postcode) }
        if hasEmail(line) { rules.insert(.email) }
        if hasURL(line) { rules.insert(.url) }
        if hasAge(tokens) { rules.insert(.age) }
        return rules
    }

    // MARK: - Labels

    /// Words that announce a value about a person; what follows does not matter.
    private static let labels: Set<[Skeleton.Code]> = codes(
        """
        DOB BIRTH BIRTHDATE BIRTHDAY BORN NAME NAMES PATIENT PATIENTS PATIENTNAME PATIENTID SURNAME FORENAME GEB \
        GEBOREN GEBURTSDATUM GEBDAT NOM PRENOM NAISSANCE NOMBRE APELLIDO APELLIDOS NACIMIENTO COGNOME NASCITA NATO NATA \
        NAAM VOORNAAM VORNAME NACHNAME GEBOORTEDATUM MRN ACCESSION PHYSICIAN RADIOLOGIST TECHNOLOGIST RADIOGRAPHER \
        OPERATOR SONOGRAPHER CONSULTANT REFERRING REFERRER PERFORMED SEX GENDER AGE ADDRESS WARD HOSPITAL CLINIC \
        NHS CHI SSN INSURANCE PAZIENTE PACIENTE PATIENTIN VERSICHERTENNUMMER SIGNED DICTATED COMMENT COMMENTS
        """)

    private static func codes(_ words: String) -> Set<[Skeleton.Code]> {
        Set(words.split(separator: " ").map { Skeleton.codes(TextFolding.scalars(String($0))) })
    }

    private static func hasLabel(_ line: LineText) -> Bool {
        for (index, word) in line.words.enumerated() {
            if word.letters.count >= 3, labels.contains(word.codes) { return true }
            // `D.O.B.`
            guard word.letters.count == 1, index + 2 < line.words.count else { continue }
            let three = line.words[index...index + 2]
            let isTight = (three.last?.range.upperBound ?? 0) - word.range.lowerBound <= 7
            if isTight, three.allSatisfy({ $0.letters.count == 1 }),
                labels.contains(Skeleton.codes(three.flatMap(\.letters)))
            {
                return true
            }
        }
        return false
    }

    // MARK: - Record numbers

    /// Words before a number of any length that make it somebody's number.
    private static let numberLabels: Set<[Skeleton.Code]> = codes(
        """
        ID PID PAT PT MR MRN ACC ACCESSION CASE EXAM EX EXAMINATION STUDY UNIT HOSP HN UR URN VISIT ADM ADMISSION \
        ORDER REQ REQUEST REF RQ REG NO NR NUM NUMBER RM ROOM BED FILE CHART DOSSIER FALL AUFNR SN SERIAL STATION CASENO \
        PATNR PATID STUDYID EXAMNO REFNO ENC ENCOUNTER EPISODE SAMPLE SPECIMEN BARCODE
        """)

    private static func hasRecordNumber(_ line: LineText) -> Bool {
        for (index, word) in line.words.enumerated() {
            if isMixedIdentifier(word) { return true }
            guard word.letters.count >= 2, !word.isDigitsOnly, numberLabels.contains(word.codes) else { continue }
            if line.words.dropFirst(index + 1).prefix(3).contains(where: hasDigit) { return true }
            // `ID:` with nothing legible behind it.
            let next = line.scalars.dropFirst(word.range.upperBound).first { $0 != Ascii.space }
            if word.letters.count <= 4, next == Ascii.colon || next == 0x23 { return true }
        }
        return line.words.contains { joinedLabel($0) }
    }

    /// `MRN12345`, `ID77`
    private static func joinedLabel(_ word: LineText.Word) -> Bool {
        let head = word.letters.prefix { Ascii.isUpper($0) }
        guard head.count >= 2, head.count < word.letters.count else { return false }
        return word.letters.dropFirst(head.count).allSatisfy(Ascii.isDigit)
            && numberLabels.contains(Skeleton.codes(head))
    }

    private static func hasDigit(_ word: LineText.Word) -> Bool { word.letters.contains(where: Ascii.isDigit) }

    /// Letters and figures in one word that no unit explains: `A12345`, `RJZ1234567`, `7H4421`.
    private static func isMixedIdentifier(_ word: LineText.Word) -> Bool {
        let digits = word.letters.count(where: Ascii.isDigit)
        guard digits >= 4, digits < word.letters.count else { return false }
        let head = word.letters.prefix { Ascii.isUpper($0) }
        let tail = word.letters.drop { Ascii.isUpper($0) }.drop { Ascii.isDigit($0) }
        let isQuantity = tail.allSatisfy(Ascii.isUpper) && digits <= 5
        // `TR2000`, `5000MS`, `W400L40`: known labels and units around up to five figures.
        if isQuantity, head.isEmpty, TechnicalVocabulary.units.contains(TextFolding.text(Array(tail))) { return false }
        if isQuantity, tail.isEmpty, TechnicalVocabulary.parameters.contains(TextFolding.text(Array(head))) {
            return false
        }
        return true
    }

    // MARK: - Postcodes, e-mail, addresses on the web

    /// Area and district, then a figure and two letters (BS 7666): `SW1A 1AA`, `EH1 3EG`, `M1 1AE`.
    private static func hasPostcode(_ line: LineText) -> Bool {
        for (index, word) in line.words.enumerated() {
            if isPostcode(outward: word.letters.dropLast(3), inward: word.letters.suffix(3)) { return true }
            guard index + 1 < line.words.count else { continue }
            let next = line.words[index + 1]
            let gap = next.range.lowerBound - word.range.upperBound
            if gap <= 2, next.letters.count == 3, isPostcode(outward: word.letters[...], inward: next.letters[...]) {
                return true
            }
        }
        return false
    }

    private static func isPostcode(outward: ArraySlice<UInt32>, inward: ArraySlice<UInt32>) -> Bool {
        guard (2...4).contains(outward.count), inward.count == 3, let figure = inward.first,
            Ascii.digit(figure) != nil
        else { return false }
        let excluded: Set<UInt32> = [0x43, 0x49, 0x4B, 0x4D, 0x4F, 0x56]  // C I K M O V
        guard inward.dropFirst().allSatisfy({ Ascii.isUpper($0) && !excluded.contains($0) }) else { return false }
        let area = outward.prefix(2).prefix { Ascii.isUpper($0) }
        guard !area.isEmpty else { return false }
        let shapes = area.count == 2 && outward.count > 2 ? [1, 2] : [1]
        guard
            shapes.contains(where: { length in
                let district = outward.dropFirst(length)
                guard let first = district.first, district.count <= 2, Ascii.digit(first) != nil else { return false }
                return district.dropFirst().allSatisfy(Ascii.isAlphanumeric)
            })
        else { return false }
        return Ascii.isDigit(figure) || outward.contains(where: Ascii.isDigit)
    }

    private static func hasEmail(_ line: LineText) -> Bool {
        line.scalars.indices.contains { index in
            guard line.scalars[index] == Ascii.at, index > 0, index + 1 < line.scalars.count else { return false }
            return Ascii.isAlphanumeric(line.scalars[index - 1]) && Ascii.isAlphanumeric(line.scalars[index + 1])
        }
    }

    private static let webWords: Set<[UInt32]> = Set(["WWW", "HTTP", "HTTPS"].map(TextFolding.scalars))

    private static func hasURL(_ line: LineText) -> Bool {
        line.words.contains { webWords.contains($0.letters) }
    }

    // MARK: - Age

    private static let years: Set<[UInt32]> = Set(
        ["Y", "YO", "YR", "YRS", "YEAR", "YEARS", "JAHRE", "JAHR", "ANS", "ANNI", "ANOS", "JAAR"].map(
            TextFolding.scalars))
    private static let sexes: Set<[UInt32]> = Set(["M", "F", "MALE", "FEMALE", "W"].map(TextFolding.scalars))

    /// `45Y`, `045Y`, `45 yrs`, `M 45`, `45/F`
    private static func hasAge(_ tokens: [NumberTokens.Token]) -> Bool {
        for (index, token) in tokens.enumerated() {
            guard let digits = token.digits, (1...3).contains(digits.count) else { continue }
            if index + 1 < tokens.count, case .word(let next) = tokens[index + 1].content,
                tokens[index + 1].gap.count <= 1, years.contains(next)
            {
                return true
            }
            let isWhole = tokens.count == 2 && digits.count >= 2
            if isWhole,
                tokens.contains(where: { if case .word(let word) = $0.content { sexes.contains(word) } else { false } })
            {
                return true
            }
        }
        return false
    }
}

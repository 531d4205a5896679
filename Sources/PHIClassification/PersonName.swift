/// The parts of one PN value that may stand in a picture (PS3.5 6.2.1).
struct PersonName: Sendable {
    /// One part as it may be written, folded.
    struct Part: Hashable, Sendable {
        var letters: [UInt32]
        /// Family or given name, rather than a middle name or a title.
        var isMain: Bool
        /// 0 family, 1 given, 2 middle …
        var component: Int
    }

    private(set) var parts: Set<Part> = []
    /// Whole names in the orders in which they are written without a space, folded.
    private(set) var joined: Set<[UInt32]> = []

    /// Reads a raw value: several names by `\`, groups by `=`, components by `^`.
    init(_ raw: String) {
        for name in raw.unicodeScalars.split(separator: "\\") {
            for group in name.split(separator: "=") {
                let components = group.split(separator: "^", omittingEmptySubsequences: false).map { String($0) }
                addGroup(components)
            }
        }
    }

    private mutating func addGroup(_ components: [String]) {
        for umlauts in [TextFolding.Umlauts.base, .expanded] {
            let folded = components.map { TextFolding.fold($0, umlauts: umlauts) }
            for (index, component) in folded.enumerated() where index < 5 {
                addComponent(component, index)
                addComponent(Self.contracted(component), index)
            }
            addJoined(folded)
        }
    }

    /// `MUELLER` is also looked for as `MULLER`.
    private static func contracted(_ letters: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        for letter in letters {
            if letter == Ascii.letterE, let last = result.last, last == 0x55 || last == 0x4F { continue }
            result.append(letter)
        }
        return result
    }

    private mutating func addComponent(_ component: [UInt32], _ index: Int) {
        let compact = Self.lettersOnly(component)
        guard !compact.isEmpty else { return }
        let words = component.split { !Self.isPart($0) && $0 != Ascii.apostrophe }
        for word in words {
            let whole = Self.lettersOnly(Array(word))
            insert(whole, index, isPartOfSeveral: words.count > 1)
            let pieces = word.split(separator: Ascii.apostrophe)
            guard pieces.count > 1 else { continue }
            // The O of O'BRIEN is no name; BRIEN is.
            for piece in pieces where piece.count >= 3 { insert(Array(piece), index, isPartOfSeveral: true) }
        }
        if words.count > 1 { insert(compact, index, isPartOfSeveral: false) }
    }

    private mutating func insert(_ letters: [UInt32], _ index: Int, isPartOfSeveral: Bool) {
        let text = TextFolding.text(letters)
        if NameVocabulary.titles.contains(text), index >= 3 || isPartOfSeveral { return }
        if isPartOfSeveral, NameVocabulary.particles.contains(text) { return }
        if index >= 3, letters.count < 3 { return }
        parts.insert(Part(letters: letters, isMain: index < 2, component: index))
    }

    private mutating func addJoined(_ components: [[UInt32]]) {
        let names = components.prefix(3).map(Self.lettersOnly).filter { !$0.isEmpty }
        guard let family = names.first, names.count > 1 else { return }
        for given in names.dropFirst() {
            joined.insert(family + given)
            joined.insert(given + family)
            joined.insert(family + given.prefix(1))
            joined.insert(given.prefix(1) + family)
        }
        if names.count == 3 {
            joined.insert(names[1] + names[2] + family)
            joined.insert(family + names[1] + names[2])
        }
    }

    private static func isPart(_ scalar: UInt32) -> Bool {
        Ascii.isAlphanumeric(scalar) || LineText.isForeignLetter(scalar)
    }

    private static func lettersOnly(_ letters: [UInt32]) -> [UInt32] { letters.filter(isPart) }
}

/// Words around names.
enum NameVocabulary {
    static let titles: Set<String> = [
        "DR", "MR", "MRS", "MS", "MISS", "PROF", "PROFESSOR", "DOCTOR", "SIR", "LADY", "LORD", "REV", "HERR", "FRAU",
        "MME", "MLLE", "SIG", "SRA", "SR", "JR", "MD", "PHD", "FRCR", "FRCP", "MBBS", "RN", "DDS", "DO", "DVM", "DVR",
        "SIGNOR", "SIGNORA", "DHR", "MEVR", "MONSIEUR", "MADAME", "SENOR", "SENORA", "MASTER", "BABY", "DRMED", "II",
        "III", "IV",
    ]
    static let particles: Set<String> = [
        "VAN", "VON", "DE", "DER", "DEN", "DEL", "DI", "DA", "DO", "DOS", "DAS", "DU", "LA", "LE", "EL", "AL", "BIN",
        "BINT", "IBN", "TEN", "TER", "ZU", "ZUM", "ZUR", "UND", "AND", "Y", "E", "OF", "THE", "ST", "MC", "MAC", "SAN",
        "O", "D", "L", "OP", "AF", "AV",
    ]
}

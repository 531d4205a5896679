/// Brings text to one spelling: upper case, no diacritics or points, plain punctuation, full-width forms as ASCII.
/// The result is a list of Unicode scalar values, since matching goes by position and never by grapheme.
package enum TextFolding {
    /// How an umlaut is written without its dots.
    struct Umlauts: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let a = Umlauts(rawValue: 1)
        static let o = Umlauts(rawValue: 2)
        static let u = Umlauts(rawValue: 4)
        static let ring = Umlauts(rawValue: 8)
        static let stroke = Umlauts(rawValue: 16)
        /// `Ü` → `U`
        static let base: Umlauts = []
        /// `Ü` → `UE`, as German names are written in ASCII; `Å` → `AA`, `Ø` → `OE`
        static let expanded: Umlauts = [.a, .o, .u, .ring, .stroke]
    }

    static func fold(_ text: String, umlauts: Umlauts = .base) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            append(scalar, umlauts, to: &result)
        }
        return result
    }

    /// How a text is written where there are no marks on letters, `MULLER` and `MUELLER` for `Müller`, `ΠΑΠΠΑΣ` for `Παππάς`;
    /// each letter for itself: `ODEGAARD` for `Ødegård`; nothing for ASCII.
    package static func spellings(of text: String) -> Set<String> {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return [] }
        var umlauts: Umlauts = []
        for scalar in text.unicodeScalars {
            if scalar.value == 0x0308 { umlauts.formUnion([.a, .o, .u]) }
            if let expansion = expansions[scalar.value] { umlauts.insert(expansion.of) }
        }
        // All subsets of those that are there, from the whole down to none.
        var spellings: Set<String> = []
        var subset = umlauts.rawValue
        while true {
            spellings.insert(self.text(fold(text, umlauts: Umlauts(rawValue: subset))))
            guard subset > 0 else { return spellings }
            subset = (subset - 1) & umlauts.rawValue
        }
    }

    static func text(_ letters: [UInt32]) -> String {
        String(String.UnicodeScalarView(letters.compactMap(Unicode.Scalar.init)))
    }

    private static func append(_ scalar: Unicode.Scalar, _ umlauts: Umlauts, to result: inout [UInt32]) {
        let value = scalar.value
        switch value {
        case 0x61...0x7A: result.append(value - 32)
        case 0x21...0x5F, 0x7B...0x7E: result.append(value)
        case 0x60, 0xB4, 0x2018, 0x2019, 0x201B, 0x2032, 0x02BC, 0xFF07: result.append(Ascii.apostrophe)
        case 0...0x20, 0x7F...0xA0, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: result.append(Ascii.space)
        case 0x200B...0x200F, 0x2060, 0xFEFF, 0xAD: break
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFF0D: result.append(Ascii.hyphen)
        case 0x0308 where !umlauts.isDisjoint(with: [.a, .o, .u]):
            let letter: Umlauts =
                switch result.last {
                case 0x41: .a
                case 0x4F: .o
                case 0x55: .u
                default: []
                }
            if !umlauts.isDisjoint(with: letter) { result.append(Ascii.letterE) }
        case 0x0300...0x036F, 0x0591...0x05C7, 0x0640, 0x064B...0x065F, 0x0670: break
        case 0xFF01...0xFF5E: append(Unicode.Scalar(UInt8(value - 0xFEE0)), umlauts, to: &result)
        case 0xC0...0x24F, 0x1E00...0x1EFF: appendLatin(scalar, umlauts, to: &result)
        default:
            for capital in scalar.properties.uppercaseMapping.unicodeScalars
            where !(0x0300...0x036F).contains(capital.value) {
                result.append(unmarked[capital.value] ?? capital.value)
            }
        }
    }

    /// Greek capitals have no accents where only capitals are written, Ё and the Alefs are often written plainly.
    private static let unmarked = Dictionary(
        uniqueKeysWithValues: zip(scalars("ΆΈΉΊΌΎΏΪΫЁآأإٱ"), scalars("ΑΕΗΙΟΥΩΙΥЕاااا")))

    private static func appendLatin(_ scalar: Unicode.Scalar, _ umlauts: Umlauts, to result: inout [UInt32]) {
        let value = scalar.value
        if !umlauts.isEmpty, let expansion = expansions[value], umlauts.contains(expansion.of) {
            result.append(contentsOf: expansion.letters)
            return
        }
        if let pair = ligatures[value] {
            result.append(contentsOf: pair)
            return
        }
        let base = value < 0x1E00 ? latin[Int(value - 0xC0)] : latinAdditional[Int(value - 0x1E00)]
        result.append(base == Ascii.full ? value : base)
    }

    private static let expansions: [UInt32: (of: Umlauts, letters: [UInt32])] = [
        0xC4: (.a, scalars("AE")), 0xE4: (.a, scalars("AE")), 0xD6: (.o, scalars("OE")), 0xF6: (.o, scalars("OE")),
        0xDC: (.u, scalars("UE")), 0xFC: (.u, scalars("UE")), 0xC5: (.ring, scalars("AA")),
        0xE5: (.ring, scalars("AA")), 0xD8: (.stroke, scalars("OE")), 0xF8: (.stroke, scalars("OE")),
    ]

    private static let ligatures: [UInt32: [UInt32]] = [
        0xC6: scalars("AE"), 0xE6: scalars("AE"), 0xDF: scalars("SS"), 0x1E9E: scalars("SS"), 0x152: scalars("OE"),
        0x153: scalars("OE"), 0xDE: scalars("TH"), 0xFE: scalars("TH"), 0x132: scalars("IJ"), 0x133: scalars("IJ"),
    ]

    /// The Latin capitals that look like these Cyrillic or Greek ones; nil where one has none.
    static func latinLikes(of letters: [UInt32]) -> [UInt32]? {
        var result: [UInt32] = []
        for letter in letters {
            guard let like = Ascii.isAlphanumeric(letter) ? letter : likes[letter] else { return nil }
            result.append(like)
        }
        return result
    }

    private static let likes = Dictionary(
        uniqueKeysWithValues: zip(
            scalars("АВЕЁЗКМНОРСТУХІЇЈЅҮЬ") + scalars("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"),
            scalars("ABEE3KMHOPCTYXIIJSYB") + scalars("ABEZHIKMNOPTYX")))

    static func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    /// Base letters of U+00C0–U+024F; `.` has none, `+` is a ligature.
    private static let latin = scalars(
        "AAAAAA+CEEEEIIIIDNOOOOO.OUUUUY++AAAAAA+CEEEEIIIIDNOOOOO.OUUUUY+YAAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGG"
            + "HHHHIIIIIIIIII++JJKKKLLLLLL..LLNNNNNNNNNOOOOOO++RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZSB......."
            + ".......E..FG...I..L.....OO.............UU....ZZ......................AAIIOOUUUUUUUUUUEAAAA..GGGGKKOO"
            + "OO..J...GG..NNAA....AAAAEEEEIIIIOOOORRRRUUUUSSTT..HH......AAEEOOOOOOOOYY......ACCLT....B............"
    )
    /// Base letters of U+1E00–U+1EFF.
    private static let latinAdditional = scalars(
        "AABBBBBBCCDDDDDDDDDDEEEEEEEEEEFFGGHHHHHHHHHHIIIIKKKKKKLLLLLLLLMMMMMMNNNNNNNNOOOOOOOOPPPPRRRRRRRRSSSS"
            + "SSSSSSTTTTTTTTUUUUUUUUUUVVVVWWWWWWWWWWXXXXYYZZZZZZHTWY.S..+."
            + "AAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEEEEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUUUUYYYYYYYY......")
}

/// The ASCII characters that rules look at, as scalar values.
enum Ascii {
    static let space: UInt32 = 0x20
    static let apostrophe: UInt32 = 0x27
    static let hyphen: UInt32 = 0x2D
    static let full: UInt32 = 0x2E
    static let slash: UInt32 = 0x2F
    static let colon: UInt32 = 0x3A
    static let comma: UInt32 = 0x2C
    static let at: UInt32 = 0x40
    static let letterE: UInt32 = 0x45

    static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }
    static func isUpper(_ scalar: UInt32) -> Bool { (0x41...0x5A).contains(scalar) }
    static func isAlphanumeric(_ scalar: UInt32) -> Bool { isDigit(scalar) || isUpper(scalar) }

    /// The digit that a recogniser may have meant, or nil.
    static func digit(_ scalar: UInt32) -> UInt8? {
        if isDigit(scalar) { return UInt8(scalar - 0x30) }
        switch scalar {
        case 0x4F, 0x44, 0x51: return 0  // O D Q
        case 0x49, 0x4C, 0x7C, 0x21: return 1  // I L | !
        case 0x5A: return 2
        case 0x53, 0x24: return 5  // S $
        case 0x47: return 6
        case 0x42: return 8
        default: return nil
        }
    }
}

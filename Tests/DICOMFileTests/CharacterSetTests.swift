import DICOMFile
import DICOMModel
import TestSupport
import Testing

/// Names from PS3.5 annexes H to K, and from pydicom's tests, which take theirs from David Clunie's examples.
@Suite struct `Character sets` {
    struct Example: Sendable, CustomTestStringConvertible {
        let terms: [String]
        let bytes: [UInt8]
        let text: String
        var testDescription: String { terms.joined(separator: "\\") }

        init(_ terms: String, _ latin1: String, _ text: String) {
            self.terms = terms.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
            bytes = latin1.unicodeScalars.map { UInt8($0.value) }
            self.text = text
        }
    }

    static let examples = [
        Example(
            "\\ISO 2022 IR 87",
            "Yamada^Tarou=\u{1B}$B;3ED\u{1B}(B^\u{1B}$BB@O:\u{1B}(B=\u{1B}$B$d$^$@\u{1B}(B^\u{1B}$B$?$m$&\u{1B}(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        Example(
            "ISO 2022 IR 13\\ISO 2022 IR 87",
            "\u{D4}\u{CF}\u{C0}\u{DE}^\u{C0}\u{DB}\u{B3}=\u{1B}$B;3ED\u{1B}(J^\u{1B}$BB@O:\u{1B}(J"
                + "=\u{1B}$B$d$^$@\u{1B}(J^\u{1B}$B$?$m$&\u{1B}(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
        Example(
            "\\ISO 2022 IR 149",
            "Hong^Gildong=\u{1B}$)C\u{FB}\u{F3}^\u{1B}$)C\u{D1}\u{CE}\u{D4}\u{D7}"
                + "=\u{1B}$)C\u{C8}\u{AB}^\u{1B}$)C\u{B1}\u{E6}\u{B5}\u{BF}",
            "Hong^Gildong=洪^吉洞=홍^길동"),
        Example(
            "\\ISO 2022 IR 58", "Zhang^XiaoDong=\u{1B}$)A\u{D5}\u{C5}^\u{1B}$)A\u{D0}\u{A1}\u{B6}\u{AB}=",
            "Zhang^XiaoDong=张^小东="),
        Example("GB18030", "Wang^XiaoDong=\u{CD}\u{F5}^\u{D0}\u{A1}\u{B6}\u{AB}=", "Wang^XiaoDong=王^小东="),
        Example("GBK", "Wang^XiaoDong=\u{CD}\u{F5}^\u{D0}\u{A1}\u{B6}\u{AB}=", "Wang^XiaoDong=王^小东="),
        Example(
            "ISO_IR 192", "Wang^XiaoDong=\u{E7}\u{8E}\u{8B}^\u{E5}\u{B0}\u{8F}\u{E6}\u{9D}\u{B1}=",
            "Wang^XiaoDong=王^小東="),
        Example("ISO_IR 100", "Buc^J\u{E9}r\u{F4}me", "Buc^Jérôme"),
        Example("ISO_IR 101", "W\u{B3}ast\u{F3}w", "Włastów"),
        Example("ISO_IR 109", "\u{A1}ag\u{FD}a", "Ħagŭa"),
        Example("ISO_IR 110", "\u{A9}\u{E7}\u{BF}", "Šįŋ"),
        Example("ISO_IR 144", "\u{BB}\u{EE}\u{DA}ce\u{DC}\u{D1}yp\u{D3}", "Люкceмбypг"),
        Example(
            "ISO_IR 127", "\u{E2}\u{C8}\u{C7}\u{E6}\u{EA}^\u{E4}\u{E6}\u{D2}\u{C7}\u{D1}",
            "\u{642}\u{628}\u{627}\u{646}\u{64A}^\u{644}\u{646}\u{632}\u{627}\u{631}"),
        Example("ISO_IR 126", "\u{C4}\u{E9}\u{EF}\u{ED}\u{F5}\u{F3}\u{E9}\u{EF}\u{F2}", "Διονυσιος"),
        Example(
            "ISO_IR 138", "\u{F9}\u{F8}\u{E5}\u{EF}^\u{E3}\u{E1}\u{E5}\u{F8}\u{E4}",
            "\u{5E9}\u{5E8}\u{5D5}\u{5DF}^\u{5D3}\u{5D1}\u{5D5}\u{5E8}\u{5D4}"),
        Example("ISO_IR 148", "\u{C7}avu\u{FE}o\u{F0}lu", "Çavuşoğlu"),
        Example("ISO_IR 203", "\u{A4}\u{BC}", "€Œ"),
        Example("ISO_IR 166", "\u{CA}\u{C1}\u{AA}\u{D2}\u{C2}", "\u{E2A}\u{E21}\u{E0A}\u{E32}\u{E22}"),
        Example("ISO_IR 13", "\u{D4}\u{CF}\u{C0}\u{DE}", "ﾔﾏﾀﾞ"),
        Example(
            "ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126",
            "Dionysios=\u{1B}-F\u{C4}\u{E9}\u{EF}\u{ED}\u{F5}\u{F3}\u{E9}\u{EF}\u{F2}=J\u{E9}r\u{F4}me",
            "Dionysios=Διονυσιος=Jérôme"),
    ]

    @Test(arguments: examples)
    func `the standard's examples are decoded`(example: Example) {
        let set = SpecificCharacterSet(terms: example.terms)
        #expect(set.isKnown)
        #expect(Array(set.decode(example.bytes, vr: .pn).unicodeScalars) == Array(example.text.unicodeScalars))
    }

    @Test(arguments: examples)
    func `the standard's examples are encoded so that they decode again`(example: Example) throws {
        let set = SpecificCharacterSet(terms: example.terms)
        let bytes = try #require(set.encode(example.text))
        #expect(Array(set.decode(bytes, vr: .pn).unicodeScalars) == Array(example.text.unicodeScalars))
        if !example.terms.contains(where: { $0.contains("IR 13") }) { #expect(bytes == example.bytes) }
    }

    @Test func `what a character set lacks is not encoded`() {
        #expect(SpecificCharacterSet.default.encode("Jérôme") == nil)
        #expect(SpecificCharacterSet(terms: ["ISO_IR 100"]).encode("山田") == nil)
        #expect(SpecificCharacterSet(terms: ["nonsense"]).encode("é") == nil)
    }

    @Test func `a backslash inside a double-byte character divides nothing`() throws {
        // GB18030: U+4E57 is 81 5C, whose second byte is a backslash; U+5C4F is C6 C1.
        let value: [UInt8] = [0x81, 0x5C, 0x5C, 0xC6, 0xC1]
        var dataSet = DataSet(characterSet: SpecificCharacterSet(terms: ["GB18030"]))
        dataSet[.patientID] = DataElement(tag: .patientID, vr: .lo, bytes: value)
        #expect(dataSet.strings(.patientID) == ["乗", "屏"])
    }

    @Test func `any bytes in any character set give a text`() {
        var generator = SeededGenerator(seed: 7)
        for example in Self.examples + [Example("", "", ""), Example("\\ISO 2022 IR 159", "", "")] {
            let set = SpecificCharacterSet(terms: example.terms)
            for _ in 0..<200 {
                let escapes: [UInt8] = [0x1B, 0x24, 0x42, 0x28, 0x29, 0x5C, 0x5E]
                let bytes = (0..<40).map { _ in
                    Bool.random(using: &generator)
                        ? UInt8.random(in: 0...255, using: &generator) : escapes.randomElement(using: &generator) ?? 0
                }
                let text = set.decode(bytes, vr: .pn)
                #expect(text.utf8.count <= 200)
                _ = set.encode(text)
            }
        }
    }

    @Test func `a name is divided into groups and components`() {
        let name = PersonName("Yamada^Tarou^^Dr.=山田^太郎=やまだ^たろう ")
        #expect(name.alphabetic.components == ["Yamada", "Tarou", "", "Dr."])
        #expect(name.alphabetic.prefix == "Dr.")
        #expect(name.ideographic.familyName == "山田")
        #expect(name.phonetic.givenName == "たろう")
        #expect("\(name)" == "‹redacted›")
        #expect(PersonName("").alphabetic.isEmpty)
    }
}

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

struct ResidualSweepTests {
    private let keptText = Tag(0x0018, 0x0024)  // Sequence Name, which no rule touches

    private func original(name: String, characterSet: [String] = [], encoded: [UInt8]? = nil) throws -> DICOMObject {
        let made = object([
            DataElement(tag: .specificCharacterSet, vr: .cs, bytes: Array(characterSet.joined(separator: "\\").utf8)),
            DataElement(tag: .patientName, vr: .pn, bytes: encoded ?? Array(name.utf8)),
            DataElement(tag: .patientID, vr: .lo, ascii: "PAT-4711"),
            DataElement(tag: .accessionNumber, vr: .sh, ascii: "70012345"),
            DataElement(tag: .studyDate, vr: .da, ascii: Canary.date),
            DataElement(tag: Tag(0x0008, 0x0080), vr: .lo, ascii: "Northgate Infirmary"),
            DataElement(tag: .studyInstanceUID, vr: .ui, ascii: Canary.uid),
        ])
        return try DICOMObject.read(MemoryByteSource(try made.serialized()))
    }

    /// What the sweep says of a result in which `bytes` were left.
    private func residuals(
        _ bytes: [UInt8], vr: VR = .sh, tag: Tag? = nil, of original: DICOMObject
    ) throws -> [Residual] {
        var leaking = original
        _ = try deidentifier.deidentify(&leaking, pixels: .noPixels)
        leaking.dataSet[tag ?? keptText] = DataElement(tag: tag ?? keptText, vr: vr, bytes: bytes)
        return try ResidualSweep(original: original).residuals(in: MemoryByteSource(try leaking.serialized()))
    }

    @Test(arguments: [
        "OBRIAN", "x obrian", "Fitzwilliam", "afitzwilliamb", "PAT-4711", "no 70012345", "23.11.1987", "11/23/1987",
        "1987-11-23", "19871123", "19871123112233", "23 nov 1987", "northgate infirmary",
        "1.2.826.0.1.3680043.77.1987.4711",
    ])
    func `a leak of a name, an id, an address, a date or a UID blocks`(_ leak: String) throws {
        let original = try original(name: "Fitzwilliam^Obrian")
        #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking })
    }

    @Test(arguments: [
        "23 November 1987", "November 23, 1987", "23rd nov 1987", "23-NOV-87", "23/11/87", "11/23/87",
        "1987-11-23T10:15",
        "at 11:22:33", "PAT4711", "020 7946 0018", "02079460018", "12 Harrow Lane", "AB1 2CD", "ab12cd", "9434765919",
        "943 476 5919", "943-476-5919", "943 476  5919", "943  476  5919", "943.476.5919",
    ])
    func `a leak in another way of writing blocks`(_ leak: String) throws {
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[Tag(0x0008, 0x0030)] = DataElement(tag: Tag(0x0008, 0x0030), vr: .tm, ascii: "112233")
        original.dataSet[Tag(0x0010, 0x1000)] = DataElement(tag: Tag(0x0010, 0x1000), vr: .lo, ascii: "943 476 5919")
        original.dataSet[Tag(0x0010, 0x1040)] = DataElement(
            tag: Tag(0x0010, 0x1040), vr: .lo, ascii: "12 Harrow Lane, Northgate, AB1 2CD")
        original.dataSet[Tag(0x0010, 0x2154)] = DataElement(
            tag: Tag(0x0010, 0x2154), vr: .sh, ascii: "+44 20 7946 0018")
        original.dataSet[Tag(0x0008, 0x0092)] = DataElement(tag: Tag(0x0008, 0x0092), vr: .st, ascii: "020 7946 0018")
        #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking }, "\(leak)")
    }

    @Test(arguments: [
        ("O'Brien^Ada", "OBRIEN"), ("O'Ng^Al", "al o'ng"), ("Smith-Jones^Ada", "smithjones"),
        ("MC DONALD^ANN", "pt mcdonald"), ("van der Aa^Ann", "vanderaa"), ("Smith^Ada", "asmith"),
        ("Smith^Ada", "SmithA_T1"),
        ("M\u{FC}ller^J\u{F6}rg", "MULLER"),
        ("M\u{FC}ller^J\u{F6}rg", "mueller"), ("G\u{F8}ransson^Ada", "Goransson"), ("Wei\u{DF}mann^Ada", "WEISSMANN"),
    ])
    func `a name without its signs, marks and blanks, or with an initial, blocks`(_ name: String, _ leak: String) throws
    {
        let original = try original(name: name, characterSet: ["ISO_IR 192"])
        #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking }, "\(leak)")
    }

    @Test(arguments: [
        ("HX-99231", "HX 99231"), ("HX-99231", "HX/99231"), ("HX99231", "hx-99231"), ("0099231", "99231"),
        ("HX-0099231", "HX99231"), ("HX0099231", "HX 99231"),
    ])
    func `an id with other signs, or without its zeros, blocks`(_ id: String, _ leak: String) throws {
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[.patientID] = DataElement(tag: .patientID, vr: .lo, bytes: Array(id.utf8))
        #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking }, "\(leak)")
    }

    @Test(arguments: ["3/2/41", "2/3/41", "3-Feb-41", "3 feb 41", "Feb 03 1941", "February 03, 1941", "03-FEB-41"])
    func `a date without its zeros, with a short year, blocks`(_ leak: String) throws {
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[Tag(0x0010, 0x0030)] = DataElement(tag: Tag(0x0010, 0x0030), vr: .da, ascii: "19410203")
        #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking }, "\(leak)")
        #expect(try residuals(Array("13/2/41".utf8), of: original) == [])
    }

    @Test func `hours and minutes are told, and prove nothing by themselves`() throws {
        for time in ["112233", "1122"] {
            var original = try original(name: "Fitzwilliam^Obrian")
            original.dataSet[Tag(0x0008, 0x0030)] = DataElement(
                tag: Tag(0x0008, 0x0030), vr: .tm, bytes: Array(time.utf8))
            #expect(try residuals(Array("11:22".utf8), of: original).map(\.isBlocking) == [false])
        }
    }

    @Test(arguments: [
        (Tag(0x0010, 0x1090), VR.lo, "Cellar, shelf 9b", "Cellar, shelf 9b"),
        (Tag(0x0088, 0x0910), .lo, "Ada Quartermaine", "Quartermaine"),
        (Tag(0x0016, 0x004D), .ut, "Quartermaine, Ada", "QUARTERMAINE"),
        (Tag(0x2200, 0x0005), .lt, "H2024-0815", "h2024-0815"),
        (Tag(0x2200, 0x0002), .ut, "H24-4711 A1", "H24-4711 A1"),
        (Tag(0x0032, 0x0012), .lo, "Northwold Trust", "Northwold Trust"),
    ])
    func `rows of the table that name somebody or something by other words are gathered`(
        _ tag: Tag, _ vr: VR, _ value: String, _ leak: String
    ) throws {
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[tag] = DataElement(tag: tag, vr: vr, bytes: Array(value.utf8))
        #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking }, "\(leak)")
    }

    @Test func `a mapped UID that begins as the 25th of February is written is no date`() throws {
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[.studyDate] = DataElement(tag: .studyDate, vr: .da, ascii: "20250225")
        let uid = Array("2.25.202519873204655013349217883410276600123".utf8)
        #expect(try residuals(uid, vr: .ui, tag: Tag(0x0008, 0x0117), of: original) == [])
        for leak in ["2.25.2025", "2.25.2025101530", "20250225101530123456"] {
            #expect(try residuals(Array(leak.utf8), of: original).contains { $0.isBlocking }, "\(leak)")
        }
    }

    @Test func `two letters of a name block where a name is meant`() throws {
        let original = try original(name: "NG^AL")
        let operators = Tag(0x0008, 0x1070)
        #expect(try residuals(Array("Ng".utf8), vr: .pn, tag: operators, of: original).contains { $0.isBlocking })
        #expect(try residuals(Array("Q7NG2".utf8), vr: .pn, tag: operators, of: original) == [], "a pseudonym's")
        let titled = try self.original(name: "Fitzwilliam^Obrian^^MR")
        #expect(
            try residuals(Array("MR_001".utf8), vr: .pn, tag: operators, of: titled).allSatisfy { !$0.isBlocking })
    }

    @Test func `a bare time blocks where a time is meant and is weak elsewhere`() throws {
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[Tag(0x0008, 0x0030)] = DataElement(tag: Tag(0x0008, 0x0030), vr: .tm, ascii: "112233")
        #expect(try residuals(Array("112233".utf8), of: original).map(\.isBlocking) == [false])
        let inTime = try residuals(Array("112233.5".utf8), vr: .tm, tag: Tag(0x0018, 0x1014), of: original)
        #expect(inTime.contains { $0.isBlocking })
        #expect(try residuals(Array("23.11.87".utf8), of: original).allSatisfy { !$0.isBlocking })
    }

    @Test func `a leak in Pixel Data is found, across chunks as well, and short ones are samples`() throws {
        let original = try original(name: "Fitzwilliam^Obrian")
        for place in [0, (1 << 20) - 5, (1 << 21) - 11] {
            var pixels = [UInt8](repeating: 7, count: 1 << 21)
            pixels.replaceSubrange(place..<place + 11, with: Array("FITZWILLIAM".utf8))
            let found = try residuals(pixels, vr: .ob, tag: .pixelData, of: original)
            #expect(found.map(\.description) == ["person-name in (7FE0,0010) OB"])
        }
        #expect(try residuals(Array("OBRIAN".utf8), vr: .ob, tag: .pixelData, of: original) == [])
    }

    @Test(arguments: [
        "cobriant", "170012345", "7001234", "119871123", "0.70012345", "1.2.826.0.1.3680043.77.1987.47110",
    ])
    func `part of another word or number is none`(_ text: String) throws {
        let original = try original(name: "Fitzwilliam^Obrian")
        #expect(try residuals(Array(text.utf8), of: original) == [])
    }

    @Test func `leaks are found in items, binary values and UTF-16`() throws {
        let original = try original(name: "Fitzwilliam^Obrian")
        let little = "Fitzwilliam".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = "Fitzwilliam".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [little, big, Array("FITZWILLIAM".utf8)] {
            #expect(try residuals(bytes, vr: .ob, tag: Tag(0x0028, 0x2000), of: original).contains { $0.isBlocking })
        }
        var leaking = original
        _ = try deidentifier.deidentify(&leaking, pixels: .noPixels)
        let item = DataSet(elements: [DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, ascii: "for obrian")])
        leaking.dataSet[Tag(0x0008, 0x2218)] = DataElement(tag: Tag(0x0008, 0x2218), items: [item])
        let found = try ResidualSweep(original: original).residuals(in: leaking)
        #expect(found.map(\.description) == ["person-name in (0008,2218)[0]/(0008,0104) LO"])
    }

    @Test func `leaks are found in preamble, File Meta Information and after the Data Set`() throws {
        let original = try original(name: "Fitzwilliam^Obrian")
        var leaking = original
        _ = try deidentifier.deidentify(&leaking, pixels: .noPixels)
        leaking.preamble = Array(("PAT-4711" + String(repeating: " ", count: 120)).utf8)
        leaking.fileMeta[Tag(0x0002, 0x0016)] = DataElement(tag: Tag(0x0002, 0x0016), vr: .ae, ascii: "OBRIAN")
        leaking.trailingBytes = ValueBytes(Array("fitzwilliam".utf8))
        let found = try ResidualSweep(original: original).residuals(in: leaking)
        #expect(found.filter(\.isBlocking).count == 3)
    }

    // PS3.5 H.3.1: the Japanese name of example 1 of annex H, bytes as the standard prints them.
    @Test func `an ideographic name is found in its own character set and in UTF-8`() throws {
        let yamada: [UInt8] = [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42]
        let tarou: [UInt8] = [0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x42]
        let original = try original(
            name: "", characterSet: ["", "ISO 2022 IR 87"],
            encoded: Array("Yamada^Tarou=".utf8) + yamada + [0x5E] + tarou)
        #expect(try residuals(yamada, vr: .lo, tag: Tag(0x0018, 0x1250), of: original).contains { $0.isBlocking })
        #expect(try residuals(Array("山田".utf8), vr: .lo, of: original).contains { $0.isBlocking })
        #expect(try residuals(Array("Suzuki".utf8), of: original) == [])
    }

    // Encoded by Python's codecs.
    @Test(arguments: [
        ("ISO_IR 192", "e5b1b1e794b05ee5a4aae9838e", "715c30752a59ce90"),  // 山田太郎, utf-16-le
        ("GB18030", "cdf55ed0a1b6ab", "cdf5d0a1b6ab"),  // 王小东, gb18030
        ("GB18030", "cdf55ed0a1b6ab", "5c0f4e1c"),  // 小东, utf-16-be
        ("\\ISO 2022 IR 149", "486f6e675e47696c646f6e673d1b242943c8ab5e1b242943b1e6b5bf", "c8abb1e6b5bf"),
        ("ISO_IR 166", "cac1aad2c25ee3a8b4d5", "cac1aad2c2"),  // สมชาย, iso8859_11
        ("ISO_IR 138", "f9f8e5ef5ee3e1e5f8e4", "f9f8e5ef"),  // שרון, iso8859_8
        ("ISO_IR 101", "5761b3ea73615ea375636a61", "a375636a61"),  // Łucja, iso8859_2
        ("ISO_IR 100", "536d6974685e416461", "736d697468"),  // smith, ascii
    ])
    func `a whole name or a part of it blocks in binary values, in every script`(
        _ characterSet: String, _ name: String, _ leak: String
    ) throws {
        func bytes(_ hexadecimal: String) throws -> [UInt8] { try #require([UInt8](hexadecimal: hexadecimal)) }
        let original = try original(
            name: "",
            characterSet: characterSet.split(separator: "\\", omittingEmptySubsequences: false).map(String.init),
            encoded: bytes(name))
        let blob = [1, 0] + (try bytes(leak)) + [0, 0, 2, 0]
        let profile = Tag(0x0028, 0x2000)
        #expect(try residuals(blob, vr: .ob, tag: profile, of: original).contains { $0.isBlocking })
        // Among very many bytes, four are there by chance.
        let long = blob + [UInt8](repeating: 0, count: 1 << 17)
        #expect(try residuals(long, vr: .ob, tag: profile, of: original) != [])
    }

    // Encoded by Python's codecs.
    @Test(arguments: [
        ("ISO_IR 192", "c398646567c3a572645ec3857365", "d8646567e57264"),  // Ødegård, latin1
        ("ISO_IR 192", "5761c582c49973615ec58175636a61", "5761b3ea7361"),  // Wałęsa, iso8859_2
        ("ISO_IR 144", "bbeedae1d5dcd1e3e0d35ec0ded7d0", "ebfeeaf1e5ece1f3f0e3"),  // люксембург, cp1251
        ("ISO_IR 192", "d982d8a8d8a7d986d98a5ed984d986d8b2d8a7d8b1", "e2c8c7e6ea"),  // قباني, iso8859_6
        ("ISO_IR 192", "e5b1b1e794b05ee5a4aae9838e", "91be9859"),  // 太郎, shift_jis
        ("ISO_IR 192", "e5b1b1e794b05ee5a4aae9838e", "1b24423b3345441b2842"),  // 山田, iso2022_jp
        ("ISO_IR 192", "e78e8b5ee5b08fe4b89c", "cdf5d0a1b6ab"),  // 王小东, gb18030
        ("ISO_IR 192", "ed998d5eeab8b8eb8f99", "c8abb1e6b5bf"),  // 홍길동, euc_kr
        ("ISO_IR 192", "cea0ceb1cf80ceaccf825ece86cf81ceb7cf82", "d0e1f0dcf2"),  // Παπάς, iso8859_7
    ])
    func `a name blocks in another encoding than the object names`(
        _ characterSet: String, _ name: String, _ leak: String
    ) throws {
        func bytes(_ hexadecimal: String) throws -> [UInt8] { try #require([UInt8](hexadecimal: hexadecimal)) }
        let original = try original(name: "", characterSet: [characterSet], encoded: bytes(name))
        let blob = [1, 0] + (try bytes(leak)) + [0, 0, 2, 0]
        #expect(try residuals(blob, vr: .ob, tag: Tag(0x0028, 0x2000), of: original).contains { $0.isBlocking })
    }

    @Test(arguments: [
        ("Ødegård^Åse", "Odegaard"), ("Ødegård^Åse", "Oedegard"), ("Odegaard^Ase", "Ødegård"), ("Ødegård^Åse", "AASE"),
        ("Smith^Ann", "the Smiths"), ("Smith^Ann", "smith's"), ("Smith^Ann", "S M I T H"), ("Smith^Ann", "s m i t h"),
        ("Großmann^Jürgen", "GROSSMANN"), ("Sæther^Kåre", "saether, kaare"),
    ])
    func `a name blocks as others write it`(_ name: String, _ leak: String) throws {
        let original = try original(name: name, characterSet: ["ISO_IR 192"])
        #expect(try residuals(Array(leak.utf8), vr: .lo, of: original).contains { $0.isBlocking })
    }

    @Test(arguments: ["smithson", "smithss", "x s m i t hx", "smi th"])
    func `what only begins like a name doesn't block`(_ text: String) throws {
        #expect(try residuals(Array(text.utf8), vr: .lo, of: original(name: "Smith^Ann")) == [])
    }

    @Test(arguments: [
        ("Παπαδόπουλος^Άρης", "ΠΑΠΑΔΟΠΟΥΛΟΣ"), ("ΠΑΠΑΔΟΠΟΥΛΟΣ^ΑΡΗΣ", "για Παπαδόπουλος"), ("Королёв^Пётр", "королев"),
        ("MULLER^JORG", "Müller"), ("MUELLER^JOERG", "Müller"), ("أحمد^قباني", "احمد"),
    ])
    func `a name with and without the marks on its letters blocks`(_ name: String, _ leak: String) throws {
        let original = try original(name: name, characterSet: ["ISO_IR 192"])
        #expect(try residuals(Array(leak.utf8), vr: .lo, of: original).contains { $0.isBlocking })
    }

    @Test func `an umlaut is found in Latin-1 and UTF-8, in either case`() throws {
        let name = Array("M".utf8) + [0xFC] + Array("ller^J".utf8) + [0xF6] + Array("rg".utf8)
        let original = try original(name: "", characterSet: ["ISO_IR 100"], encoded: name)
        for leak in [Array("Müller".utf8), Array("MÜLLER".utf8), Array("M".utf8) + [0xDC] + Array("LLER".utf8)] {
            #expect(try residuals(leak, of: original).contains { $0.isBlocking })
        }
    }

    @Test func `a short or common part is weak in technical text and blocks in free text`() throws {
        let original = try original(name: "CT^Head")
        #expect(try residuals(Array("HEAD".utf8), of: original).map(\.isBlocking) == [false])
        #expect(try residuals(Array("HEAD".utf8), vr: .lt, of: original).map(\.isBlocking) == [true])
        // Whole, even a short name is telling.
        let short = try self.original(name: "NG^MEILI")
        #expect(try residuals(Array("meili ng".utf8), of: short).contains { $0.isBlocking })
    }

    @Test func `a date that is moved onto another date of the object is no trace of that one`() throws {
        let profile = try DeidentificationProfile(
            options: [.retainLongitudinalModifiedDates], dateShiftDays: -276 ... -276)
        let plan = HeaderPlan(pseudonyms: pseudonyms)
        var original = try original(name: "Fitzwilliam^Obrian")
        original.dataSet[.studyDate] = DataElement(tag: .studyDate, vr: .da, ascii: "19871123")
        original.dataSet[Tag(0x0010, 0x21D0)] = DataElement(tag: Tag(0x0010, 0x21D0), vr: .da, ascii: "19870220")
        var moved = original
        let deidentifier = HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms)
        try plan.deidentify(&moved, original: original.dataSet, by: deidentifier, pixels: .noPixels)
        #expect(moved.dataSet.string(.studyDate) == "19870220")
        let sweep = ResidualSweep(original: original, profile: profile, plan: plan)
        #expect(try sweep.residuals(in: moved) == [])
        moved.dataSet[keptText] = DataElement(tag: keptText, vr: .sh, ascii: "19871123")
        #expect(try sweep.residuals(in: moved).contains { $0.isBlocking })
    }

    @Test func `a report of a residual does not say what it is`() throws {
        let original = try original(name: "Fitzwilliam^Obrian")
        let found = try residuals(Array("Fitzwilliam".utf8), of: original)
        #expect(!found.isEmpty)
        var text = ""
        dump(found, to: &text)
        #expect(!(text + "\(found)").lowercased().contains("fitzwilliam"))
    }

    @Test func `the list of header identifiers has every level and no UIDs`() throws {
        let nested = DataElement(
            tag: Tag(0x0040, 0x0275),
            items: [DataSet(elements: [DataElement(tag: Tag(0x0032, 0x1060), vr: .lo, ascii: Canary.text)])])
        let made = object([nested, DataElement(tag: .patientName, vr: .pn, ascii: "A^B", "C^D")])
        let list = HeaderIdentifierList.identifiers(of: made)
        #expect(list.map { $0.value.reveal() } == ["A^B", "C^D", Canary.text])
        #expect(list.map(\.vr) == [.pn, .pn, .lo])
    }
}

import DICOMModel
import DeviceRules
import Testing

@Suite struct ImportTests {
    // MARK: - CTP

    @Test func `a script of CTP's becomes rules, each with what stands above it as its name`() throws {
        let script = """
            What people wrote about it (all of 2020).

            ACME
             Sono, in "quotes"
              { Modality.equals("US") *
                [0008,1090].containsIgnoreCase("sono") }
              (0,0,640,40)   (10, 20 ,30,40)
            ( ) and (this)
            { Rows.equals("5") } (0,0,5,5)
            """
        let imported = try ImportedRules(parsing: script)
        #expect(imported.form == .ctp)
        #expect(imported.rules.map(\.name) == ["Sono, in -quotes-, line 5", "( ) and (this), line 9"])
        #expect(
            imported.rules.first?.effect
                == .mask([
                    RulePaint(.mask, .box(PixelRegion(x: 0, y: 0, width: 640, height: 40))),
                    RulePaint(.mask, .box(PixelRegion(x: 10, y: 20, width: 30, height: 40))),
                ]))
        #expect(imported.isComplete)
        #expect(imported.notes.map(\.kind) == [.differs], "CTP takes the first signature that fits")
    }

    @Test(arguments: [
        ("{ Modality.equals(\"US\") ", 1, "never closed"),
        ("\n{ Modality.equals(US) } (0,0,1,1)", 2, "quotes"),
        ("{\n Modality.equals(\"US\")\n * \n } (0,0,1,1)", 4, "ends too early"),
        ("{ Modality.equals(\"US\") Rows.equals(\"1\") } (0,0,1,1)", 1, "`R` is not expected"),
        ("{ Modality.is(\"US\") } (0,0,1,1)", 1, "no test `is`"),
        ("{ Colour.equals(\"US\") } (0,0,1,1)", 1, "no Attribute is called Colour"),
        ("{ [0009[ACME]01].equals(\"US\") } (0,0,1,1)", 1, "private"),
        ("{ Modality.matches(\"(\") } (0,0,1,1)", 1, ""),
        ("{ (Modality.equals(\"US\") } (0,0,1,1)", 1, "parenthesis"),
        ("{ Modality.equals(\"US\") }\nnothing", 1, "exempts"),
        ("{ Modality.equals(\"US\") } (0,0,1,1) (0,0,0,1)", 1, "is no box"),
        ("{ Modality.equals(\"US\") } (0,0,1,1) (0,-1,3,1)", 1, "is no box"),
    ])
    func `what can't be carried over is listed with its line and why`(script: String, line: Int, reason: String) throws
    {
        let imported = try ImportedRules(parsing: script, form: .ctp)
        let note = try #require(imported.notes.first { $0.kind == .leftOut })
        #expect(note.firstLine == line)
        #expect(note.reason.contains(reason), "\(note.reason)")
    }

    @Test func `parentheses without end are refused, not a crash`() throws {
        let deep = String(repeating: "(", count: 100_000)
        let imported = try ImportedRules(parsing: "{ \(deep) } (0,0,1,1)", form: .ctp)
        #expect(imported.rules.isEmpty && !imported.isComplete)
    }

    // MARK: - deid

    private func recipe(_ label: String, filter: String = "graylist") throws -> ImportedRules {
        try ImportedRules(parsing: "FORMAT dicom\n%filter \(filter)\n\(label)\n")
    }

    private func condition(_ lines: String) throws -> String {
        let imported = try recipe("LABEL One # (Somebody)\n\(lines)\ncoordinates 0,0,1,1")
        return try #require(imported.rules.first?.condition?.description, "\(imported.notes)")
    }

    @Test(arguments: [
        ("  contains Modality US", #"Modality contains ignoring case "US""#),
        (
            "equals Rows 512\n+ contains Modality CT|MR",
            #"Rows equals ignoring case "512" and (Modality contains ignoring case "CT" or Modality contains ignoring case "MR")"#
        ),
        (
            "contains ImageType LOCAL || contains SeriesDescription Local + missing Manufacturer",
            #"(ImageType contains ignoring case "LOCAL" or SeriesDescription contains ignoring case "Local") and Manufacturer missing"#
        ),
        ("notequals Modality CT\n|| empty ImageType", #"not Modality equals ignoring case "CT" or ImageType empty"#),
        (
            "present 0x00181018\nnotcontains Manufacturer AC+ME",
            #"SecondaryCaptureDeviceManufacturerModelName present and not (Manufacturer present and Manufacturer finds "AC+ME")"#
        ),
    ])
    func `a label's lines become a condition`(lines: String, expected: String) throws {
        #expect(try condition(lines) == expected)
    }

    @Test func `coordinates are corners, CTP's are a corner and a size, and keep takes back`() throws {
        let imported = try recipe(
            """
            LABEL All
              coordinates all
              keepcoordinates from:SequenceOfUltrasoundRegions
              coordinates 450,0,672, 85
              ctpcoordinates 1,2,3,4
              ctpkeepcoordinates 5,6,7,8
            """)
        #expect(
            imported.rules.first?.effect
                == .mask([
                    RulePaint(.mask, .everything), RulePaint(.keep, .ultrasoundRegions),
                    RulePaint(.mask, .box(PixelRegion(x: 450, y: 0, width: 222, height: 85))),
                    RulePaint(.mask, .box(PixelRegion(x: 1, y: 2, width: 3, height: 4))),
                    RulePaint(.keep, .box(PixelRegion(x: 5, y: 6, width: 7, height: 8))),
                ]))
        #expect(imported.rules.first?.condition == .all([]), "a label without conditions is for every image")
    }

    @Test func `a blacklist holds or rejects, a whitelist lets nothing pass, and headers are told of`() throws {
        let text = """
            FORMAT dicom
            %filter blacklist # somebody's
            LABEL Reports
            contains ImageType REPORT
            %filter whitelist
            LABEL Clean
            contains BurnedInAnnotation No
            %header
            REMOVE PatientID
            ADD PatientIdentityRemoved YES
            """
        #expect(try ImportedRules(parsing: text).rules.map(\.effect) == [.quarantine])
        let imported = try ImportedRules(parsing: text, rejectsBlacklisted: true)
        #expect(imported.rules.map(\.effect) == [.reject])
        #expect(imported.notes.map { [$0.firstLine, $0.lastLine] } == [[6, 7], [8, 10]])
        #expect(!imported.isComplete)
    }

    @Test(arguments: [
        ("contains Manfacturer X", "no Attribute is called Manfacturer"), ("contains Modality", "a value must follow"),
        ("resembles Modality CT", "`resembles` is no filter"), ("coordinates 1,2,1,9", "is no box"),
        ("coordinates from:OverlayOrigin", "SequenceOfUltrasoundRegions alone"),
        ("contains Manufacturer A\\\\S", "lowers"),
        ("contains Manufacturer A||B", "empty word"), ("contains Manufacturer (A", ""),
    ])
    func `a label with a line that can't be carried over is left out whole`(line: String, reason: String) throws {
        let imported = try recipe("LABEL One\ncontains Modality CT\n\(line)\nctpcoordinates 0,0,1,1")
        #expect(imported.rules.isEmpty)
        let note = try #require(imported.notes.first)
        #expect(note.kind == .leftOut && note.firstLine == 3 && note.lastLine == 6)
        #expect(note.reason.contains("line 5: ") && note.reason.contains(reason), "\(note.reason)")
    }

    @Test func `a byte order mark and Windows line ends don't matter`() throws {
        let text =
            "\u{FEFF}FORMAT dicom\r\n%filter graylist\r\nLABEL A\r\ncontains Modality CT\r\nctpcoordinates 0,0,1,1\r\n"
        let imported = try ImportedRules(parsing: text)
        #expect(imported.isComplete)
        #expect(imported.rules.first?.condition?.description == #"Modality contains ignoring case "CT""#)
    }

    @Test func `another text is neither`() {
        #expect(throws: DeviceRuleError.self) { try ImportedRules(parsing: "Dear Sir or Madam") }
    }
}

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// What stays has to be what its VR lets it be (PS3.5 table 6.2-1): a name in a date is no date.
struct ValidValueTests {
    private let contourData = Tag(0x3006, 0x0050)
    private let referencedImages = Tag(0x0008, 0x1140)
    private let sopClass = Tag(0x0008, 0x1150)

    private func text(_ tag: Tag, _ vr: VR, _ value: String) -> DataElement {
        DataElement(tag: tag, vr: vr, ascii: value)
    }

    // MARK: - Numbers

    /// Beyond what a reader loads with the header, which only implicit VR can hold.
    private func contour(_ last: String) throws -> DataSet {
        let numbers = Array(repeating: "-12.5", count: 20_000).joined(separator: "\\") + "\\" + last
        let element = text(contourData, .ds, numbers)
        return try deidentified(object([element], .implicitVRLittleEndian)).object.dataSet
    }

    @Test func `numbers of any length stay, and a word behind them doesn't`() throws {
        #expect(try contour("7.25").strings(contourData).count == 20_001)
        #expect(try contour(Canary.text)[contourData]?.isEmpty == true)
    }

    @Test func `a number that an option keeps is one`() throws {
        let weight = Tag(0x0010, 0x1030)
        func kept(_ value: String) throws -> String? {
            try deidentified(object([text(weight, .ds, value)]), options: [.retainPatientCharacteristics])
                .object.dataSet.string(weight)
        }
        #expect(try kept("72.5") == "72.5")
        #expect(try kept(Canary.text) == nil)
    }

    // MARK: - Dates, times, ages

    @Test(arguments: [
        (VR.da, ["19871123", "1987.11.23"], ["Zzcanary^Quuxina", "1987112", "19871323", "19871123ZZCANARY7"]),
        (
            .tm, ["11", "1122", "112233", "112233.445566", "11:22:33"],
            ["Zzcanary", "1661878369.7434108", "20200101112233"]
        ),
        (
            .dt, ["1987", "198711231122", "19871123112233.445566+0100"],
            ["ZZCANARY7", "19871123 112233", "19871123112233+ZZ"]
        ),
    ])
    func `a date or time that is retained is one`(_ vr: VR, _ valid: [String], _ invalid: [String]) throws {
        for tag in Self.moments[vr] ?? [] {
            for value in valid {
                let dataSet = try deidentified(
                    object([text(tag, vr, value)]), options: [.retainLongitudinalFullDates]
                ).object.dataSet
                #expect(dataSet.string(tag) == value)
            }
            for value in invalid {
                for file in [vr, .lo] {
                    let dataSet = try deidentified(
                        object([text(tag, file, value)]), options: [.retainLongitudinalFullDates]
                    ).object.dataSet
                    #expect(dataSet.string(tag) != value, "\(tag) \(file) \(value)")
                }
            }
        }
    }

    /// One that is in Table E.1-1 and one that isn't.
    private static let moments: [VR: [Tag]] = [
        .da: [.studyDate, Tag(0x0014, 0x0102)], .tm: [Tag(0x0008, 0x0030), Tag(0x0014, 0x0103)],
        .dt: [Tag(0x0008, 0x002A), Tag(0x4010, 0x1025)],
    ]

    @Test func `where dates are moved, a moment that calls itself a time goes`() throws {
        let time = Tag(0x0008, 0x0030)
        let dataSet = try deidentified(
            object([text(time, .tm, "1661878369.7434108")]), options: [.retainLongitudinalModifiedDates]
        ).object.dataSet
        #expect(dataSet.string(time) != "1661878369.7434108")
    }

    @Test func `an age that is retained has its unit`() throws {
        let age = Tag(0x0010, 0x1010)
        for (value, stays) in [("087Y", true), ("093", false), ("Zzca", false)] {
            let dataSet = try deidentified(
                object([text(age, .as, value)]), options: [.retainPatientCharacteristics]
            ).object.dataSet
            #expect((dataSet.string(age) == value) == stays)
        }
    }

    @Test func `a date of a content item that is retained is one`() throws {
        let date = Tag(0x0040, 0xA121)
        let concept = DataSet(elements: [
            text(Tag(0x0008, 0x0100), .sh, "99999"), text(Tag(0x0008, 0x0102), .sh, "99LOCAL"),
            text(Tag(0x0008, 0x0104), .lo, "Date"),
        ])
        for (value, stays) in [("19871123", true), (Canary.name, false)] {
            let item = DataSet(elements: [
                text(Tag(0x0040, 0xA010), .cs, "CONTAINS"), text(Tag(0x0040, 0xA040), .cs, "DATE"),
                DataElement(tag: Tag(0x0040, 0xA043), items: [concept]), text(date, .da, value),
            ])
            let report = object(
                [DataElement(tag: .contentSequence, items: [item])], sopClass: "1.2.840.10008.5.1.4.1.1.88.33")
            let result = try deidentified(
                report, options: [.cleanStructuredContent, .retainLongitudinalFullDates]
            ).object.dataSet
            #expect((result.items(.contentSequence).first?.string(date) == value) == stays)
        }
    }

    @Test func `why it goes is said`() throws {
        let rule = ProfileRule(profile: try DeidentificationProfile(options: [.retainLongitudinalFullDates]))
        #expect(rule.name(of: text(.studyDate, .da, "19871123")) == "E.1-1 Z, 113106 K")
        #expect(rule.name(of: text(.studyDate, .da, Canary.name)) == "E.1-1 Z, 113106 K, not valid")
        #expect(rule.name(of: text(.patientName, .pn, Canary.name)) == "E.1-1 Z")
        #expect(rule.name(of: text(.modality, .cs, "CT")) == "not listed")
        #expect(rule.name(of: text(.modality, .cs, Canary.name)) == "additional: not valid")
    }

    // MARK: - UIDs

    @Test(arguments: ["1.2.840.10008.5.1.4.1.1.2\tZZCANARY7", "ZZCANARY7", "1.2.840.10008.5.1.4.1.1.2\u{1}"])
    func `an object whose class is no UID is no instance`(_ uid: String) {
        let error = #expect(throws: HeaderDeidentificationError.self) { try deidentified(object([], sopClass: uid)) }
        #expect(error?.code == .notAnInstance)
    }

    @Test func `a Transfer Syntax that is no UID is none`() throws {
        var original = object([])
        original.setTransferSyntax(TransferSyntax(uid: UID(Canary.text)))
        let error = #expect(throws: HeaderDeidentificationError.self) { try deidentified(original) }
        #expect(error?.code == .notAnInstance)
    }

    @Test func `a class that is referred to by something else than a UID gets one`() throws {
        let reference = DataSet(elements: [text(sopClass, .ui, Canary.text), text(Tag(0x0008, 0x1155), .ui, "1.2.3.4")])
        let original = object([DataElement(tag: Tag(0x0008, 0x2218), items: [reference])])
        let result = try deidentified(original)
        let new = try #require(result.object.dataSet.items(Tag(0x0008, 0x2218)).first?.string(sopClass))
        #expect(UID(new).isValid)
        #expect(!Canary.sings(in: result.bytes))
    }

    @Test func `with UIDs retained those that are none are mapped, in File Meta Information as well`() throws {
        let original = object([text(.sopInstanceUID, .ui, Canary.text), text(.studyInstanceUID, .ui, "1.2.3\tSMITH")])
        let result = try deidentified(original, options: [.retainUIDs])
        let instance = try #require(result.object.dataSet.string(.sopInstanceUID))
        #expect(UID(instance).isValid && result.object.fileMeta.string(.mediaStorageSOPInstanceUID) == instance)
        #expect(result.object.dataSet.string(.studyInstanceUID).map { UID($0).isValid } == true)
    }

    @Test func `a registered UID stays without what doesn't belong to it`() throws {
        let frame = Tag(0x0020, 0x0052)
        let result = try deidentified(object([text(frame, .ui, "\u{1}\u{2}1.2.840.10008.1.4.1.1\u{3}")])).object.dataSet
        #expect(try result.bytes(frame) == Array("1.2.840.10008.1.4.1.1\0".utf8))
    }

    // MARK: - Codes and the rest

    @Test func `of codes those that are some stay`() throws {
        let original = object([
            text(.imageType, .cs, "DERIVED\\PRIMARY\\Zzcanary^Quuxina\\M_FFE"),
            text(Tag(0x0018, 0x0015), .cs, "Zzcanary"), text(Tag(0x0018, 0x5100), .cs, "HFS "),
        ])
        let result = try deidentified(original)
        #expect(result.object.dataSet.strings(.imageType) == ["DERIVED", "PRIMARY", "REMOVED", "M_FFE"])
        #expect(result.object.dataSet.strings(Tag(0x0018, 0x0015)) == ["REMOVED"])
        #expect(result.object.dataSet.string(Tag(0x0018, 0x5100)) == "HFS")
    }

    @Test func `a character set that nobody knows goes, one that is misspelt stays`() throws {
        for (term, left) in [("Zzcanary", nil), ("ISO-IR 100", "ISO-IR 100"), ("ISO_IR 192", "ISO_IR 192")] {
            let dataSet = try deidentified(object([text(.specificCharacterSet, .cs, term)])).object.dataSet
            #expect(dataSet.string(.specificCharacterSet) == left)
        }
    }

    @Test func `an address of a vocabulary has no blanks in it`() throws {
        let address = Tag(0x0008, 0x010E)
        for (value, stays) in [("http://loinc.org/", true), ("http://loinc.org/ ZZCANARY7", false)] {
            let item = DataSet(elements: [text(address, .ur, value)])
            let original = object([DataElement(tag: Tag(0x0008, 0x2218), items: [item])])
            let result = try deidentified(original).object.dataSet.items(Tag(0x0008, 0x2218)).first
            #expect((result?.string(address) == value) == stays)
        }
    }

    // MARK: - Wrong kinds of values

    @Test func `a sequence of references that is a text goes, whatever the IOD wants`() throws {
        let result = try deidentified(
            object([text(referencedImages, .lo, Canary.text)], sopClass: "1.3.12.2.1107.5.9.1"))
        #expect(!Canary.sings(in: result.bytes))
    }

    @Test(arguments: [
        Tag(0x0008, 0x0030), Tag(0x0008, 0x0201), Tag(0x0008, 0x002A), Tag(0x0018, 0x0015), Tag(0x0010, 0x1010),
    ])
    func `a value that is a sequence where the standard has none goes, whatever is kept of it`(_ tag: Tag) throws {
        let items = [DataSet(elements: [text(Tag(0x0018, 0x9004), .ut, Canary.text)])]
        let options: [Set<ProfileOption>] = [
            [], [.retainLongitudinalModifiedDates, .cleanDescriptors],
            [.retainLongitudinalFullDates, .retainPatientCharacteristics],
        ]
        for options in options {
            let result = try deidentified(object([DataElement(tag: tag, items: items)]), options: options)
            #expect(!Canary.sings(in: result.bytes), "\(options)")
        }
    }

    @Test func `a text of a report that is a sequence goes`() throws {
        let code = DataSet(elements: [
            text(Tag(0x0008, 0x0100), .sh, "121106"), text(Tag(0x0008, 0x0102), .sh, "DCM"),
            text(Tag(0x0008, 0x0104), .lo, "Comment"),
        ])
        let inner = [DataSet(elements: [text(Tag(0x0018, 0x9004), .ut, Canary.text)])]
        let item = DataSet(elements: [
            text(Tag(0x0040, 0xA010), .cs, "CONTAINS"), text(Tag(0x0040, 0xA040), .cs, "TEXT"),
            DataElement(tag: Tag(0x0040, 0xA043), items: [code]), DataElement(tag: Tag(0x0040, 0xA160), items: inner),
        ])
        let original = object(
            [DataElement(tag: .contentSequence, items: [item])], sopClass: "1.2.840.10008.5.1.4.1.1.88.11")
        for options in [Set<ProfileOption>(), [.cleanStructuredContent]] {
            #expect(!Canary.sings(in: try deidentified(original, options: options).bytes))
        }
    }

    @Test func `a text in fragments goes`() throws {
        let fragments = EncapsulatedPixelData(fragments: [ValueBytes(Array((Canary.text + " ").utf8))])
        let original = object([
            DataElement(tag: Tag(0x0018, 0x0015), vr: .ob, value: .fragments(fragments)),
            DataElement(tag: Tag(0x0018, 0x0060), vr: .ob, value: .fragments(fragments)),
        ])
        #expect(!Canary.sings(in: try deidentified(original).bytes))
    }

    @Test func `a private creator that is more than a creator goes with its block`() throws {
        let original = object([
            DataElement(tag: Tag(0x2001, 0x0010), vr: .lo, ascii: "Philips Imaging DD 001", Canary.text),
            DataElement(tag: Tag(0x2001, 0x1003), vr: .fl, bytes: [0, 0, 0x80, 0x3F]),
        ])
        let result = try deidentified(original, options: [.retainSafePrivate])
        #expect(!Canary.sings(in: result.bytes))
    }
}

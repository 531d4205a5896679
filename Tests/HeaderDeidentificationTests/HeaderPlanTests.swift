import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

struct HeaderPlanTests {
    private func result(
        of elements: [DataElement], _ plan: HeaderPlan, profile: DeidentificationProfile = .basic
    ) throws -> DataSet {
        let original = object(elements)
        var changed = original
        try plan.deidentify(
            &changed, original: original.dataSet,
            by: HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms), pixels: .noPixels)
        return changed.dataSet
    }

    @Test func `only texts made of labels stay as a script wrote them before the profile`() throws {
        let script = try DicomEditScript(
            parsing: """
                version "6.6"
                (0008,1030) := concatenate[project, "-", subject]
                (0008,103E) := concatenate[project, " of ", subject]
                (0018,1030) := "Thorax"
                (0010,4000) := (0010,1000)
                (0008,0080) := project
                """)
        let plan = HeaderPlan(pseudonyms: pseudonyms, scripts: [script], project: "LUNG")
        let changed = try result(
            of: [
                DataElement(tag: .patientID, vr: .lo, ascii: "HOSP-1"),
                DataElement(tag: Tag(0x0010, 0x1000), vr: .lo, ascii: "LUNG"),
            ], plan)
        let subject = pseudonyms.patient(patientID: "HOSP-1")
        #expect(changed.string(Tag(0x0008, 0x1030)) == "LUNG-\(subject)")
        #expect(changed.string(.seriesDescription) == nil, "a word of the script's own is not a label")
        #expect(changed.string(Tag(0x0018, 0x1030)) == nil)
        #expect(changed.string(Tag(0x0008, 0x0080)) == "LUNG")
        #expect(changed.string(.patientID) == subject)
    }

    @Test func `an Accession Number derives from key and issuer`() throws {
        let plan = HeaderPlan(pseudonyms: pseudonyms, accessionNumbers: .pseudonym)
        let number = DataElement(tag: .accessionNumber, vr: .sh, ascii: "A1")
        let changed = try result(of: [number], plan).string(.accessionNumber)
        // HMAC-SHA-256 under bytes 0…31 by Python's hmac, of "accession-number\0" + "2:A1" + "0:"; base32 by base64.
        #expect(changed == "QABBTQ7A6Q5RX6B3")
        let issuer = DataElement(
            tag: Tag(0x0008, 0x0051),
            items: [DataSet(elements: [DataElement(tag: Tag(0x0040, 0x0031), vr: .ut, ascii: "North")])])
        #expect(try result(of: [number, issuer], plan).string(.accessionNumber) != changed)
        #expect(try result(of: [], plan)[.accessionNumber] == nil)
    }

    @Test(arguments: [("095Y", "090Y"), ("090Y", "090Y"), ("089Y", "089Y"), ("100M", "100M")])
    func `ages from 90 are capped where they are kept`(age: String, expected: String) throws {
        let elements = [
            DataElement(tag: Tag(0x0010, 0x1010), vr: .as, bytes: Array(age.utf8)),
            DataElement(tag: Tag(0x0010, 0x0030), vr: .da, ascii: "19290102"),
        ]
        let script = try DicomEditScript(parsing: "version \"6.6\"\n(0010,0020) := subject\n")
        let scripted = HeaderPlan(
            pseudonyms: pseudonyms, scripts: [script], order: .insteadOfProfile, agesFrom90: .cap)
        let changed = try result(of: elements, scripted)
        #expect(changed.string(Tag(0x0010, 0x1010)) == expected)
        #expect((changed.string(Tag(0x0010, 0x0030)) == nil) == (expected == "090Y"))
        var kept = scripted
        kept.agesFrom90 = .keep
        #expect(try result(of: elements, kept).string(Tag(0x0010, 0x1010)) == age)
    }

    @Test func `an age that the Retain Patient Characteristics Option keeps is capped as well`() throws {
        let age = DataElement(tag: Tag(0x0010, 0x1010), vr: .as, ascii: "095Y")
        let nested = DataElement(tag: Tag(0x0040, 0xA370), items: [DataSet(elements: [age])])
        let profile = try DeidentificationProfile(options: [.retainPatientCharacteristics])
        let plan = HeaderPlan(pseudonyms: pseudonyms, agesFrom90: .cap)
        #expect(try result(of: [age, nested], plan, profile: profile).string(Tag(0x0010, 0x1010)) == "090Y")
        let kept = HeaderPlan(pseudonyms: pseudonyms)
        #expect(try result(of: [age], kept, profile: profile).string(Tag(0x0010, 0x1010)) == "095Y")
    }

    @Test(arguments: [("93", "a", "90"), ("90", "a", "90"), ("89", "a", "89"), ("100", "mo", "100")])
    func `a Subject Age of a report is capped as well`(age: String, unit: String, expected: String) throws {
        func code(_ tag: Tag, _ value: String, _ scheme: String) -> DataElement {
            DataElement(
                tag: tag,
                items: [
                    DataSet(elements: [
                        DataElement(tag: .codeValue, vr: .sh, bytes: Array(value.utf8)),
                        DataElement(tag: .codingSchemeDesignator, vr: .sh, bytes: Array(scheme.utf8)),
                    ])
                ])
        }
        let measured = DataSet(elements: [
            code(Tag(0x0040, 0x08EA), unit, "UCUM"),
            DataElement(tag: Tag(0x0040, 0xA161), vr: .fd, bytes: [UInt8](repeating: 1, count: 8)),
            DataElement(tag: Tag(0x0040, 0xA30A), vr: .ds, bytes: Array(age.utf8)),
        ])
        let item = DataSet(elements: [
            DataElement(tag: .valueType, vr: .cs, ascii: "NUM"), code(.conceptNameCodeSequence, "121033", "DCM"),
            DataElement(tag: Tag(0x0040, 0xA300), items: [measured]),
        ])
        let script = try DicomEditScript(parsing: "version \"6.6\"\n(0010,0020) := subject\n")
        let plan = HeaderPlan(pseudonyms: pseudonyms, scripts: [script], order: .insteadOfProfile, agesFrom90: .cap)
        let changed = try result(
            of: [
                DataElement(tag: .contentSequence, items: [item]),
                DataElement(tag: Tag(0x0010, 0x0030), vr: .da, ascii: "19290102"),
            ], plan)
        let value = try #require(changed.items(.contentSequence).first?.items(Tag(0x0040, 0xA300)).first)
        #expect(value.string(Tag(0x0040, 0xA30A)) == expected)
        #expect((value[Tag(0x0040, 0xA161)] == nil) == (expected == "90"), "another form of the same number")
    }

    @Test func `dates of one subject are moved alike where a list names one, under whatever Patient ID`() throws {
        let list = "Accession Number,Subject,Session,Project\nA1,S1,A,LUNG\nA2,S1,B,LUNG\nA3,S2,C,LUNG\nA4,S1,D,HEART\n"
        let profile = try DeidentificationProfile(options: [.retainLongitudinalModifiedDates])
        func date(_ accession: String, _ id: String, _ plan: HeaderPlan) throws -> String? {
            try result(
                of: [
                    DataElement(tag: .studyDate, vr: .da, ascii: "20240305"),
                    DataElement(tag: .accessionNumber, vr: .sh, bytes: Array(accession.utf8)),
                    DataElement(tag: .patientID, vr: .lo, bytes: Array(id.utf8)),
                ], plan, profile: profile
            ).string(.studyDate)
        }
        let plan = HeaderPlan(pseudonyms: pseudonyms, cohort: try Cohort(parsing: list))
        let first = try #require(try date("A1", "HOSP-1", plan))
        #expect(try date("A2", "HOSP-2", plan) == first)
        #expect(try date("A3", "HOSP-1", plan) != first)
        #expect(try date("A4", "HOSP-1", plan) != first)
        // Without a list it is the Patient ID that counts.
        let alone = HeaderPlan(pseudonyms: pseudonyms)
        #expect(try date("A1", "HOSP-1", alone) == date("A2", "HOSP-1", alone))
        #expect(try date("A1", "HOSP-1", alone) != date("A2", "HOSP-2", alone))
    }

    @Test func `without a script the profile is applied, whatever the order says`() throws {
        let plan = HeaderPlan(pseudonyms: pseudonyms, order: .insteadOfProfile)
        let changed = try result(of: [DataElement(tag: .accessionNumber, vr: .sh, ascii: Canary.text)], plan)
        #expect(changed.string(.accessionNumber) == nil)
    }

    @Test func `lists never print what they hold`() throws {
        let cohort = try Cohort(parsing: "\(Canary.text),S1,S1_MR1\n")
        let consent = try ConsentLists(allowList: "9434765919\n", optOutList: nil)
        var text = "\(cohort) \(consent)"
        dump(cohort, to: &text)
        dump(consent, to: &text)
        #expect(!Canary.sings(in: Array(text.utf8)) && !text.contains("943"))
    }

    @Test func `a link record never prints what it holds`() throws {
        let original = object([DataElement(tag: .patientName, vr: .pn, ascii: Canary.name)]).dataSet
        let record = LinkRecord(original: original, result: original, plan: HeaderPlan(pseudonyms: pseudonyms))
        #expect(record.patientName == Canary.name)
        var text = ""
        dump(record, to: &text)
        #expect(!Canary.sings(in: Array((text + "\(record) \(String(reflecting: record))").utf8)))
    }

    @Test func `a table in a spreadsheet starts no formula`() throws {
        let original = object([DataElement(tag: .patientID, vr: .lo, ascii: "=1+1,\"x\"")]).dataSet
        let record = LinkRecord(original: original, result: original, plan: HeaderPlan(pseudonyms: pseudonyms))
        #expect(LinkTable(records: [record]).csv.contains("\n\"'=1+1,\"\"x\"\"\",,"))
    }
}

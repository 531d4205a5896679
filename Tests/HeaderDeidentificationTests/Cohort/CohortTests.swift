import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

struct CohortTests {
    private func dataSet(
        accession: String = "A1", patientID: String = "P1", date: String = "20240305"
    ) -> DataSet {
        object([
            DataElement(tag: .accessionNumber, vr: .sh, bytes: Array(accession.utf8)),
            DataElement(tag: .patientID, vr: .lo, bytes: Array(patientID.utf8)),
            DataElement(tag: .studyDate, vr: .da, bytes: Array(date.utf8)),
        ]).dataSet
    }

    private func labels(_ list: String, _ dataSet: DataSet, project: String? = nil) throws -> SubjectLabels? {
        try Cohort(parsing: list).labels(for: dataSet, project: project, session: "made-up")
    }

    @Test(arguments: [
        "Accession Number,Subject,Session\nA1,S1,S1_MR1\n",
        "Session,Subject,Accession Number\nS1_MR1,S1,A1",
        "\u{FEFF}accession_number , SUBJECT,session\r\n A1 ,S1,S1_MR1\r\n\r\n",
        "|Accession Number|,|Subject|,|Session|\n|A1|,|S1|,|S1_MR1|\n",
        "\"Accession Number\",\"Subject\",\"Session\"\n\"A1\",\"S1\",\"S1_MR1\"\n",
        "A1,S1,S1_MR1\n",
        "Patient ID,Study Date,Subject,Session\nP1,20240305,S1,S1_MR1\n",
        "P1,20240305,S1,S1_MR1\nP1,20240306,S1,S1_MR2\n",
        "P1,2024-03-05,S1,S1_MR1\n",
    ])
    func `a study is found in every form of the list`(_ list: String) throws {
        let expected = SubjectLabels(project: "LUNG", subject: "S1", session: "S1_MR1")
        #expect(try labels(list, dataSet(), project: "LUNG") == expected)
        #expect(try labels(list, dataSet(accession: "A2", patientID: "P2")) == nil)
    }

    @Test func `a row names its own project and may leave the session open`() throws {
        let list = "Accession Number,Subject,Session,Project\nA1,S1,,HEART\nA2,S2,S2_MR1,\n"
        #expect(
            try labels(list, dataSet(), project: "LUNG")
                == SubjectLabels(project: "HEART", subject: "S1", session: "made-up"))
        #expect(
            try labels(list, dataSet(accession: "A2"), project: "LUNG")
                == SubjectLabels(project: "LUNG", subject: "S2", session: "S2_MR1"))
        #expect(try labels("A1,S1,S1_MR1,HEART\n", dataSet())?.project == "HEART")
    }

    @Test func `whatever else a row says must be true of the study as well`() throws {
        let list = "Accession Number,Patient ID,Study Date,Subject\nA1,P1,20240305,S1\n"
        #expect(try labels(list, dataSet()) != nil)
        #expect(try labels(list, dataSet(patientID: "P2")) == nil)
        #expect(try labels(list, dataSet(date: "20240306")) == nil)
    }

    @Test(arguments: [
        "A1,S1,SESS\nA2,S1,SESS\n", "A1,S1,SESS,LUNG\nA2,S2,SESS,HEART\n",
        "Accession Number,Subject,Session\nA1,S1,\nA2,S2,\n",
    ])
    func `a session is one subject's in each project`(_ list: String) throws {
        #expect(try Cohort(parsing: list).count == 2)
    }

    @Test(arguments: [
        "Accession Number;Subject;Session\r\nA1;S1;S1_MR1\r\n", "\u{FEFF}A1;S1;S1_MR1\r\n",
        "Accession Number\tSubject\tSession\nA1\tS1\tS1_MR1\n", "\"Accession Number\";\"Subject\"\n\"A1\";S1\n",
        "Subject;Accession Number;Project\nS1;A1;\n",
    ])
    func `semicolons or tabs separate where the first line has no comma`(_ list: String) throws {
        #expect(try labels(list, dataSet(accession: "A1"))?.subject == "S1")
    }

    @Test func `a value with a comma or a quote stands in quotes`() throws {
        let list = "Accession Number,Subject\n|A,1|,S1\n\"A\"\"2\",S2\n"
        #expect(try labels(list, dataSet(accession: "A,1"))?.subject == "S1")
        #expect(try labels(list, dataSet(accession: "A\"2"))?.subject == "S2")
    }

    @Test(arguments: [
        ("", "empty"),
        ("Accession Number,Subject\n", "line 1"),
        ("Accession Number,Subject,Colour\nA1,S1,red\n", "line 1: column 3"),
        ("Accession Number,Accession Number,Subject\nA1,A1,S1\n", "line 1"),
        ("Patient ID,Subject\nP1,S1\n", "line 1"),
        ("Accession Number,Session\nA1,S1\n", "line 1"),
        ("A1,S1\n", "line 1"),
        ("A1,S1,S1_MR1\n\nA2,S2\n", "line 3"),
        ("A1,S1,S1_MR1\nA2,|S2,S2_MR1\n", "line 2"),
        ("A1,S1,S1_MR1\nA2,S2 x,S2_MR1\n", "line 2"),
        ("A1,S1,S1_MR1\n,S2,S2_MR1\n", "line 2"),
        ("P1,20240305,S1,S1_MR1\nP1,20241305,S1,S1_MR2\n", "line 2"),
        ("A1,S1,S1_MR1\nA2,S2,S2_MR1\nA1,S1,S1_MR1\n", "line 3: repeats line 1"),
        ("A1,S1,S1_MR1\nA1,S2,S1_MR1\n", "line 2: contradicts line 1"),
        ("A1,S1,SESS\nA2,S2,SESS\n", "line 2: gives the session of line 1 to another subject"),
        ("A1,S1,SESS,LUNG\nA2,S2,SESS,LUNG\n", "line 2: gives the session of line 1 to another subject"),
        ("A1,S1,SESS,\nA2,S2,SESS,LUNG\n", "line 2: gives the session of line 1 to another subject"),
    ])
    func `a mistake is an error with its line and without a value`(list: String, place: String) {
        let error = #expect(throws: HeaderDeidentificationError.self) { try Cohort(parsing: list) }
        #expect(error?.code == .listMalformed)
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
        for value in ["A1", "A2", "P1", "S2", "red"] { #expect(error?.description.contains(value) == false) }
    }
}

struct ConsentTests {
    // Check digits by hand, modulus 11 with weights 10 to 2: 943 476 5919 is the NHS Data Dictionary's example.
    @Test(arguments: [
        ("9434765919", true), ("943 476 5919", true), ("943-476-5919", true), ("9434765918", false),
        ("94347659190", false), ("943476591", false), ("1111111111", false), ("943 476 5919 x", false),
        ("4857773457", true), ("4857773456", false), ("943 476  5919", true), ("943.476.5919", true),
        ("943 - 476 - 5919", true), ("943/476/5919", false),
    ])
    func `a number counts if its check digit is right`(text: String, isNumber: Bool) {
        #expect((NHSNumber(text) != nil) == isNumber)
    }

    @Test func `a number is found inside of a text, and not inside of a longer number`() {
        #expect(NHSNumber.numbers(in: "NHS: 943 476 5919 (verified)").count == 1)
        #expect(NHSNumber.numbers(in: "NHS9434765919").count == 1)
        #expect(NHSNumber.numbers(in: "19434765919").isEmpty)
        #expect(NHSNumber.numbers(in: "v1.943 476 5919").count == 1)
        #expect(NHSNumber.numbers(in: "943    476 5919").isEmpty)
        #expect(NHSNumber("9434765919").map { "\($0)" } == "‹redacted›")
    }

    private func verdict(
        allow: String? = nil, optOut: String? = nil, _ elements: [DataElement]
    ) throws -> ConsentLists.Verdict {
        try ConsentLists(allowList: allow, optOutList: optOut).verdict(on: object(elements).dataSet)
    }

    @Test func `numbers are looked for in Patient ID, Other Patient IDs and their Sequence`() throws {
        let places = [
            DataElement(tag: .patientID, vr: .lo, ascii: "943 476 5919"),
            DataElement(tag: Tag(0x0010, 0x1000), vr: .lo, ascii: "HOSP-1", "9434765919"),
            DataElement(
                tag: Tag(0x0010, 0x1002),
                items: [
                    DataSet(elements: [DataElement(tag: .patientID, vr: .lo, ascii: "HOSP-1")]),
                    DataSet(elements: [DataElement(tag: .patientID, vr: .lo, ascii: "943-476-5919")]),
                ]),
        ]
        for place in places {
            #expect(try verdict(optOut: "943 476 5919\n", [place]) == .notAllowed)
            #expect(try verdict(optOut: "4857773457\n", [place]) == .allowed)
            #expect(try verdict(allow: "9434765919\n", [place]) == .allowed)
            #expect(try verdict(allow: "NHS Number,Site\n4857773457,A\n", [place]) == .notAllowed)
        }
        let without = [DataElement(tag: .patientID, vr: .lo, ascii: "HOSP-1")]
        #expect(try verdict(optOut: "9434765919\n", without) == .unknown)
        #expect(try verdict(allow: "9434765919\n", without) == .unknown)
    }

    @Test func `of several numbers all must be allowed, and who opted out is out whatever is allowed`() throws {
        let both = [DataElement(tag: Tag(0x0010, 0x1000), vr: .lo, ascii: "9434765919", "4857773457")]
        #expect(try verdict(allow: "9434765919\n", both) == .notAllowed)
        #expect(try verdict(allow: "9434765919\n4857773457\n", both) == .allowed)
        #expect(try verdict(allow: "9434765919\n4857773457\n", optOut: "4857773457\n", both) == .notAllowed)
    }

    @Test(arguments: [("9434765919\n9434765910\n", "line 2"), ("a,b\n", "line 1"), ("NHS Number\n\nnone\n", "line 3")])
    func `what is no number is an error with its line and without the value`(list: String, place: String) {
        let error = #expect(throws: HeaderDeidentificationError.self) {
            try ConsentLists(allowList: nil, optOutList: list)
        }
        #expect(error?.message.contains(place) == true)
        #expect(error?.description.contains("943") == false)
    }
}

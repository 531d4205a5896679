import DICOMModel
import PHIClassification
import Testing

@Suite struct `Header values other than names` {
    static let birthDate = [
        "12/01/1980", "01/12/1980", "12/1/80", "12.01.1980", "12.1.80", "1980-01-12", "1980/01/12", "1980.01.12",
        "80-01-12", "19800112", "12011980",
        "01121980", "12-JAN-1980", "12 Jan 80", "12JAN1980", "Jan 12, 1980", "January 12, 1980", "January 12th 1980",
        "12th of January 1980",
        "12. Januar 1980", "12 janvier 1980", "12 de enero de 1980", "12 gennaio 1980", "12 januari 1980",
        "DOB: 12/01/1980", "DOB 12-01-1980",
        "12 01 1980", "12/O1/198O", "l2/01/1980", "12/0I/1980", "12-JAN-l980", "1980年1月12日", "12 / 01 / 1980",
        "Born 12.01.80", "*12.01.1980", "19800112101530",
        "12\\01\\1980", "1980 JAN 12", "12-1-1980 SMITH", "12 JAN. 1980", "Sat 12 Jan 1980", "Jan-12-1980",
        "12|01|1980", "12/01/19B0",
    ]

    @Test(arguments: birthDate)
    func `a date of the header is found in every format`(line: String) {
        let classifier = classifier([("19800112", .date)])
        #expect(classifier.category(line) == .identifier)
        #expect(classifier.rules(line).contains("header-date"))
    }

    @Test(arguments: ["12.01", "01.12", "12-01", "12/01", "I2.O1"])
    func `its day and month alone on a line are found`(line: String) {
        #expect(classifier([("19800112", .date)]).rules(line).contains("header-date"))
    }

    @Test(arguments: ["12.02", "1.12", "12.01 cm", "112.01", "12.1"])
    func `other numbers with a point are not its day and month`(line: String) {
        #expect(classifier([("19800112", .date)]).category(line) == .technical)
    }

    @Test(arguments: birthDate)
    func `the same dates are patterns without a header`(line: String) {
        #expect(classifier().category(line) == .pattern)
    }

    @Test(arguments: ["1980.01.12", "19800112101530.000000+0100", " 19800112 ", "19750505\\19800112"])
    func `old and long forms of dates are read`(value: String) {
        #expect(classifier([(value, .date)]).category("12/01/1980") == .identifier)
    }

    @Test(arguments: ["", "0000", "99999999", "19801332", "abcdefgh", "1980011", "\\\\", "^"])
    func `broken dates identify nothing`(value: String) {
        #expect(classifier([(value, .date)]).category("120 kVp") == .technical)
    }

    @Test(arguments: ["10:15:30", "10:15", "10:15 AM", "10:15:30AM", "Time 10:15", "10.15 AM"])
    func `a time of the header is found`(line: String) {
        #expect(classifier([("101530.123", .time)]).rules(line).contains("header-time"))
    }

    @Test(arguments: ["22:15", "10:15 PM", "10:15"])
    func `twelve-hour clocks are read both ways`(line: String) {
        #expect(classifier([("221530", .time)]).rules(line).contains("header-time"))
    }

    static let identifiers: [(String, HeaderIdentifiers.Kind, [String])] = [
        (
            "RJZ1234567", .identifier,
            ["RJZ1234567", "RJZ-123-4567", "ID RJZ 1234567", "rjz1234567", "RJZI234S67", "RJZ123456", "RJZ12345678"]
        ),
        ("123456", .identifier, ["123456", "12 34 56", "12-34-56", "ID:123456", "l23456", "MRN 123456 L"]),
        ("00012345", .identifier, ["12345", "00012345", "ID 12345"]),
        ("A-12", .identifier, ["A12", "A-12", "A 12"]),
        ("743", .identifier, ["743", "ID 743"]),
        ("SMITH_JOHN_01", .identifier, ["SMITH", "John", "SMITH_JOHN_01"]),
        ("ACC0098765", .accessionNumber, ["ACC0098765", "ACC#0098765", "AC0098765", "ACC 009 8765", "ACCOO98765"]),
        ("020 7946 0018", .telephone, ["020 7946 0018", "02079460018", "Tel (020) 7946 0018"]),
        (
            "12 Acacia Avenue^Ealing^W5 2BS", .address,
            ["Acacia", "12 ACACIA AVENUE", "EALING", "ACAC1A AVENUE", "W5 2BS"]
        ),
        (
            "Addenbrooke's Hospital", .institution,
            ["ADDENBROOKES HOSPITAL", "Addenbrooke's", "ADDENBR00KES", "Addenbrookes Hosp"]
        ),
        ("St James", .institution, ["JAMES", "ST JAMES"]),
        ("Klinikum Großhadern", .institution, ["GROSSHADERN", "Großhadern"]),
        ("works as a lighthouse keeper", .freeText, ["LIGHTHOUSE", "keeper"]),
        ("1.2.826.0.1.3680043.8.498.123456789", .uid, ["1.2.826.0.1.3680043.8.498.123456789"]),
        ("045Y", .age, ["45", "045", "45"]),
    ]

    @Test(arguments: identifiers)
    func `a value of the header is found as it is written on images`(
        value: String, kind: HeaderIdentifiers.Kind, lines: [String]
    ) {
        let classifier = classifier([(value, kind)])
        for line in lines { #expect(classifier.category(line) == .identifier, "\(value) in \(line)") }
    }

    @Test(arguments: [
        (DICOMModel.Tag.patientName, VR.pn, HeaderIdentifiers.Kind.personName),
        (DICOMModel.Tag(0x0010, 0x1001), .pn, .personName), (DICOMModel.Tag(0x0008, 0x0090), .pn, .otherPersonName),
        (DICOMModel.Tag(0x0008, 0x1070), .pn, .otherPersonName), (DICOMModel.Tag.patientID, .lo, .identifier),
        (DICOMModel.Tag(0x0010, 0x1000), .lo, .identifier),
        (DICOMModel.Tag.accessionNumber, .sh, .accessionNumber), (DICOMModel.Tag(0x0020, 0x0010), .sh, .identifier),
        (DICOMModel.Tag(0x0010, 0x0030), .da, .date),
        (DICOMModel.Tag(0x0008, 0x002A), .dt, .date), (DICOMModel.Tag(0x0008, 0x0031), .tm, .time),
        (DICOMModel.Tag(0x0010, 0x1010), .as, .age), (DICOMModel.Tag(0x0010, 0x1040), .lo, .address),
        (DICOMModel.Tag(0x0010, 0x2154), .sh, .telephone), (DICOMModel.Tag(0x0008, 0x0080), .lo, .institution),
        (DICOMModel.Tag(0x0008, 0x1040), .lo, .institution),
        (DICOMModel.Tag(0x0008, 0x1010), .sh, .institution), (DICOMModel.Tag(0x0018, 0x1000), .lo, .identifier),
        (DICOMModel.Tag(0x0010, 0x4000), .lt, .freeText), (DICOMModel.Tag.sopInstanceUID, .ui, .uid),
        (DICOMModel.Tag(0x0009, 0x1001), .pn, .otherPersonName),
    ])
    func `header elements have their kinds`(tag: DICOMModel.Tag, vr: VR, kind: HeaderIdentifiers.Kind) {
        #expect(HeaderIdentifiers.kind(of: tag, vr: vr) == kind)
    }

    @Test(arguments: [
        (DICOMModel.Tag.modality, VR.cs), (DICOMModel.Tag.rows, .us), (DICOMModel.Tag.seriesDescription, .lo),
        (DICOMModel.Tag(0x0008, 0x0070), .lo), (DICOMModel.Tag.sopClassUID, .ui), (DICOMModel.Tag(0x0018, 0x0060), .ds),
        (DICOMModel.Tag(0x0002, 0x0010), .ui), (DICOMModel.Tag(0x0020, 0x0013), .is),
        (DICOMModel.Tag(0x0009, 0x1001), .lo), (DICOMModel.Tag(0x0010, 0x0040), .cs),
    ])
    func `technical elements identify nobody`(tag: DICOMModel.Tag, vr: VR) {
        #expect(HeaderIdentifiers.kind(of: tag, vr: vr) == nil)
    }

    @Test func `empty values are not counted, and each value once`() {
        var identifiers = HeaderIdentifiers()
        for value in ["", "  ", "\0", "SMITH", "SMITH"] { identifiers.add(Sensitive(value), kind: .personName) }
        #expect(identifiers.count == 1)
        var other = HeaderIdentifiers()
        other.add(Sensitive("JONES"), kind: .personName)
        identifiers.formUnion(other)
        #expect(identifiers.count == 2)
    }
}

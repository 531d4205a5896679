import DICOMModel
import PHIClassification
import Testing

@Suite struct Patterns {
    /// 943 476 5919: 9·10+4·9+3·8+4·7+7·6+6·5+5·4+9·3+1·2 = 299; 299 mod 11 = 2; 11 − 2 = 9.
    /// 987 654 4321: 90+72+56+42+30+20+16+12+6 = 344; 344 mod 11 = 3; 11 − 3 = 8, so 1 is wrong.
    @Test(arguments: [
        "943 476 5919", "9434765919", "943-476-5919", "NHS 943 476 5919", "943 476 59I9", "94347659l9", "943 476  5919",
        "943.476.5919",
    ])
    func `an NHS number is known by its check digit`(line: String) {
        #expect(classifier().category(line) == .pattern)
        #expect(classifier().rules(line).contains("nhs-number"))
    }

    @Test(arguments: ["987 654 4321", "943 476 5918"])
    func `ten digits with a wrong check digit are no NHS number but never safe`(line: String) {
        #expect(classifier().category(line) == .pattern)
        #expect(!classifier().rules(line).contains("nhs-number"))
    }

    /// 010180 0017: 0·10+1·9+0·8+1·7+8·6+0·5+0·4+0·3+1·2 = 66; 66 mod 11 = 0; 11 − 0 = 11, which counts as 0.
    /// 311299 001x: 30+9+8+14+54+45+0+0+2 = 162; 162 mod 11 = 8; 11 − 8 = 3.
    @Test(arguments: ["0101800010", "010180 0010", "3112990013", "311299 0013", "CHI 3112990013"])
    func `a CHI number is a date of birth, three figures and a check digit`(line: String) {
        #expect(classifier().rules(line).contains("chi-number"))
    }

    static let table: [(String, [String])] = [
        (
            "date",
            [
                "25/12/1999", "12-25-99", "1999-12-25", "25 DEC 99", "Dec 25, 1999", "25. Dezember 1999",
                "25 décembre 1999", "25 de diciembre de 1999",
                "25 dicembre 1999", "25 december 1999", "3 März 2001", "3 MRT 2001", "14 août 2010", "24-MAY-02",
                "17 Oct 16", "30 JAN 94", "08.30.2022",
                "5/25/2011", "20220830", "01/1980", "03.1980", "11.2005", "MAY 1980", "12 APR", "12-0CT-1980",
                "3 mei 1999", "4 luglio 1999",
                "9 agosto 2001", "2 maggio 1999",
                "25.12.1999 120 kVp", "13/13/13 12/11/10", "2020_01_31", "31|12|1999",
            ]
        ),
        ("time", ["10:15", "10:15:30", "8:48:26 AM", "05:24:57PM", "11.24 PM", "0:03:46", "+2:09:04", "1:29:49 pm"]),
        ("age", ["45Y", "045Y", "45 yrs", "M 45", "45 years", "F/45", "32 Jahre", "7 ans"]),
        (
            "uk-postcode",
            ["SW1A 1AA", "EH1 3EG", "M1 1AE", "CB2 0QQ", "DN55 1PT", "W1A 0AX", "CB20QQ", "CB2 OQQ", "London EC1A 1BB"]
        ),
        (
            "telephone",
            [
                "+44 20 7946 0018", "020 7946 0018", "(020) 7946 0018", "555-867-5309", "+1 (555) 867-5309",
                "089 1234 5678",
            ]
        ),
        ("email", ["jane@example.org", "mail: j.doe@nhs.uk"]),
        ("url", ["www.example.org", "http://x.y/z"]),
        (
            "record-number",
            [
                "MRN: 4711", "ID: 12", "ID:", "Acc# 55", "123456", "00047431395", "A12345", "RJZ1234567",
                "11-05-25-142825", "Ex: 2411", "PAT 12345",
                "Case 12", "MRN4711", "7H4421", "123456789", "No. 5", "Room 12", "Study 99", "123-45-6789",
            ]
        ),
        ("uid", ["1.2.840.113619.2.55.3", "1.2.840.10008.1.2.1", "192.168.10.20"]),
        (
            "label",
            [
                "DOB", "D.O.B. x", "Name:", "Patient", "Patient: x", "PATIENT NAME", "Geburtsdatum", "Nom:", "Ward 5",
                "Ref. Physician", "Operator: XY",
                "Sex: F", "Age 45", "St Mary Hospital", "Date of birth", "DO8:", "NAME ****",
            ]
        ),
    ]

    @Test(arguments: table)
    func `a form that identifies is a pattern`(rule: String, lines: [String]) {
        for line in lines {
            #expect(classifier().category(line) == .pattern, "\(line)")
            #expect(classifier().rules(line).contains(rule), "\(line)")
        }
    }

    @Test func `rules are ids of TextRule`() {
        let known = Set(TextRule.allCases.map(\.rawValue))
        let lines =
            Self.table.flatMap(\.1) + technicalLines + markerLines + [
                "John Smith", "Dr Who", "xq zz 12 & 13 and so forth", "",
            ]
        for line in lines { #expect(known.isSuperset(of: classifier().rules(line))) }
    }

    @Test(arguments: [
        "the quick brown fox jumps over it", "(using Pixel Spacing not Imager Pixel Spacing, per CP)", "3.5/2.7-L",
    ])
    func `other text is never safe`(line: String) {
        #expect(!classifier().classify(Sensitive(line), confidence: 1).isSafe)
    }
}

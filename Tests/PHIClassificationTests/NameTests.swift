import DICOMModel
import PHIClassification
import Testing

@Suite struct Names {
    /// A raw PN, and lines that show it or a part of it.
    static let shown: [(String, [String])] = [
        (
            "SMITH^JOHN^A",
            [
                "SMITH JOHN", "John Smith", "SMITH, J", "J SMITH", "J. Smith", "SMITH^JOHN", "Smith", "JOHN",
                "smith john a", "SM1TH J0HN",
                "5MITH", "SMlTH", "SM|TH", "SM!TH", "SMITHJOHN", "JOHNSMITH", "JSMITH", "SMITHJ", "SMITH_JOHN",
                "Name: SMITH", "SMITH JOHN 45Y",
                "SMIITH", "SMTH", "SNITH", "SM ITH", "120 kVp SMITH", "L SMITH", "Mr Smith", "SMITH/JOHN", "[SMITH]",
                "SMITH45Y", "J0HN 5M1TH",
                "S M I T H",
            ]
        ),
        (
            "ALI^HASSAN",
            [
                "ALI", "Ali", "AL1", "A1I", "ALI HASSAN", "HASSAN", "HASSAN ALI", "L ALI", "ALI 5 cm", "AL I", "HA55AN",
                "ALI, H",
            ]
        ),
        ("NG^WEI", ["NG", "Ng", "N6", "NG WEI", "WEI NG", "R NG", "NG 120 kVp", "NG,W"]),
        ("HON^KA", ["HON", "H0N", "HQN", "HON 5 cm"]),
        ("PAT^MC", ["PAT", "Pat", "PAT L"]),
        // Cyrillic and Greek letters, read as the Latin ones that look like them.
        ("РА^ВЕРА", ["PA", "BEPA", "BEPA PA"]),
        ("АН", ["AH", "A H"]),
        ("ΑΗ^ΜΑΤΑ", ["AH", "MATA"]),
        ("L^ANNA", ["L", "L 40 W 400", "L 5 cm", "R L", "ANNA"]),
        ("R", ["R", "R L", "R CC"]),
        ("KV^ANN", ["KV 120", "120 kV", "120kV", "KV"]),
        ("CM^X", ["5 cm", "5cm", "CM"]),
        ("AP^OLLO", ["AP", "AP SUPINE", "OLLO"]),
        ("HEAD^JANE", ["HEAD", "HEAD CT"]),
        (
            "O'BRIEN-SMITH^MARY ANN",
            [
                "O'BRIEN-SMITH", "OBRIEN SMITH", "O BRIEN SMITH", "O’BRIEN–SMITH", "OBRIENSMITH", "0'BRIEN", "BRIEN",
                "O`BRIEN", "SMITH", "OBRIEN",
                "O'BRlEN-5MITH MARY", "MARY", "ANN", "MARYANN", "Mary-Ann", "BRIEN-SMITH", "OBR1EN", "O'Brien",
            ]
        ),
        (
            "Müller^Jörg",
            ["Müller", "MUELLER", "MULLER", "Mu\u{308}ller", "JORG", "JOERG", "Joerg Mueller", "MULLER J", "MÜLLER"]
        ),
        ("MUELLER^JOERG", ["Müller", "MULLER", "JÖRG", "Jorg"]),
        ("Strauß^Søren", ["STRAUSS", "Strauß", "SOREN", "Soeren", "SØREN"]),
        ("Nuñez^José", ["NUNEZ", "JOSE", "Núñez"]),
        ("Łukasz^Żółć", ["LUKASZ", "ZOLC"]),
        ("Nguyễn^Đức", ["NGUYEN", "DUC", "Nguyễn"]),
        ("MARNIE^CLAIRE", ["MAMIE", "MARNIE", "CIAIRE", "DAIRE", "cIaire"]),
        ("WARREN^CLYDE", ["VVARREN", "WARREN", "CLYDE", "DYDE"]),
        (
            "SCHWARZENEGGER^ARNOLD",
            ["SCHWARZENE", "SCHWARZEN", "NEGGER", "SCHWARZENEGER", "SCHVVARZENEGGER", "SCHWARZENFGGFR", "ARN0LD"]
        ),
        ("VAN DER BERG^PIET", ["VANDERBERG", "van der Berg", "BERG", "PIET"]),
        ("DE LA CRUZ^ANA", ["CRUZ", "DELACRUZ", "ANA"]),
        ("ZHANG^XIAODONG=张^小东", ["张小东", "小东", "张", "患者张小东先生", "ZHANG XIAODONG", "XIAO DONG"]),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", ["山田太郎", "山田 太郎", "やまだ", "YAMADA", "太郎"]),
        ("Hong^Gildong=洪^吉洞=홍^길동", ["홍길동", "길동", "洪吉洞", "HONG"]),
        ("Люкceмбypг^Иван", ["ИВАН", "Иван"]),
        ("ＳＭＩＴＨ^ＪＯＨＮ", ["SMITH", "John"]),
        ("BROWN^BOB\\GREEN^GINA", ["BROWN", "GREEN", "GINA"]),
        ("LI^BO", ["LI", "BO", "L1", "10 LI", "11", "80"]),
        ("McDonald^Ronald", ["MCDONALD", "MC DONALD", "McDonald"]),
        ("Canary Zebedee Quux", ["CANARY", "Zebedee", "QUUX", "Canary Quux"]),
        ("SMITH^", ["SMITH"]),
        ("^JOHN", ["JOHN"]),
        ("DR SMITH", ["SMITH"]),
    ]

    @Test(arguments: shown)
    func `a line that shows a name or a part of it is an identifier`(name: String, lines: [String]) {
        let classifier = classifier(patient: name)
        for line in lines {
            #expect(classifier.category(line) == .identifier, "\(name) in \(line)")
            #expect(classifier.classify(Sensitive(line), confidence: 0).category == .identifier)
        }
    }

    @Test(arguments: technicalLines + markerLines)
    func `common names leave safe text alone`(line: String) {
        let classifier = classifier([
            ("SMITH^JOHN^A", .personName), ("O'BRIEN-SMITH^MARY ANN", .personName),
            ("SCHWARZENEGGER^ARNOLD", .personName), ("NGUYEN^VAN ANH", .personName),
            ("HON^KA", .personName), ("NG^WEI", .personName), ("DE LA CRUZ^ANA^L", .personName),
            ("JONES^R^^DR^MD", .otherPersonName),
            ("19800112", .date), ("20200304", .date), ("101530", .time), ("RJZ1234567", .identifier),
            ("A0012345", .accessionNumber), ("045Y", .age),
            ("12 Left Lane^Headley", .address), ("Head Institute of Bone Imaging", .institution), ("1", .identifier),
            ("02071234567", .telephone),
        ])
        #expect(classifier.classify(Sensitive(line), confidence: 0.95).isSafe)
    }

    @Test func `a name of one token of a safe line makes the line an identifier`() {
        for line in technicalLines + markerLines {
            let tokens = line.uppercased().split { !$0.isLetter || !$0.isASCII }
            for token in tokens where !token.isEmpty {
                for name in ["\(token)^JANE", "JONES^\(token)", "\(token)"] {
                    #expect(classifier(patient: name).category(line) == .identifier, "\(name) in \(line)")
                }
            }
        }
    }

    @Test func `physicians count like patients but for a single given letter`() {
        let classifier = classifier([("JONES^R^^DR", .otherPersonName)])
        #expect(classifier.category("Dr. Jones") == .identifier)
        #expect(classifier.category("R") == .marker)
    }

    @Test(arguments: ["JOHNSTON", "Miller", "BRYAN", "HARRIS", "MEDICAL CENTER"])
    func `another name is name-like and no identifier`(line: String) {
        #expect(classifier(patient: "SMITH^ALEXANDRA").category(line) == .nameLike)
    }

    @Test(arguments: [
        "John Smith", "SMITH, John", "Dr Who", "Mrs Brown", "SMITH", "Prof. Xavier", "DOE", "OB", "AC", "Ng", "Müller",
        "王小东",
    ])
    func `a name without a header is name-like`(line: String) {
        #expect(classifier().category(line) == .nameLike)
    }

    @Test func `no value appears in rules or descriptions`() {
        let result = classifier(patient: "CANARYNAME^ZEBEDEE").classify(Sensitive("CANARYNAME"), confidence: 1)
        #expect(!"\(result)".contains("CANARY"))
        var identifiers = HeaderIdentifiers()
        identifiers.add(Sensitive("CANARYNAME"), kind: .personName)
        #expect(!"\(identifiers)".contains("CANARY"))
    }
}

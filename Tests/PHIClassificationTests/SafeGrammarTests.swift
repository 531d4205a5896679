import DICOMModel
import PHIClassification
import Testing

@Suite struct `Safe text` {
    @Test(arguments: technicalLines)
    func `a technical line is technical`(line: String) {
        #expect(classifier().category(line) == .technical)
    }

    @Test(arguments: markerLines)
    func `a marker is a marker`(line: String) {
        #expect(classifier().category(line) == .marker)
    }

    @Test(arguments: technicalLines + markerLines)
    func `safe text read without confidence is unreadable`(line: String) {
        let result = classifier().classify(Sensitive(line), confidence: 0.79)
        #expect(result.category == .unreadable)
        #expect(result.rules == ["low-confidence"])
        #expect(classifier().classify(Sensitive(line), confidence: .nan).category == .unreadable)
    }

    /// Lines that begin, end or look like safe text and are not.
    static let lookalikes = [
        "L SMITH", "SMITH L", "120 kVp Smith", "Smith 120 kVp", "PAT 12345", "L 123456", "W 400 L 40 JS", "R JONES",
        "AP JM", "HEAD ALI", "ALI", "NG", "HON",
        "PAT", "LIA", "IRA", "HAL", "5 cm Mary", "Frame 3/30 SMITH", "MI 0.9 01/02/1980", "kVp Smith",
        "120 kVp 12345678", "1980",
        "12 01 80", "12/01", "03/12", "2000", "l", "i", "|", "A B", "L R A", "X", "M", "Y", "J", "M 26", "60F", "45Y",
        "TE90 A1234567",
        "Dr L", "L, R. JONES", "FOV 35cm O'BRIEN", "SUPINE SMITH", "R5", "L 12345", "Se: 12345", "Ex: 2411",
        "TE 900000", "123456 cm", "5 cm ü",
        "MARKER", "T", "KVP Ltd", "120 kVp?", "120 kVp @home", "W 400 L 40 C", "HEAD & NECK CLINIC", "5 kg", "PRT 5",
        "MR HAND", "DR FOOT",
        "FRAME 3/30/1980", "5 cm 王", "TR: 2000 ms 王小东", "120 kVp:", "R L A", "TE", "5/5", "1,2,3", "0 5 10 15",
        "B1234", "b 4711", "B: 1980",
    ]

    @Test(arguments: lookalikes)
    func `what only looks like safe text is not safe`(line: String) {
        #expect(!classifier().classify(Sensitive(line), confidence: 1).isSafe)
    }

    @Test(arguments: technicalLines + markerLines, ["SMITH", "Nguyen", "Ng", "1234567", "01/02/1980", "Ö", "Dr Ali"])
    func `a foreign word makes any safe line unsafe`(line: String, word: String) {
        for joined in ["\(line) \(word)", "\(word) \(line)", "\(line), \(word)"] {
            #expect(!classifier().classify(Sensitive(joined), confidence: 1).isSafe)
        }
    }

    @Test(arguments: ["", " ", "   \t", "\n", "****", "--", "…"])
    func `nothing legible is unreadable`(line: String) {
        #expect(classifier().category(line) == .unreadable)
    }

    @Test func `no text is unreadable`() {
        #expect(classifier().classify(nil, confidence: 1).category == .unreadable)
    }

    @Test func `several lines are safe only if each is`() {
        #expect(classifier().category("120 kVp\nTE 90") == .technical)
        #expect(classifier().category("L\nR") == .marker)
        #expect(!classifier().classify(Sensitive("120 kVp\nSmith"), confidence: 1).isSafe)
    }

    @Test func `hostile text neither traps nor hangs`() {
        let lines = [
            String(repeating: "9", count: 100_000), String(repeating: "L ", count: 20_000), "\u{0}\u{FFFF}\u{10FFFF}",
            String(repeating: "e\u{301}", count: 5000), "-", "+", "5.", ".5", "-.", "'", "'''", "|!|", "$", "W:", "W/",
            "(", "LAO", "LAO °",
            "99999999999999999999999999", "1/2/3/4/5/6/7/8/9", "::::", String(repeating: "5 cm ", count: 5000), "🏥🏥",
            "\u{202E}HTIMS",
        ]
        let classifier = classifier([("SMITH^JOHN", .personName), ("19800112", .date), ("12345", .identifier)])
        for line in lines { _ = classifier.classify(Sensitive(line), confidence: 1) }
    }
}

import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// Each of the 656 rows of Table E.1-1 by itself, and `docs/answer-key.md`, which is made of what came out.
struct AnswerKeyRowTests {
    @Test(arguments: AnswerKeyCase.all.indices)
    func `a row of one Attribute is carried out`(_ index: Int) throws {
        let row = AnswerKeyCase.all[index]
        let outcomes = [try row.image(), try row.report(), try row.item()] + (try row.options().map(\.outcome))
        #expect(outcomes.filter { !$0.isRight }.isEmpty, "\(row.name): \(outcomes.map(\.text))")
    }

    @Test(arguments: AnswerKeyPattern.all.indices)
    func `a row of many Attributes is carried out`(_ index: Int) throws {
        let row = AnswerKeyPattern.all[index]
        let outcomes = [try row.image(), try row.report(), try row.item()] + (try row.cleaned().map(\.outcome))
        #expect(outcomes.filter { !$0.isRight }.isEmpty, "\(row.name): \(outcomes.map(\.text))")
    }

    @Test func `the document has all 656 rows, with what came out`() throws {
        #expect(AnswerKeyCase.all.count + AnswerKeyPattern.all.count == 656)
        let text = try Self.document()
        if ProcessInfo.processInfo.environment["QUENCH_WRITE_CONFORMANCE"] != nil {
            try text.write(to: Self.path, atomically: true, encoding: .utf8)
        }
        let isUpToDate = try String(contentsOf: Self.path, encoding: .utf8) == text
        #expect(isUpToDate, "make conformance writes docs/answer-key.md")
    }

    // MARK: - The document

    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/answer-key.md")

    private static func document() throws -> String {
        var lines = [
            "# Answer key",
            "",
            "What became of an Attribute of each row of PS3.15 Table E.1-1 (edition \(DeidentificationProfile.edition)), planted by itself "
                + "with a made-up patient's value, in a run of the tests",
            "(`Tests/HeaderDeidentificationTests/AnswerKeyRowTests.swift`; `make conformance` writes this file, and a test fails where it "
                + "is out of date). What is expected is worked out from",
            "the reference tables by a script of its own (`Fixtures/make_answer_key.py`), which shares nothing with the program; a ✗ "
                + "would say that something else came out.",
            "",
            "At root level of a CT Image and of an Enhanced SR, and in an item two levels down: gone, empty, dummy, uid (mapped). Then with "
                + "each option of the row by itself (CID 7050), in the CT Image: kept,",
            "cleaned, or what it is without. Times of day that stay with modified dates count as cleaned.",
            "",
            "| Row | E.1-1 | CT | SR | In items | With options |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for row in AnswerKeyCase.all {
            lines.append(
                line(row.name, row.row.action, [try row.image(), try row.report(), try row.item()], try row.options()))
        }
        for row in AnswerKeyPattern.all {
            lines.append(
                line(row.name, row.action, [try row.image(), try row.report(), try row.item()], try row.cleaned()))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(
        _ name: String, _ action: String, _ outcomes: [AnswerKeyCase.Outcome],
        _ options: [(option: ProfileOption, outcome: AnswerKeyCase.Outcome)]
    ) -> String {
        let with = options.map { "\($0.option.code.rawValue) \($0.outcome.text)" }.joined(separator: ", ")
        return "| " + ([name, action] + outcomes.map(\.text) + [with]).joined(separator: " | ") + " |"
    }
}

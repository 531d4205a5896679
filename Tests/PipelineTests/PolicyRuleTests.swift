import DICOMModel
import DeviceRules
import Foundation
import Pipeline
import TestSupport
import Testing

/// Swift Testing has a type of this name as well.
private typealias Tag = DICOMModel.Tag

@Suite struct PolicyRuleTests {
    private static let rules = [
        DeviceRule(
            name: "US ACME Sono 1024x768",
            device: DeviceMatch(
                modality: "US", manufacturer: "other", model: "Sono \"5\" \\ é", rows: 768, columns: 1024),
            effect: .mask([
                RulePaint(.mask, .box(PixelRegion(x: 0, y: 0, width: 1024, height: 60))), RulePaint(.mask, .everything),
                RulePaint(.keep, .ultrasoundRegions),
            ])),
        DeviceRule(
            name: "reports",
            condition: .any([
                .test(AttributeTest([.imageType], .containsIgnoringCase, "REPORT: #1")),
                .not(
                    .all([
                        .test(AttributeTest([.sequenceOfUltrasoundRegions, Tag(0x0018, 0x6014)], .present)),
                        .test(AttributeTest([.seriesDescription], .finds, "dose|page")),
                    ])), .all([]), .any([]),
            ]), effect: .reject),
        DeviceRule(name: "all others", condition: .all([]), effect: .quarantine),
    ]

    @Test func `rules are read as they were written`() throws {
        let text = PolicyRules.text(of: Self.rules, notes: ["a\nnote"])
        #expect(try Policy(yaml: text).rules == Self.rules, "\(text)")
    }

    @Test(arguments: [
        ("- name: a\n    mask: [[0,0,1,1]]", "line 3", "no `device` and no `when`"),
        ("- when: always\n    then: reject", "line 3", "no `name`"),
        ("- name: a\n    when: always", "line 3", "one of `mask` and `then`"),
        ("- name: a\n    when: always\n    then: reject\n    mask: [everything]", "line 3", "one of `mask` and `then`"),
        ("- name: a\n    when: always\n    then: release", "line 5", "unknown value"),
        ("- name: a\n    when: always\n    mask:\n      - [0, 0, 0, 1]", "line 6", "1 to 65535"),
        ("- name: a\n    when: always\n    mask:\n      - [0, 0, 1]", "line 6", "an area is"),
        ("- name: a\n    when: sometimes\n    then: reject", "line 4", "unknown condition"),
        (
            "- name: a\n    when:\n      attribute: Modalty\n      equals: CT\n    then: reject", "line 5",
            "`attribute` takes"
        ),
        ("- name: a\n    when:\n      attribute: Modality\n    then: reject", "line 5", "a test needs one of"),
        ("- name: a\n    when:\n      attribute: Modality\n      matches: (\n    then: reject", "line 5", "not closed"),
        ("- name: a\n    device: {}\n    then: reject", "line 4", "`device` is empty"),
        ("- name: a\n    device: {rows: many}\n    then: reject", "line 4", "whole number"),
        (
            "- name: a\n    when: always\n    then: reject\n  - name: a\n    when: always\n    then: reject", "line 6",
            "two rules"
        ),
        ("- name: \"a\\tb\"\n    when: always\n    then: reject", "line 3", "printable"),
    ])
    func `a mistake in a rule is an error that names its line`(rule: String, place: String, reason: String) {
        let error = #expect(throws: PipelineError.self) { try Policy(yaml: "version: 1\nrules:\n  \(rule)\n") }
        #expect(error?.code == .policy)
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func `whatever is imported is read again from a policy, however the text was damaged`() throws {
        let texts = [
            """
            Sono "5" \\ é
            { (Modality.equals("US") + !Rows.isLessThan("5")) * [0008,1090].matches("a.*\\d") } (0,0,5,5) (1,2,3,4)
            { true } (0,0,1,1) { true } (0,0,1,1)
            """,
            """
            FORMAT dicom
            %filter graylist
            LABEL One # somebody
              contains Modality US || equals Rows 5
              || missing Manufacturer
              coordinates all
              keepcoordinates from:SequenceOfUltrasoundRegions
              ctpcoordinates 1,2,3,4
            %filter blacklist
            LABEL Two: "quoted"
              notcontains ImageType A+B
            """,
        ]
        var random = SeededGenerator(seed: 7)
        for round in 0..<3000 {
            var scalars = Array(texts[round % 2].unicodeScalars)
            for _ in 0..<(round / 300) {
                let place = Int(random.next() % UInt64(scalars.count))
                let odd: [Unicode.Scalar] = ["\u{1}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{7F}"]
                let other =
                    random.next() % 8 == 0
                    ? odd[Int(random.next() % 5)] : scalars[Int(random.next() % UInt64(scalars.count))]
                if random.next() % 3 == 0 { scalars.remove(at: place) } else { scalars[place] = other }
            }
            let text = String(String.UnicodeScalarView(scalars))
            guard let imported = try? ImportedRules(parsing: text, form: round % 2 == 0 ? .ctp : .deid) else {
                continue
            }
            let written = PolicyRules.text(of: imported.rules, notes: imported.notes.map(\.reason))
            #expect(try Policy(yaml: written).rules == imported.rules, "\(text)")
        }
    }

    private func accepted(into policy: String?) throws -> (text: String, policy: Policy) {
        let path = NSTemporaryDirectory() + "/quench-policy-" + UUID().uuidString
        defer { for name in [path, path + ".lock"] { try? FileManager.default.removeItem(atPath: name) } }
        if let policy { try Data(policy.utf8).write(to: URL(fileURLWithPath: path)) }
        let result = try PolicyRules.accept(Self.rules, intoPolicyAt: path, by: try Reviewer("Ann"))
        return (try String(contentsOfFile: path, encoding: .utf8), result)
    }

    @Test(arguments: [
        nil, "version: 1\n", "version: 1\r\nrules: []\r\nseries:\r\n  image: inspect\r\n",
        "version: 1\nrules: []\nseries:\n  image: inspect\n",
        "version: 1\nfindings:\n  marker: mask",
        "version: 1\nrules:\n- name: old\n  when: always\n  then: reject\n\n# about series\nseries:\n  rt: reject\n",
        "version: 1\nrules:\n    - name: old\n      when: always\n      then: reject\n# the end\n",
        Policy.defaultSource,
    ])
    func `accepted rules stand behind those that a policy has, and all else stays`(policy: String?) throws {
        let before = try Policy(yaml: policy ?? "version: 1\n")
        let (text, after) = try accepted(into: policy)
        #expect(after.rules == before.rules + Self.rules)
        var rest = after
        rest.rules = before.rules
        rest.source = before.source
        #expect(rest == before)
        #expect(text.contains(/# accepted by Ann, \d{4}-\d{2}-\d{2}\n/))
        for line in (policy ?? "").split(whereSeparator: \.isNewline) where line != "rules: []" {
            #expect(text.contains(line))
        }
    }

    @Test(arguments: [
        "version: 1\nrules: [{name: old, when: always, then: reject}]\n", "{version: 1}\n", "version: 2\n",
    ])
    func `a policy that can't be added to stays as it was`(policy: String) throws {
        let path = NSTemporaryDirectory() + "/quench-policy-" + UUID().uuidString
        defer { for name in [path, path + ".lock"] { try? FileManager.default.removeItem(atPath: name) } }
        try Data(policy.utf8).write(to: URL(fileURLWithPath: path))
        let reviewer = try Reviewer("Ann")
        #expect(throws: PipelineError.self) {
            try PolicyRules.accept(Self.rules, intoPolicyAt: path, by: reviewer)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == policy)
    }

    @Test func `rules that are accepted at one time are all there afterwards`() async throws {
        let path = NSTemporaryDirectory() + "/quench-policy-" + UUID().uuidString
        defer { for name in [path, path + ".lock"] { try? FileManager.default.removeItem(atPath: name) } }
        let reviewer = try Reviewer("Ann")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let rule = DeviceRule(name: "rule \(number)", condition: .all([]), effect: .reject)
                group.addTask { _ = try PolicyRules.accept([rule], intoPolicyAt: path, by: reviewer) }
            }
            try await group.waitForAll()
        }
        let policy = try Policy(yaml: try String(contentsOfFile: path, encoding: .utf8))
        #expect(Set(policy.rules.map(\.name)) == Set((0..<40).map { "rule \($0)" }))
    }

    @Test func `a second rule of one name is refused`() throws {
        let text = PolicyRules.text(of: [Self.rules[2]])
        #expect(throws: PipelineError.self) { try accepted(into: text) }
    }
}

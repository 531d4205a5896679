import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

struct ScriptLintTests {
    private func rules(_ script: String, version: String = "6.6") -> [String] {
        ScriptLint("version \"\(version)\"\n" + script).diagnostics.map(\.rule.name)
    }

    @Test(arguments: [
        ("(0008,002A) := shiftDateTimeByIncrement[(0008,002A), \"14\"]", "seconds-for-days"),
        ("n := 14\n(0008,002A) := shiftDateTimeByIncrement[(0008,002A), n]", "seconds-for-days"),
        ("shiftDateTimeSequenceByIncrement[\"-30\", \"(5200,9230)/(0018,9074)\"]", "seconds-for-days"),
        ("-(0010,0030)\n(0010,0030) := shiftDateByIncrement[(0010,0030), 5]", "deleted-source"),
        ("-(0008,1140)\n(0008,0018) := hashUID[(0008,1140)[0]/(0008,1155)]", "deleted-source"),
        ("removeTags[*/(0008,0050)]\n(0008,0050) := hashUID[(0008,0050)]", "deleted-source"),
        ("-(0010,4713)", "unknown-tag"),
        ("(0010,0010) := subject\n-(0008,0099)/(0010,0020)", "unknown-tag"),
        ("(0010,1000) := subject", "retired-tag"),
        ("(0008,1048) := \"\"", "creates-element"),
        ("(0008,1140)[0]/(0008,1155) := \"1.2\"", "creates-element"),
        ("(0010,0020) := hashUID[(0010,0020)]", "unkeyed-hash"),
        ("(0010,0020) := hashUID[concatenate[\"x\", (0010,0010)]]", "unkeyed-hash"),
        ("hashUIDList[(0008,0018), (0008,0050)]", "unkeyed-hash"),
        ("(0010,0020) := concatenate[\"a\", (0008,1048)]", "absent-argument"),
        ("(0010,0010) := (0010,0020)", "copied-identifier"),
        ("(0010,4000) := format[\"of {0}\", (0008,0090)]", "copied-identifier"),
        ("(0010,0010) := (0010,0010)", "self-assignment"),
        ("(0008,0021) := shiftDateByIncrement[(0008,0020), 5]", "shifted-from-elsewhere"),
        ("(0010,0010) := site", "given-variable"),
        ("if (modalityLabel = \"CT\") {\nv := \"a\"\n}\n(0010,0010) := v", "conditional-variable"),
        ("modalityLabel = \"CT\" ? v := \"a\"\necho v", "conditional-variable"),
        ("(0008,1140) := \"none\"", "sequence-value"), ("(0008,1140)[0]/(0040,A170) := subject", "sequence-value"),
        ("set[\"(0008,1140)\", \"none\"]", "sequence-value"),
        ("-(0008,0005)", "character-set"),
        ("-(0020,000D)", "required-attribute"),
        ("reject[]\n-(0010,0010)", "unreachable"),
        ("alterPixels[\"rectangle\", \"l=0, t=0, r=9, b=9\", \"solid\", \"v=100\"]", "redaction-fill"),
        ("-(60XX,3000)", "wildcard-group"),
        ("-(0019,{HOLOGIC, Inc.}06)", "creator-characters"),
        ("removeTags[\"(0010,0020)\"]", "quoted-path"),
        ("mapReferencedUIDs[\"1.2\", (0008,0018)]", "quoted-path"),
        ("# by hand", "hash-comment"),
        ("-(0033,1013)", "bare-private-tag"),
    ])
    func `each trap is found`(script: String, rule: String) {
        #expect(rules(script).contains(rule))
    }

    @Test(arguments: [
        "(0008,0022) := shiftDateByIncrement[(0008,0022), \"-14\"]",
        "(0008,002A) := shiftDateTimeByIncrement[(0008,002A), \"14\", \"days\"]",
        "shiftDateTimeListByIncrement[{(0008,0020)}, \"14\", \"days\"]",
    ])
    func `a date that the profile shifts as well is shifted twice`(script: String) {
        func rules(_ options: Set<ProfileOption>) -> [String] {
            ScriptLint("version \"6.6\"\n" + script, options: options).diagnostics.map(\.rule.name)
        }
        #expect(rules([.retainLongitudinalModifiedDates]).contains("shifted-twice"))
        #expect(
            !rules([.retainLongitudinalFullDates]).contains("shifted-twice") && !rules([]).contains("shifted-twice"))
    }

    @Test(arguments: [
        "(0008,002A) := shiftDateTimeByIncrement[(0008,002A), \"14\", \"days\"]",
        "(0008,002A) := shiftDateTimeByIncrement[(0008,002A), 1209600]",
        "(0008,0022) := shiftDateByIncrement[(0008,0022), \"14\"]",
        "-(0010,0030)\n(0010,0030) := \"19000101\"\n(0010,1010) ?= \"089Y\"",
        "(0010,0010) := subject\n(0010,0020) := session",
        "(0010,0020) := subject\n(0010,0010) := (0010,0020)",
        "(0008,1048) ?= \"\"",
        "isPresent[(0008,1048)] ? (0008,1048) := \"\"",
        "if (isPresent[(0018,0015)]) {\n(0010,0020) := concatenate[\"a\", lowercase[(0018,0015)]]\n}",
        "(0008,0018) := hashUID[(0008,0018)]",
        "describe site \"Where\"\n(0010,0010) := site",
        "if (modalityLabel = \"CT\") {\nv := \"a\"\necho v\n} else {\nv := \"b\"\n}\n(0010,0010) := v",
        "modalityLabel = \"CT\" ? v := \"a\" : v := \"b\"\n(0010,0010) := v",
        "isPresent[(0008,1140)] ? (0008,1140) := \"\"",
        "(0020,0052) := hashUID[(0020,0052)]",
        "salt := \"a site's own secret\"\n(0010,0020) := hashUID[concatenate[salt, (0010,0020)]]",
        "(0012,0062) := \"YES\"\n(0028,0303) := \"REMOVED\"\n(0012,0064)[0]/(0008,0100) := \"113100\"",
        "-(0009,{ACME 1.0}1X)\n-(50X@,XXXX)\n-*/(0008,1140)/(0008,1155)",
        "(0008,0060) = \"US\" ? reject[]\n-(0010,1000)",
        "(0018,0000) ?= \"\"",
    ])
    func `what does what it says is left alone`(script: String) {
        let found = ScriptLint("version \"6.6\"\n" + script + "\n").diagnostics
        #expect(found.isEmpty, "\(found.map(\.message))")
    }

    @Test func `an empty string is noted where the version is an early one`() {
        #expect(rules("(0010,0010) := \"\"", version: "6.1") == ["empty-assignment"])
        #expect(rules("(0010,0010) := \"\"", version: "6.6").isEmpty)
    }

    @Test func `traps in branches are found as well`() {
        let script = "if (modalityLabel = \"CT\") {\n    (0010,0020) := hashUID[(0010,0020)]\n}"
        let found = ScriptLint("version \"6.6\"\n" + script).diagnostics
        #expect(found.map(\.position) == [ScriptPosition(line: 3, column: 20)])
        #expect(found.map(\.length) == [20])
    }

    @Test func `a deletion that is not always made takes no source away`() {
        #expect(
            rules("modalityLabel = \"CT\" ? -(0010,0030)\n(0010,0030) := shiftDateByIncrement[(0010,0030), 5]").isEmpty)
    }

    // MARK: - The gap

    private func gap(_ script: String, options: Set<ProfileOption> = []) -> ProfileGap {
        ScriptLint("version \"6.6\"\n" + script, options: options).gap
    }

    // 554 rows are not retired, 463 of them in a standard IOD: counted in the table itself.
    @Test func `a script that does nothing leaves all 463 live rows`() {
        let gap = gap("")
        #expect(gap.rows.count == 463)
        #expect(gap.untouchedAtRoot.count == 463)
        #expect(gap.untouchedNested.count == 463)
        #expect(gap.privateElements == .never)
        #expect(gap.missingMarkers.count == 3)
    }

    @Test func `the root and the levels below are told apart`() {
        let gap = gap("-(0010,0010)\n-*/(0008,0090)\n-+/(0008,0050)\nhashUIDList[(0008,0018), */(0008,1155)]")
        #expect(gap.untouchedAtRoot.count == 463 - 4)
        #expect(gap.untouchedNested.count == 463 - 3)
        #expect(gap.rows.first { $0.attribute == "(0008,0050)" }?.root == .never)
        #expect(gap.rows.first { $0.attribute == "(0008,0050)" }?.nested == .always)
    }

    @Test func `what a condition decides is touched only sometimes`() {
        let gap = gap("(0008,0060) = \"CT\" ? -(0010,0010)\nif (true[]) { removeAllPrivateTags }")
        #expect(gap.rows.first { $0.attribute == "(0010,0010)" }?.root == .sometimes)
        #expect(gap.privateElements == .sometimes)
        #expect(gap.untouchedAtRoot.count == 463)
    }

    @Test func `lists in variables, wildcards and overlays count`() {
        let gap = gap(
            """
            uids := {(0008,0018), (0020,000D)}
            hashUIDList[uids]
            -(60X@,3000)
            -(0040,XXXX)
            removeTags["(0010,0020)"]
            """)
        #expect(gap.rows.first { $0.attribute == "(60xx,3000)" }?.root == .always)
        #expect(gap.rows.first { $0.attribute == "(0020,000D)" }?.root == .always)
        #expect(gap.rows.filter { $0.attribute.hasPrefix("(0040,") }.allSatisfy { $0.root == .always })
        #expect(gap.rows.first { $0.attribute == "(0010,0020)" }?.root == .always)
    }

    @Test func `options leave out what they keep`() {
        let all = gap("")
        let kept = gap("", options: [.retainUIDs, .retainLongitudinalFullDates])
        #expect(kept.rows.count + kept.keptCount == 463)
        #expect(kept.keptCount > 150)
        #expect(!kept.rows.contains { $0.attribute == "(0008,0018)" || $0.attribute == "(0008,0020)" })
        #expect(all.untouched(by: .retainUIDs).kept == gap("", options: [.retainUIDs]).keptCount)
    }

    @Test(arguments: [
        "", "-(0010,0010)\n(0010,0020) := subject\nremoveAllPrivateTags", "-*/(0008,0090)\n-+/(0008,0050)",
        "(0008,0060) = \"CT\" ? -(0010,0010)",
    ])
    func `the suggested completion closes the gap, and is a script that XNAT runs`(script: String) throws {
        let completed = script + "\n" + gap(script).completion
        let lint = ScriptLint("version \"6.6\"\n" + completed)
        #expect(!lint.isRefused)
        #expect(lint.gap.untouchedAtRoot.isEmpty)
        #expect(lint.gap.untouchedNested.isEmpty)
        #expect(lint.gap.privateElements == .always)
        #expect(lint.gap.missingMarkers.isEmpty)
        #expect(lint.gap.completion.isEmpty)
    }

    @Test func `the completion removes the canary from every row, at root level and in items`() throws {
        let completion = gap("").completion
        let elements = gap("").rows.compactMap { row -> DataElement? in
            guard let tag = Tag(parsing: row.attribute) else { return nil }
            return Canary.element(tag, DataDictionary.vr(tag))
        }
        let item = DataSet(elements: elements)
        let dataSet = DataSet(
            elements: (elements + [DataElement(tag: tag("52009229"), items: [item])]).sorted { $0.tag < $1.tag })
        let result = try Bench.run(completion, dataSet)
        let meta = DataSet(elements: [DataElement(tag: .transferSyntaxUID, vr: .ui, ascii: "1.2.840.10008.1.2.1")])
        let object = DICOMObject(
            fileMeta: meta, dataSet: result.dataSet, transferSyntax: .explicitVRLittleEndian)
        var left: [String] = []
        result.dataSet.walk { path, element, dataSet in
            guard case .bytes(let bytes) = element.value, let bytes = try? bytes.load() else { return }
            if Canary.sings(in: bytes) { left.append(path.description) }
        }
        #expect(left.isEmpty)
        #expect(!Canary.sings(in: try object.serialized()))
    }
}

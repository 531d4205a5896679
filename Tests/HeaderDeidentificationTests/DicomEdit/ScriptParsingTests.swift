import HeaderDeidentification
import Testing

struct ScriptParsingTests {
    private func diagnostics(_ script: String, _ tolerance: ScriptTolerance = .strict) -> [ScriptDiagnostic] {
        DicomEditScript.examined(script, tolerance: tolerance).diagnostics
    }

    @Test func `every statement of the language is read`() {
        let script = """
            version "6.6"
            // a comment of its own
            describe site "Where the scanner stands"
            describe station hidden
            export site "xnat:subjectData/site"
            prefix := "P"
            list := {(0008,0018), "a", 12, prefix, {"b", hashUID["1.2"]}}
            (0010,0010) := subject
            (0010,0020) ?= prefix   // at the end of a line
            - (0010,1000)
            -(0019,{SIEMENS MR HEADER}0F)
            -*/(0008,0090)
            - + / (0010, 0010)
            -(0040,0275)[0]/(0040,0009)
            -(0018,XX#@)
            echo (0010,0010)
            echo
            removeAllPrivateTags
            hashUIDList[(0008,0018), */(0008,1155)]
            (0008,0060) = "MR" ? (0008,103E) := "x" : -(0008,103E)
            isPresent[(0010,0030)] ? -(0010,0030)
            if ((0008,0060) != "CT") {
                -(0018,0015)
            } elseif ((0008,0060) ~ "C.*") { -(0018,0010) }
            else {

                if (ismatch[(0008,0070), "GE.*"]) { -(0018,1000) }
            }
            (0008,1030) := concatenate[project, \\
                "_", session]
            """
        #expect(diagnostics(script).isEmpty)
    }

    @Test func `a script says which variables it must be given, and what it says about them`() throws {
        let script = try DicomEditScript(
            parsing: """
                version "6.1"
                describe pid "Subject"
                a := project
                (0010,0020) := concatenate[a, pid]
                pid := "x"
                """)
        #expect(script.givenVariables == ["project", "pid"])
        #expect(script.variableNotes.map(\.variable) == ["pid"])
        #expect(script.variableNotes.first?.kind == .description("Subject"))
        #expect(script.variableNotes.first?.position == ScriptPosition(line: 2, column: 1))
    }

    @Test func `a mistake is reported with its line and column`() throws {
        let error = #expect(throws: DicomEditError.self) {
            try DicomEditScript(parsing: "version \"6.6\"\n\n(0010,0010) := := \"x\"\n")
        }
        #expect(error?.position == ScriptPosition(line: 3, column: 16))
        #expect(error?.code == .refused)
    }

    @Test func `columns stay right behind a continued line`() {
        let found = diagnostics("version \"6.6\"\n(0010,0010) := \\\n   bad[\"x\"]\n")
        #expect(found.map(\.position) == [ScriptPosition(line: 3, column: 4)])
        #expect(found.map(\.rule.name) == ["unknown-function"])
    }

    @Test func `one run reports every mistake`() {
        let found = diagnostics(
            """
            version "6.6"
            (0010,0010) :=
            -(0010,00)
            (0010,0020) := "unclosed
            -(0010,0030)
            bad[]
            """)
        #expect(
            found.map { "\($0.position.line) \($0.rule.name)" } == [
                "2 syntax", "3 syntax", "4 quotes", "6 unknown-function",
            ])
    }

    @Test(arguments: [
        ("# a comment\n", "hash-comment"),
        ("-(0033,1013)\n", "bare-private-tag"),
        ("(0010,0010) := 'x'\n", "quotes"),
        ("(0010,0010) := \u{201C}x\u{201D}\n", "quotes"),
        ("(0010,0010) := \"a\\d\"\n", "escape"),
        ("(0010,0010) := lowercase(\"A\")\n", "parentheses"),
        ("-(0010,0010) -(0010,0020)\n", "one-statement-a-line"),
        ("(0010,00X0) := \"\"\n", "wildcard-target"),
        ("*/(0010,0010) := \"\"\n", "wildcard-target"),
        ("(0008,1140)/(0008,1155) := \"1.2\"\n", "item-number"),
        ("(0010,0010) := (0008,1140)/(0008,1155)\n", "item-number"),
        ("version \"6.6\"\n", "version"),
        ("delete[(0010,0010)]\n", "argument"),
    ])
    func `what XNAT refuses is refused, and runs with a warning where it is tolerated`(script: String, rule: String) {
        #expect(Bench.refusals(script) == [rule])
        #expect(Bench.refusals(script, tolerance: .tolerant).isEmpty)
        let warned = diagnostics("version \"6.6\"\n" + script, .tolerant)
        #expect(warned.contains { $0.rule.name == rule && $0.severity == .warning })
    }

    @Test(arguments: [
        ("(0010,0010) := getURL[\"http://x\"]\n", "unsupported-function"),
        ("(0010,0010) := hashuid[\"1\"]\n", "unknown-function"),
        ("(0010,0010) := lowercase[]\n", "argument-count"),
        ("(0010,0010) := hashUIDList[(0008,0018)]\n", "argument"),
        ("(0010,0010) := */(0008,0018)\n", "wildcard-value"),
        ("(0010,0010) := match[(0010,0010), \"(\", 1]\n", "pattern"),
        ("(0010,0010) ~ \"[a\" ? -(0010,0010)\n", "pattern"),
        ("(0008,0020) := shiftDateByIncrement[(0008,0020), 1, \"weeks\"]\n", "units"),
        ("(0008,0020) := shiftDateByIncrement[(0008,0020), \"1.5\"]\n", "argument"),
        ("alterPixels[\"circle\", \"l=0,t=0,r=1,b=1\", \"solid\", \"v=0\"]\n", "argument"),
        ("alterPixels[\"rectangle\", \"l=9,t=0,r=1,b=1\", \"solid\", \"v=0\"]\n", "argument"),
        ("alterPixels[\"rectangle\", \"l=0,t=0,r=1\", \"solid\", \"v=0\"]\n", "argument"),
        ("alterPixels[\"rectangle\", \"l=0,t=0,r=1,b=1\", \"solid\", \"v=256\"]\n", "argument"),
        ("retainPrivateTags[(0010,0010)]\n", "argument"),
        ("mapReferencedUIDs[\"1.2\", \"patient\"]\n", "argument"),
        ("set[\"(0010,00X0)\", \"x\"]\n", "argument"),
        ("-(0010,{ACME}10)\n", "bare-private-tag"),
        ("(0002,0010) := \"1.2.840.10008.1.2.1\"\n", "argument"),
        ("removeTags[\"patient\"]\n", "argument"),
        ("if := \"x\"\n", "syntax"),
        ("(0010,0010) := version\n", "reserved-name"),
        ("}\n", "syntax"),
        ("if ((0008,0060) = \"CT\") {\n-(0010,0010)\n", "syntax"),
        ("else { }\n", "syntax"),
        ("project\n", "syntax"),
        ("(0010,0010) := \"a\nb\"\n", "quotes"),
    ])
    func `what has no clear meaning is refused in either case`(script: String, rule: String) {
        #expect(Bench.refusals(script).first == rule)
        #expect(Bench.refusals(script, tolerance: .tolerant).first == rule)
    }

    @Test(arguments: [
        ("(0010,0010) = \"x\"\n", "write := to assign"),
        ("(0010,0010) == \"x\" ? -(0010,0010)\n", "one = compares, := assigns"),
        ("if (true[]) { } else if (true[]) { }\n", "write elseif for else if"),
        ("-(0010,0010);\n", "a statement ends with its line"),
        ("true[] && false[] ? -(0010,0010)\n", "there is no and, no or: nest conditions, if (a) { if (b) { … } }"),
        ("(0010,0010) := hashuid[\"1\"]\n", "write hashUID"),
        ("-(0033,1013)\n", "write (0033,{Creator ID}13), or removeAllPrivateTags"),
    ])
    func `usual mistakes come with a way out`(script: String, hint: String) {
        #expect(diagnostics("version \"6.6\"\n" + script).first?.hint == hint)
    }

    @Test func `a byte order mark and the line ends of other systems are no mistake`() {
        #expect(diagnostics("\u{FEFF}version \"6.6\"\r\n(0010,0010) := \\\r\n \"x\"\r\n-(0010,0020)\r").isEmpty)
        #expect(diagnostics("version \"6.6\"\r\n\r\n-(0010,00)\r\n").map(\.position.line) == [3])
    }

    @Test(arguments: ["6.0", "6.1", "6.7", "6.10", "6.11"])
    func `known versions are accepted`(version: String) {
        #expect(diagnostics("version \"\(version)\"\n-(0010,0010)\n").isEmpty)
    }

    @Test(arguments: ["6.x", "6.X", "X.x", "6.8", "6.9", "6", "4.2", "6.06", "6.1.2", "", "7.0"])
    func `placeholders and unknown versions are refused`(version: String) {
        let script = "version \"\(version)\"\n-(0010,0010)\n"
        #expect(diagnostics(script).map(\.rule.name) == ["version"])
        #expect(diagnostics(script, .tolerant).map(\.severity) == [.warning])
    }

    @Test func `a script without a version is one of DicomEdit 4 to XNAT, and refused`() {
        #expect(diagnostics("-(0010,0010)\n").map(\.rule.name) == ["missing-version"])
        #expect(diagnostics("").map(\.rule.name) == ["missing-version"])
    }

    // MARK: - Hostile scripts

    @Test func `nesting is bounded`() {
        let deep = String(repeating: "lowercase[", count: 5000)
        #expect(Bench.refusals("(0010,0010) := " + deep) == ["too-deep"])
        let lists = String(repeating: "{", count: 100_000)
        #expect(Bench.refusals("a := " + lists).contains("too-deep"))
        let blocks = String(repeating: "if (true[]) {\n", count: 3000)
        #expect(Bench.refusals(blocks).contains("too-deep"))
        let path = String(repeating: "(0008,1140)[0]/", count: 400)
        #expect(Bench.refusals("-" + path + "(0008,1155)") == ["too-deep"])
    }

    @Test func `a script of a million characters and one of too many statements are refused, not read for ever`() {
        #expect(Bench.refusals(String(repeating: "-(0010,0010)\n", count: 100_000)).contains("too-large"))
        #expect(!Bench.refusals(String(repeating: "\"", count: 200_000)).isEmpty)
        #expect(!Bench.refusals(String(repeating: "((((", count: 50_000)).isEmpty)
    }

    @Test func `no prefix of a script and no changed character makes the parser fail`() {
        let script = """
            version "6.6"
            (0010,0010) := concatenate[project, "_", {"a"}] // c
            if (ismatch[(0008,0070), "GE.*"]) { -(0018,{ACME}1X)[%]/* } else { a ?= 3 }
            """
        for length in 0...script.count {
            _ = diagnostics(String(script.prefix(length)))
        }
        for index in script.indices {
            for character in ["\"", "{", "(", "\\", "#", "\n", "\0", "é"] {
                var changed = script
                changed.replaceSubrange(index...index, with: character)
                _ = diagnostics(changed, .tolerant)
            }
        }
    }
}

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Scripts of random pieces: whatever they are, they end in a result or an error that says nothing of the patient.
struct ScriptFuzzTests {
    /// The same numbers in every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private static let pieces = [
        "(0010,0010)", "(0010,0020)", "(0008,1140)", "(0008,1155)", "(0010,00X@)", "(0019,{ACME}01)", "(0019,{ACME}X#)",
        "(0028,0010)", "(0008,002A)", "(5200,9230)", "(0008,0005)", "(7FE0,0010)", "(0002,0003)", "*", "+", ".", "/",
        "[0]",
        "[%]", "[1]", ":=", "?=", "-", "=", "!=", "~", "!~", "?", ":", ",", "{", "}", "(", ")", "[", "]", "\"a\"",
        "\"\"",
        "\"14\"", "\"days\"", "\"(\"", "\"[a-z]+(x)?\"", "\"1.2\"", "\"(0008,1140)[0]/(0008,1155)\"", "0", "1", "-3",
        "99",
        "2.5", "project", "a", "b", "if (", "elseif (", "else {", "echo", "reject[", "removeAllPrivateTags", "\\\n",
        "\n", "// c",
        "'", "#", "\\", "\u{0}", "é", "describe", "export", "hidden",
    ]

    private static let functions = [
        "concatenate", "format", "lowercase", "uppercase", "replace", "substring", "match", "ismatch",
        "normalizeString",
        "urlEncode", "lookup", "default", "hashUID", "hashUIDList", "newUID", "mapUID", "mapReferencedUIDs",
        "shiftDateByIncrement", "shiftDateTimeByIncrement", "shiftDateTimeSequenceByIncrement",
        "shiftDateTimeListByIncrement", "scalePatientAgeAndDobFromStudyDate", "delete", "removeTags", "set",
        "blankValues",
        "collectValues", "retainPrivateTags", "alterPixels", "isPresent", "true", "false", "reject",
    ]

    private var dataSet: DataSet {
        let uid = DataElement(tag: tag("00081155"), vr: .ui, ascii: "1.2.3")
        let time = DataElement(tag: tag("0008002A"), vr: .dt, ascii: "20200101")
        return Bench.dataSet(
            Bench.name, Bench.id, time, DataElement(tag: tag("00190010"), vr: .lo, ascii: "ACME"),
            DataElement(tag: tag("00191001"), vr: .un, bytes: [1, 2, 255, 0]),
            DataElement(tag: tag("00280010"), vr: .us, bytes: [0, 2]),
            DataElement(tag: .pixelData, vr: .ow, bytes: [0, 0, 1, 1]),
            Bench.sequence(tag("00081140"), [uid], [uid, Bench.sequence(tag("52009230"), [time, Bench.name])]))
    }

    @Test func `no script of random pieces crashes, or tells a value`() {
        var random = Generator(state: 42)
        for _ in 0..<1500 {
            let script = (0..<Int.random(in: 1...25, using: &random)).map { _ in
                Self.pieces.randomElement(using: &random) ?? ""
            }.joined(separator: Bool.random(using: &random) ? " " : "")
            run("version \"6.6\"\n" + script)
        }
    }

    @Test func `no function crashes on arguments of any kind`() {
        var random = Generator(state: 7)
        let arguments = [
            "(0010,0010)", "(0008,002A)", "(0028,0010)", "(0010,1005)", "*/(0008,1155)", "(0008,1140)[0]/(0008,1155)",
            "(0008,1140)", "(0019,{ACME}01)", "\"\"", "\"a\"", "\"14\"", "\"days\"", "\"1.2\"", "\"(a*)*\"",
            "\"(0008,002A)\"", "-1",
            "0", "1", "7", "{}", "{(0010,0010), {\"x\"}}", "project", "newUID[]", "collectValues[*/(0010,0010)]",
            "match[\"a\", \"b\", 0]", "\"rectangle\"", "\"l=0,t=0,r=1,b=1\"", "\"solid\"", "\"v=0\"",
        ]
        for name in Self.functions {
            for _ in 0..<60 {
                let chosen = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    arguments.randomElement(using: &random) ?? ""
                }
                let call = "\(name)[\(chosen.joined(separator: ", "))]"
                run("version \"6.6\"\n\(call)")
                run("version \"6.6\"\n(0010,4000) := \(call)")
                run("version \"6.6\"\n\(call) ? -(0010,0010)")
            }
        }
    }

    private func run(_ script: String) {
        if script.utf8.count % 5 == 0 { _ = ScriptLint(script) }
        var object = object(dataSet.elements)
        do {
            let result = try DicomEditScript(parsing: script, tolerance: .tolerant)
                .apply(to: &object, context: Bench.context)
            #expect(!"\(result.changes)\(result.warnings)\(result.echoes)".contains("Zzcanary"))
            if result.rejection == nil { _ = try object.serialized() }
        } catch {
            #expect(!"\(error)".contains("Zzcanary"))
            #expect(error is DicomEditError, "\(error) \(script)")
        }
    }
}

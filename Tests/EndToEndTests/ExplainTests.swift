import DICOMFile
import DICOMModel
import Foundation
import Testing

/// `quench explain` and `quench inventory`, as a user runs them.
@Suite struct ExplainTests {
    private let values = ["HOSP-4711", "Fitzwilliam", "ACC100001", "20240305", "Quartermaine", "Follow-up"]

    private func rows(_ output: String) -> [String: String] {
        var rows: [String: String] = [:]
        for line in output.split(separator: "\n") where line.hasPrefix("(") {
            let words = line.split(separator: " ", maxSplits: 1)
            rows[String(words[0])] = words.dropFirst().joined().split(separator: " ").dropFirst(2).joined(
                separator: " ")
        }
        return rows
    }

    @Test func `explain says what becomes of each Attribute and by which rule, without values`() throws {
        let nested = DataElement(
            tag: Tag(0x0040, 0x0275),
            items: [DataSet(elements: [DataElement(tag: .accessionNumber, vr: .sh, ascii: "ACC100001")])])
        let study = SmallStudy(elements: [nested, DataElement(tag: Tag(0x0009, 0x1001), vr: .lo, ascii: "Fitzwilliam")])
        try SmallRun.with([study]) { run in
            let script = try run.write("site.das", "version \"6.6\"\n(0010,0010) := subject\n- (0008,0090)\n")
            let cohort = try run.write("cohort.csv", "ACC100001,S1,S1_CT1\n")
            let finished = try Shell.quench("explain", run.input + "/1", "--script", script, "--cohort", cohort)
            #expect(finished.status == 0, "\(finished.output)")
            let rows = rows(finished.output)
            #expect(rows["(0008,0016)"] == "kept not listed")
            #expect(rows["(0008,0018)"] == "replaced E.1-1 U")
            #expect(rows["(0008,0050)"] == "emptied E.1-1 Z")
            #expect(rows["(0008,0090)"] == "removed script 1, line 3; E.1-1 Z")
            #expect(rows["(0009,1001)"] == "removed E.1-1 private")
            #expect(rows["(0010,0010)"] == "replaced script 1, line 2; cohort list; E.1-1 Z")
            #expect(rows["(0010,4000)"] == "created cohort list")
            #expect(rows["(0040,0275)"] == "removed E.1-1 X")
            #expect(rows["(0012,0062)"] == "created PS3.15 E.1.1")
            for value in values + ["S1_CT1"] { #expect(!finished.output.contains(value)) }
        }
    }

    @Test func `what comes and goes with what a script writes is said to be the script's`() throws {
        let nested = DataElement(
            tag: Tag(0x0040, 0x0275),
            items: [
                DataSet(elements: [
                    DataElement(tag: Tag(0x0009, 0x0010), vr: .lo, ascii: "VENDOR ONE"),
                    DataElement(tag: Tag(0x0009, 0x1001), vr: .lo, ascii: "one"),
                ])
            ])
        try SmallRun.with([SmallStudy(elements: [nested])]) { run in
            let script = try run.write(
                "site.das",
                """
                version "6.6"
                (0008,1072)[0]/(0008,0080) := "Northgate"
                (0019,{VENDOR TWO}12) := "two"
                - (0040,0275)[%]/(0009,{VENDOR ONE}01)
                """)
            let policy = try run.write("site.yaml", "version: 1\nscripts:\n  order: instead-of-profile\n")
            let finished = try Shell.quench("explain", run.input + "/1", "--script", script, "--policy", policy)
            let rows = rows(finished.output)
            #expect(rows["(0008,1072)"] == "created script 1, line 2")
            #expect(rows["(0019,0010)"] == "created script 1, line 3")
            #expect(rows["(0040,0275)[0]/(0009,0010)"] == "removed script 1, line 4")
            #expect(rows["(0012,0062)"] == "created PS3.15 E.1.1")
        }
    }

    /// A text that Table E.3.4-1 has as X, before a measurement that it doesn't have.
    private var report: DataElement {
        func item(_ type: String, _ concept: String, _ value: DataElement) -> DataSet {
            let code = DataSet(elements: [
                DataElement(tag: Tag(0x0008, 0x0100), vr: .sh, bytes: Array(concept.utf8)),
                DataElement(tag: Tag(0x0008, 0x0102), vr: .sh, ascii: "DCM"),
            ])
            return DataSet(elements: [
                DataElement(tag: Tag(0x0040, 0xA040), vr: .cs, bytes: Array(type.utf8)),
                DataElement(tag: Tag(0x0040, 0xA043), items: [code]), value,
            ])
        }
        let number = DataSet(elements: [DataElement(tag: Tag(0x0040, 0xA30A), vr: .ds, ascii: "412.5")])
        return DataElement(
            tag: Tag(0x0040, 0xA730),
            items: [
                item("TEXT", "121022", DataElement(tag: Tag(0x0040, 0xA160), vr: .ut, ascii: "ACC100001")),
                item("NUM", "113813", DataElement(tag: Tag(0x0040, 0xA300), items: [number])),
            ])
    }

    @Test func `what follows a content item that is left out is found in its new place`() throws {
        try SmallRun.with([SmallStudy(elements: [report])]) { run in
            let policy = try run.write(
                "site.yaml", "version: 1\ndeidentification:\n  options: [clean-structured-content]\n")
            let cleaned = rows(try Shell.quench("explain", run.input + "/1", "--policy", policy).output)
            #expect(cleaned["(0040,A730)"] == "replaced E.1-1 D, 113104 C")
            #expect(cleaned["(0040,A730)[0]/(0040,A160)"] == "removed E.3.4-1 X")
            #expect(cleaned["(0040,A730)[0]/(0040,A040)"] == "removed E.3.4-1 X")
            #expect(cleaned["(0040,A730)[1]/(0040,A040)"] == "kept not listed")
            #expect(cleaned["(0040,A730)[1]/(0040,A300)"] == "kept E.3.4-1 unlisted K")
            #expect(cleaned["(0040,A730)[1]/(0040,A300)[0]/(0040,A30A)"] == "kept not listed")
            let basic = rows(try Shell.quench("explain", run.input + "/1").output)
            #expect(basic["(0040,A730)[1]/(0040,A040)"] == "removed with (0040,A730)")
        }
    }

    @Test func `values are shown only when they are asked for`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let shown = try Shell.quench("explain", run.input + "/1", "--show-values")
            for value in values { #expect(shown.output.contains(value)) }
            let json = try Shell.quench("explain", run.input + "/1", "--json")
            for value in values { #expect(!json.output.contains(value)) }
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            let only = try #require((object?["objects"] as? [[String: Any]])?.first)
            let first = try #require((only["rows"] as? [[String: Any]])?.first)
            #expect(first["path"] as? String == "(0008,0016)")
        }
    }

    @Test func `the report lists what stays by rule, and common words that didn't block, without a value`() throws {
        let part = DataElement(tag: Tag(0x0018, 0x0015), vr: .cs, ascii: "HEAD")
        try SmallRun.with([SmallStudy(patientName: "Head^Ada", elements: [part])]) { run in
            #expect(try run.clean([]).status == 0)
            let text = try String(contentsOfFile: run.output + "/report/attributes.csv", encoding: .utf8)
            let rows = text.split(whereSeparator: \.isNewline).map(String.init)
            #expect(rows.contains("\"(0018,0015)\",BodyPartExamined,not listed,1,0"))
            #expect(rows.contains("\"(0010,0020)\",PatientID,E.1-1 Z/D,0,1"))
            #expect(rows.contains("\"(0008,0018)\",SOPInstanceUID,E.1-1 U,0,1"))
            #expect(!text.contains("(0008,1030)") && !text.contains("(0028,0301)"))
            let report = try String(contentsOfFile: run.output + "/report/report.json", encoding: .utf8)
            #expect(report.contains(##"{"kind":"person-name","attribute":"(0018,0015)","vr":"CS","instances":1}"##))
            #expect(!report.contains("HEAD"))
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `what is in the pixels is not looked at`() throws {
        let pixels = Array("Fitzwilliam".utf8) + [UInt8](repeating: 90, count: 64 * 64 - 11)
        try SmallRun.with([SmallStudy(elements: [DataElement(tag: .pixelData, vr: .ob, bytes: pixels)])]) { run in
            let finished = try Shell.quench("explain", run.input + "/1")
            #expect(finished.status == 0, "\(finished.output)")
            #expect(try run.clean([]).status == 3)
            #expect(try run.decisions() == ["quarantined verification-identifier-remains"])
        }
    }

    @Test func `what scripts leave, and the line on which one fails, are said`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let policy = try run.write("site.yaml", "version: 1\nscripts:\n  order: instead-of-profile\n")
            let script = try run.write("site.das", "version \"6.6\"\n- (0010,0010)\n")
            let left = try Shell.quench("explain", run.input + "/1", "--script", script, "--policy", policy)
            #expect(left.status == 3)
            #expect(left.output.contains("left: identifier in (0010,0020) LO"))
            #expect(left.output.contains("left: person-name in (0008,0090) PN"))
            #expect(!left.output.contains("HOSP"))
            let wrong = try run.write("wrong.das", "version \"6.6\"\n\n(0010,0020) := lowercase[(0010,1000)]\n")
            let failed = try Shell.quench("explain", run.input + "/1", "--script", script, "--script", wrong)
            #expect(failed.status == 3)
            #expect(failed.output.contains("failed: script 2, line 3"))
            let note = try run.write("note.txt", "no DICOM")
            #expect(try Shell.quench("explain", note).status == 1)
        }
    }

    @Test func `an inventory counts Attributes, values and what they look like, and shows none`() throws {
        let reference = DataElement(
            tag: Tag(0x0008, 0x1140),
            items: ["1.2.3.4.5.1", "1.2.3.4.5.2"].map { uid in
                DataSet(elements: [DataElement(tag: Tag(0x0008, 0x1155), vr: .ui, bytes: Array(uid.utf8))])
            })
        let studies = [
            SmallStudy(patientID: "943 476 5919", elements: [reference]),
            SmallStudy(
                patientID: "HOSP-4712", number: 2,
                elements: [DataElement(tag: Tag(0x0008, 0x0081), vr: .st, ascii: "1 Mill Lane, Oxford OX1 2JD")]),
        ]
        try SmallRun.with(studies) { run in
            _ = try run.write("input/note.txt", "no DICOM")
            let finished = try Shell.quench("inventory", run.input, "--json")
            #expect(finished.status == 0, "\(finished.errors)")
            let object = try JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any]
            #expect(object?["files"] as? Int == 2)
            #expect(object?["notDICOM"] as? Int == 1)
            let rows = try #require(object?["rows"] as? [[String: Any]])
            func row(_ path: String) -> [String: Any] { rows.first { $0["path"] as? String == path } ?? [:] }
            func detectors(_ path: String) -> [String: Int] { row(path)["detectors"] as? [String: Int] ?? [:] }
            let nested = row("(0008,1140)/(0008,1155)")
            #expect(nested["files"] as? Int == 1)
            #expect(nested["count"] as? Int == 2)
            #expect(nested["distinctValues"] as? Int == 2)
            #expect(row("(0008,0020)")["distinctValues"] as? Int == 1)
            #expect(row("(0010,0020)")["distinctValues"] as? Int == 2)
            #expect(detectors("(0008,0020)") == ["date-like": 1])
            #expect(detectors("(0010,0020)")["nhs-number"] == 1)
            #expect(detectors("(0010,0020)")["id-like"] == 2)
            #expect(detectors("(0010,0010)") == ["name-like": 1])
            #expect(detectors("(0008,0081)")["postcode"] == 1)
            #expect(detectors("(0028,0010)").isEmpty)
            for value in values + ["943 476", "HOSP-4712", "OX1"] { #expect(!finished.output.contains(value)) }
            #expect(try Shell.quench("inventory", run.input, "--show-values").output.contains("OX1 2JD"))
            let suspects = try Shell.quench("inventory", run.input, "--suspects")
            #expect(suspects.output.contains("(0010,0020)") && !suspects.output.contains("(0028,0010)"))
            #expect(Place.contents(of: run.input).count == 3, "nothing is written")
        }
    }

    /// An archive of everything in a folder, made by Python.
    private func archive(_ folder: String, _ path: String) throws {
        let program = "import shutil, sys; shutil.make_archive(sys.argv[2], 'zip', sys.argv[1])"
        let made = try Shell.run("/usr/bin/python3", ["-c", program, folder, path])
        #expect(made.status == 0, "\(made.errors)")
    }

    @Test(.enabled(if: Place.hasPython)) func `archives are taken apart, as clean does`() throws {
        try SmallRun.with([SmallStudy(), SmallStudy(patientID: "HOSP-4712", number: 2)]) { run in
            _ = try run.write("input/note.txt", "no DICOM")
            let path = run.folder + "/studies"
            try archive(run.input, path)
            let inside = try Shell.quench("inventory", path + ".zip")
            #expect(inside.status == 0, "\(inside.errors)")
            // An archive counts as what is in it.
            #expect(inside.errors.contains("inspecting 3/3"), "\(inside.errors)")
            #expect(inside.output == (try Shell.quench("inventory", run.input)).output)
            let explained = try Shell.quench("explain", path + ".zip")
            #expect(explained.status == 0, "\(explained.errors)")
            #expect(explained.output.contains("Object 1 of 2") && explained.output.contains("Object 2 of 2"))
            #expect(explained.output.components(separatedBy: "The header would pass.").count == 3)
            // A damaged one is said to be so, and not taken for an empty one.
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path + ".zip"))
            try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path + "-cut.zip"))
            let damaged = try Shell.quench("inventory", path + "-cut.zip")
            #expect(damaged.status == 1)
            #expect(damaged.output.contains("1 could not be read"))
            #expect(try Shell.quench("explain", path + "-cut.zip").status == 1)
        }
    }
}

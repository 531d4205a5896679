import DICOMFile
import DICOMModel
import Foundation
import Testing

/// `quench clean --script`, as a user runs it.
@Suite struct ScriptRunTests {
    private let instead = "version: 1\nscripts:\n  order: instead-of-profile\n"

    @Test func `before the profile, labels that a script writes stay, and nothing else that it keeps`() throws {
        let script = """
            version "6.6"
            (0010,0010) := subject
            (0008,1030) := project
            (0018,1030) := concatenate[project, "_", session]
            (0010,0020) := (0008,0050)
            """
        try SmallRun.with([SmallStudy()]) { run in
            let finished = try run.clean(["--script", try run.write("site.das", script), "--project", "LUNG"])
            #expect(finished.status == 0, "\(finished.errors)")
            let released = try #require(try run.released().first)
            #expect(released.string(Tag(0x0008, 0x1030)) == "LUNG")
            let subject = try #require(released.string(.patientName))
            #expect(subject.hasPrefix("QP-"))
            #expect(
                released.string(.patientID) == subject, "by the original's Patient ID, not by what a script made of it")
            #expect(released.string(Tag(0x0018, 0x1030))?.hasPrefix("LUNG_QS-") == true)
            #expect(released.string(.accessionNumber) == nil)
            #expect(!run.everything().contains("ACC100001"))
        }
    }

    @Test
    func
        `a script that shifts dates before a profile that does is warned of, and full dates that it shifts are modified`()
        throws
    {
        let script = "version \"6.6\"\n\n(0008,0020) := shiftDateByIncrement[(0008,0020), \"-10\"]\n"
        func policy(_ option: String) -> String { "version: 1\ndeidentification:\n  options: [\(option)]\n" }
        try SmallRun.with([SmallStudy()]) { run in
            let site = try run.write("site.das", script)
            let full = try run.write("full.yaml", policy("retain-longitudinal-full-dates"))
            let plain = try run.clean(["--script", site, "--policy", full])
            #expect(plain.status == 0 && !plain.errors.contains("warning"), "\(plain.errors)")
            let released = try #require(try run.released().first)
            #expect(released.string(.studyDate) == "20240224")
            #expect(released.string(Tag(0x0028, 0x0303)) == "MODIFIED")
            let modified = try run.write("modified.yaml", policy("retain-longitudinal-modified-dates"))
            let twice = try run.clean(["--script", site, "--policy", modified], to: run.folder + "/other")
            #expect(twice.status == 0)
            #expect(
                twice.errors.contains("warning: script 1, line 3: the profile's retain-longitudinal-modified-dates"))
        }
    }

    @Test func `alterPixels is a mask like any other, and the report says that a script asked for it`() throws {
        let script = """
            version "6.6"
            (0008,0060) = "CT" ? alterPixels["rectangle", "l=8, t=4, r=24, b=10", "solid", "v=0"]
            """
        try SmallRun.with([SmallStudy()]) { run in
            let finished = try run.clean(["--script", try run.write("site.das", script)])
            #expect(finished.status == 0, "\(finished.errors)")
            #expect(try run.decisions() == ["released-masked script-masked"])
            let pixels = try #require(try run.released().first?.bytes(.pixelData))
            for y in 0..<64 {
                for x in 0..<64 {
                    let isInside = (8..<24).contains(x) && (4..<10).contains(y)
                    #expect(pixels[y * 64 + x] == (isInside ? 0 : SmallStudy.sample(x: x, y: y)))
                }
            }
            let json = try String(contentsOfFile: run.output + "/report/report.json", encoding: .utf8)
            #expect(json.contains("\"category\":\"by-script\""))
            #expect(json.contains("script-1-line-2"))
        }
    }

    @Test func `reject keeps an instance out, and leaves its series alone`() throws {
        let script = "version \"6.6\"\n(0008,0050) = \"ACC100002\" ? reject[]\n"
        try SmallRun.with([SmallStudy(), SmallStudy(accessionNumber: "ACC100002", number: 2)]) { run in
            let finished = try run.clean(["--script", try run.write("site.das", script)])
            #expect(finished.status == 0)
            #expect(try run.decisions() == ["rejected script-rejected", "released"])
        }
    }

    @Test func `a lookup table gives a script its values, and a mistake in it is told with its line`() throws {
        let script = "version \"6.6\"\n(0018,1030) := subject\n(0008,0050) := lookup[\"acc\", (0008,0050)]\n"
        try SmallRun.with([SmallStudy(), SmallStudy(accessionNumber: "ACC100002", number: 2)]) { run in
            let site = try run.write("site.das", script)
            let table = try run.write("tables", "// by accession\nacc/ACC100001 = X1\n")
            #expect(try run.clean(["--script", site, "--lookup", table]).status == 3)
            #expect(try run.decisions() == ["quarantined script-failed", "released"])
            let wrong = try run.write("wrong", "acc/ACC100001 = X1\nACC100002 = X2\n")
            let refused = try run.clean(["--script", site, "--lookup", wrong], to: run.folder + "/other")
            #expect(refused.status == 2 && refused.errors.contains("lookup tables, line 2"))
            #expect(!refused.errors.contains("ACC"))
        }
    }

    @Test func `a script that fails on an instance holds it`() throws {
        let script = "version \"6.6\"\n(0010,0020) := lowercase[(0010,1000)]\n"
        try SmallRun.with([SmallStudy()]) { run in
            let finished = try run.clean(["--script", try run.write("site.das", script)])
            #expect(finished.status == 3)
            #expect(try run.decisions() == ["quarantined script-failed"])
            #expect(try run.released().isEmpty)
        }
    }

    @Test func `instead of the profile, what a script leaves of an identifier blocks release`() throws {
        let script = "version \"6.6\"\n(0010,0010) := subject\n(0010,0020) := session\n"
        try SmallRun.with([SmallStudy()]) { run in
            let arguments = [
                "--script", try run.write("site.das", script), "--policy", try run.write("site.yaml", instead),
            ]
            #expect(try run.clean(arguments).status == 3)
            #expect(
                try run.decisions() == ["quarantined script-left-identifier verification-identifier-remains"])
            #expect(try run.released().isEmpty)
        }
    }

    @Test func `instead of the profile, a script that leaves nothing is enough, and 113100 is not claimed`() throws {
        let script = """
            version "6.6"
            (0010,0010) := subject
            (0010,0020) := session
            hashUIDList[(0008,0018), (0020,000D), (0020,000E)]
            (0008,0020) := shiftDateByIncrement[(0008,0020), "-14"]
            removeTags[(0008,0030), (0008,0050), (0008,0090), (0010,0030)]
            removeAllPrivateTags
            """
        let icon = DataElement(
            tag: .iconImageSequence,
            items: [DataSet(elements: [DataElement(tag: .pixelData, vr: .ob, bytes: Array("abcd".utf8))])])
        let padding = DataElement(tag: .dataSetTrailingPadding, vr: .ob, bytes: Array("Fitzwilliam ".utf8))
        try SmallRun.with([SmallStudy(elements: [icon, padding])]) { run in
            let arguments = [
                "--script", try run.write("site.das", script), "--policy", try run.write("site.yaml", instead),
            ]
            let finished = try run.clean(arguments)
            #expect(finished.status == 0, "\(finished.output)")
            let released = try #require(try run.released().first)
            // uuid5 of the UTF-8 bytes without a namespace, as section 4 of the reference gives it for other values; by
            // Python: int(uuid.UUID(bytes=hashlib.sha1(b"1.2.826.0.1.3680043.10.99.1").digest()[:16], version=5)).
            #expect(released.string(.studyInstanceUID) == "2.25.293015617099756924946326580095500989792")
            // The profile would have emptied it.
            #expect(released.string(Tag(0x0008, 0x1030)) == "Follow-up")
            #expect(released.string(.studyDate) == "20240220")
            #expect(released.string(.longitudinalTemporalInformationModified) == "MODIFIED")
            #expect(released.string(.patientIdentityRemoved) == "YES")
            #expect(released[.iconImageSequence] == nil)
            #expect(released[.dataSetTrailingPadding] == nil)
            let codes = released.items(.deidentificationMethodCodeSequence).compactMap {
                $0.string(Tag(0x0008, 0x0100))
            }
            #expect(codes == ["113101"])
        }
    }

    @Test func `an output is bound to its scripts, which are named by their SHA-256 and not by their paths`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let site = try run.write("site-of-nowhere.das", "version \"6.6\"\n- (0010,1000)\n")
            let project = try run.write("project.das", "version \"6.6\"\n- (0010,1001)\n")
            #expect(try run.clean(["--script", site, "--script", project]).status == 0)
            #expect(try run.clean(["--script", site, "--script", project]).errors.contains("nothing to do"))
            for other in [["--script", site], ["--script", project, "--script", site], []] {
                let refused = try run.clean(other)
                #expect(refused.status == 1)
                #expect(refused.errors.contains("made with another script"))
            }
            let digest = try Shell.run("/usr/bin/sha256sum", [site]).output.prefix(64)
            let json = try String(contentsOfFile: run.output + "/report/report.json", encoding: .utf8)
            #expect(json.contains("\"script:1\":\"\(digest)\""))
            let page = try String(contentsOfFile: run.output + "/report/index.html", encoding: .utf8)
            #expect(page.contains(digest))
            #expect(!run.everything().contains("site-of-nowhere"))
        }
    }

    @Test func `a script that XNAT refuses, or a variable that nobody gives, ends the run before it begins`() throws {
        try SmallRun.with([SmallStudy()]) { run in
            let wrong = try run.write("wrong.das", "version \"6.6\"\n\n# comment\n")
            let refused = try run.clean(["--script", wrong])
            #expect(refused.status == 2)
            #expect(refused.errors.contains("script 1, line 3"))
            #expect(!FileManager.default.fileExists(atPath: run.output + "/ledger.sqlite"))
            #expect(try run.clean(["--script", wrong, "--tolerant"]).status == 0)
            let project = try run.write("project.das", "version \"6.6\"\n(0008,1030) := project\n")
            let missing = try run.clean(["--script", project], to: run.folder + "/other")
            #expect(missing.status == 2)
            #expect(missing.errors.contains("--project"))
        }
    }

    /// What a script that leaves one Attribute alone does with all others of `SmallStudy`.
    private static let others: [Tag: String] = [
        .patientName: "(0010,0010) := subject", .patientID: "(0010,0020) := session",
        .studyDate: "(0008,0020) := shiftDateByIncrement[(0008,0020), \"-14\"]", Tag(0x0008, 0x0030): "- (0008,0030)",
        Tag(0x0010, 0x4000): "- (0010,4000)",
    ]

    @Test(arguments: [
        (Tag.patientName, VR.pn, "NG"), (.patientName, .pn, "NG^"), (.patientID, .lo, "1234"), (.patientID, .lo, "12"),
        (.patientID, .lo, "A12"), (Tag(0x0020, 0x0010), .sh, "4711"), (Tag(0x0008, 0x0030), .tm, "2215"),
        (Tag(0x0008, 0x002A), .dt, "202304"), (Tag(0x0010, 0x4000), .lt, "see NG, no. 1234"),
        (Tag(0x0008, 0x1010), .sh, "C3"),
    ])
    func `instead of the profile, what identifies blocks where it is unchanged, however short it is`(
        _ tag: Tag, _ vr: VR, _ value: String
    ) throws {
        let lines = Self.others.filter { $0.key != tag }.map(\.value).sorted()
        let script =
            (["version \"6.6\""] + lines + [
                "hashUIDList[(0008,0018), (0020,000D), (0020,000E)]",
                "removeTags[(0008,0050), (0008,0090), (0010,0030)]",
                "removeAllPrivateTags",
            ]).joined(separator: "\n")
        let element = DataElement(tag: tag, vr: vr, bytes: Array(value.utf8))
        for (elements, expected) in [
            ([element], "quarantined script-left-identifier verification-identifier-remains"), ([], "released"),
        ] where !elements.isEmpty || Self.others[tag] == nil {
            let study = SmallStudy(patientID: "1234", patientName: "NG", elements: elements)
            try SmallRun.with([study]) { run in
                _ = try run.clean([
                    "--script", try run.write("site.das", script), "--policy", try run.write("site.yaml", instead),
                ])
                #expect(try run.decisions() == [expected], "\(tag)")
            }
        }
    }

    @Test func `before the profile, the dates of one patient are moved alike, whatever a script calls the patient`()
        throws
    {
        let policy = "version: 1\ndeidentification:\n  options: [retain-longitudinal-modified-dates]\n"
        let script = "version \"6.6\"\n(0010,0010) := subject\n(0010,0020) := session\n"
        let studies = [SmallStudy(), SmallStudy(accessionNumber: "ACC100002", studyDate: "20240312", number: 2)]
        try SmallRun.with(studies) { run in
            let finished = try run.clean([
                "--script", try run.write("site.das", script), "--policy", try run.write("site.yaml", policy),
            ])
            #expect(finished.status == 0, "\(finished.errors)")
            let moved = try run.released().compactMap { $0.string(.studyDate) }.sorted()
            // Seven days apart before and after; the calendar is Foundation's.
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let days = moved.compactMap { date -> Double? in
                let parts = [date.prefix(4), date.dropFirst(4).prefix(2), date.suffix(2)].compactMap { Int($0) }
                guard date.utf8.count == 8, parts.count == 3 else { return nil }
                let day = DateComponents(year: parts[0], month: parts[1], day: parts[2])
                return calendar.date(from: day).map { $0.timeIntervalSince1970 / 86_400 }
            }
            try #require(days.count == 2)
            #expect(days[1] - days[0] == 7, "\(moved)")
        }
    }
}

import DICOMFile
import DICOMModel
import Foundation
import Testing

/// Rules for devices, from a policy to the released file, and from people's decisions to a rule.
@Suite(.serialized) struct DeviceRuleTests {
    /// By a known maker, with a model.
    private func study(_ number: Int, model: String = "Discovery 5", elements: [DataElement] = []) -> SmallStudy {
        SmallStudy(
            patientID: "HOSP-\(number)", number: number,
            elements: [
                DataElement(tag: .manufacturer, vr: .lo, bytes: Array("GE MEDICAL SYSTEMS".utf8)),
                DataElement(tag: .manufacturerModelName, vr: .lo, bytes: Array(model.utf8)),
            ] + elements)
    }

    private func policy(_ rule: String) -> String { "version: 1\nrules:\n  - name: banner\n    \(rule)\n" }

    private func expectMasked(_ dataSet: DataSet, _ box: PixelRegion) throws {
        let pixels = try #require(try dataSet.bytes(.pixelData))
        for y in 0..<64 {
            for x in 0..<64 {
                #expect(pixels[64 * y + x] == (box.contains(x: x, y: y) ? 0 : SmallStudy.sample(x: x, y: y)))
            }
        }
    }

    @Test func `a rule masks its box on an image without text, and nothing else changes`() throws {
        try SmallRun.with([study(1), study(2, model: "Discovery 6")]) { run in
            let text = policy("device: {manufacturer: GE, model: Discovery 5}\n    mask:\n      - [40, 50, 900, 7]")
            let file = try run.write("policy.yaml", text)
            let explained = try Shell.quench("explain", run.input + "/1", "--policy", file)
            #expect(explained.output.contains("mask: rule banner: 24 × 7 at (40, 50)"), "\(explained.output)")
            #expect(try run.clean(["--policy", file]).status == 0)
            #expect(try run.decisions() == ["released", "released-masked rule-masked"])
            // The box is cut to the image.
            let masked = try #require(try run.released().first { $0.string(.manufacturerModelName) == "Discovery 5" })
            try expectMasked(masked, PixelRegion(x: 40, y: 50, width: 24, height: 7))
            let other = try #require(try run.released().first { $0.string(.manufacturerModelName) == "Discovery 6" })
            try expectMasked(other, PixelRegion(x: 0, y: 0, width: 0, height: 0))
            #expect(try Shell.quench("verify", run.output).status == 0)
            let findings = try String(contentsOfFile: run.output + "/report/findings.csv", encoding: .utf8)
            #expect(findings.contains("by-rule"))
            let shown = try Shell.quench("rules", "show", run.output)
            #expect(shown.output.contains("GE, Discovery 5") && shown.output.contains("mask 40,50,900,7"))
        }
    }

    @Test(arguments: [
        ("then: reject", 0, "rejected rule-rejected"), ("then: quarantine", 3, "quarantined rule-held"),
        // Wholly outside: the rule wasn't made for such images.
        ("mask: [[64, 0, 10, 10]]", 3, "quarantined rule-failed"),
        ("mask: [everything]", 0, "released-masked rule-masked"),
    ])
    func `a rule rejects, holds, or fails closed`(effect: String, status: Int32, decision: String) throws {
        try SmallRun.with([study(1)]) { run in
            let when = "when: {attribute: ManufacturerModelName, contains-ignoring-case: discovery}"
            let file = try run.write("policy.yaml", policy("\(when)\n    \(effect)"))
            #expect(try run.clean(["--policy", file]).status == status)
            #expect(try run.decisions() == [decision])
            let explained = try Shell.quench("explain", run.input + "/1", "--policy", file)
            #expect(explained.output.contains("rule: banner: "))
            #expect(explained.status == (decision.hasPrefix("released") ? 0 : 3))
            guard decision.hasPrefix("quarantined") else { return }
            // A person may decide all the same.
            let held = Held(run: run)
            let released = try held.quarantine(
                "release", try held.name(), "--mask", "8,4,20,6", "--as", "Ann", "--reason", "label")
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            try expectMasked(
                try #require(try run.released().first), PixelRegion(x: 8, y: 4, width: 20, height: 6))
        }
    }

    @Test(arguments: ["then: reject", "then: quarantine", "mask: [everything]"])
    func `a rule that can't be judged on an image holds it, and says so`(effect: String) throws {
        let model = "Discovery " + String(repeating: "a", count: 40)
        try SmallRun.with([study(1, model: model)]) { run in
            let when = #"when: {attribute: ManufacturerModelName, matches: "Discovery (a*)*(a*)*b"}"#
            let file = try run.write("policy.yaml", policy("\(when)\n    \(effect)"))
            #expect(try run.clean(["--policy", file]).status == 3)
            #expect(try run.decisions() == ["quarantined rule-failed"])
            let explained = try Shell.quench("explain", run.input + "/1", "--policy", file)
            #expect(explained.output.contains("rule: banner: a regular expression takes too long"))
            #expect(explained.output.components(separatedBy: "rule-failed").count == 2, "\(explained.output)")
            #expect(explained.status == 3)
        }
    }

    @Test(.enabled(if: Place.hasPython, "python3"))
    func `a contact sheet shows a masked cine at a glance, with stripes where it is masked`() throws {
        let frames = DataElement(tag: .numberOfFrames, vr: .is, bytes: Array("40".utf8))
        let one = (0..<64 * 64).map { SmallStudy.sample(x: $0 % 64, y: $0 / 64) }
        let pixels = DataElement(tag: .pixelData, vr: .ob, bytes: [[UInt8]](repeating: one, count: 40).flatMap { $0 })
        try SmallRun.with([study(1, elements: [frames, pixels])]) { run in
            let text = policy("when: always\n    mask: [[8, 4, 20, 6]]") + "report:\n  frames-per-sheet: 5\n"
            #expect(try run.clean(["--policy", try run.write("policy.yaml", text)]).status == 0)
            let page = try String(contentsOfFile: run.output + "/report/index.html", encoding: .utf8)
            #expect(page.components(separatedBy: "<div class=\"tile\">").count == 1 + 5)
            #expect(page.contains("alt=\"Frame 1 of 40 ") && page.contains("alt=\"Frame 40 of 40 "))
            let script = """
                import base64, io, re, sys
                from PIL import Image
                page = open(sys.argv[1]).read()
                tile = re.search('<div class="tile">.*?base64,([^"]*)', page, re.S).group(1)
                image = Image.open(io.BytesIO(base64.b64decode(tile)))
                inside = {image.getpixel((x, y)) for x in range(8, 28) for y in range(4, 10)}
                print(*image.size, *sorted(inside), image.getpixel((7, 4)) in inside)
                """
            let judged = try Shell.run("/usr/bin/python3", ["-c", script, run.output + "/report/index.html"])
            #expect(judged.output == "64 64 96 144 False\n", "\(judged.errors)")
            #expect(try Shell.quench("verify", run.output).status == 0)
        }
    }

    @Test func `a policy with other rules is another policy`() throws {
        try SmallRun.with([study(1)]) { run in
            #expect(try run.clean([]).status == 0)
            let file = try run.write("policy.yaml", policy("when: always\n    mask: [[0, 0, 5, 5]]"))
            #expect(try run.clean(["--policy", file]).errors.contains("another policy"))
        }
    }

    @Test func `what a person masked on one series becomes a rule, once it is accepted`() throws {
        try SmallRun.with([study(1), study(2), study(3, model: "Discovery 6")]) { run in
            let hold = try run.write("hold.yaml", "version: 1\nseries:\n  image: quarantine\n")
            #expect(try run.clean(["--policy", hold]).status == 3)
            let held = Held(run: run)
            let nothing = try Shell.quench("rules", "propose", run.output)
            #expect(nothing.status == 0 && nothing.errors.contains("nothing to learn from"))
            let name = try #require(
                try held.list().first { ($0["device"] as? String)?.hasSuffix("Discovery 5") == true }?["name"]
                    as? String)
            #expect(
                try held.quarantine("release", name, "--mask", "8,4,20,6", "--as", "Ann", "--reason", "label").status
                    == 0)
            let rules = run.folder + "/rules.yaml"
            let proposed = try Shell.quench("rules", "propose", run.output, name, "--out", rules)
            #expect(proposed.status == 0, "\(proposed.errors)")
            let text = try String(contentsOfFile: rules, encoding: .utf8)
            #expect(text.contains("learnt from 1 reviewed images; would act on 2 of this set, in 2 series"), "\(text)")
            #expect(text.contains("masked on 1 of 1 reviewed; without a finding on 1 of 1"))
            let site = try run.write("site.yaml", "version: 1\n")
            let accepted = try Shell.quench("rules", "accept", rules, "--policy", site, "--as", "Bob")
            #expect(accepted.status == 0, "\(accepted.errors)")
            #expect(try String(contentsOfFile: site, encoding: .utf8).contains("# accepted by Bob, 20"))
            let again = try Shell.quench("rules", "accept", rules, "--policy", site, "--as", "Bob")
            #expect(again.status == 2 && again.errors.contains("already"))
            let second = run.folder + "/second"
            #expect(try run.clean(["--policy", site], to: second).status == 0)
            let later = try Place.contents(of: second + "/released").map {
                try DICOMObject.read(MemoryByteSource(Array($0.value))).dataSet
            }
            #expect(later.count == 3)
            for dataSet in later {
                let isMeant = dataSet.string(.manufacturerModelName) == "Discovery 5"
                try expectMasked(dataSet, PixelRegion(x: 8, y: 4, width: isMeant ? 20 : 0, height: 6))
            }
        }
    }

    @Test func `what was masked on a few frames only is no habit of a device`() throws {
        let one = (0..<64 * 64).map { SmallStudy.sample(x: $0 % 64, y: $0 / 64) }
        let frames = [
            DataElement(tag: .numberOfFrames, vr: .is, bytes: Array("4 ".utf8)),
            DataElement(tag: .pixelData, vr: .ob, bytes: one + one + one + one),
        ]
        try SmallRun.with([study(1, elements: frames)]) { run in
            let hold = try run.write("hold.yaml", "version: 1\nseries:\n  image: quarantine\n")
            #expect(try run.clean(["--policy", hold]).status == 3)
            let held = Held(run: run)
            let masks = ["8,4,20,6,2-3", "8,40,20,6,1"].flatMap { ["--mask", $0] }
            let released = try Shell.run(
                Place.program,
                ["quarantine", "release", run.output, try held.name(), "--as", "Ann", "--reason", "label"] + masks)
            #expect(released.status == 0, "\(released.output)\(released.errors)")
            let proposed = try Shell.quench("rules", "propose", run.output)
            #expect(proposed.output.contains("[8, 4, 20, 6]"), "\(proposed.output)")
            #expect(!proposed.output.contains("[8, 40,"), "\(proposed.output)")
        }
    }

    @Test func `an import says what it left out, on both streams and in the file`() throws {
        try SmallRun.with([]) { run in
            let recipe = try run.write(
                "deid.dicom",
                "FORMAT dicom\n%filter graylist\nLABEL A\ncontains Modality CT\nctpcoordinates 0,0,9,9\n%header\nKEEP Rows\n"
            )
            let out = run.folder + "/rules.yaml"
            let imported = try Shell.quench("rules", "import", recipe, "--out", out)
            #expect(imported.status == 3)
            #expect(imported.errors.contains("lines 6 to 7: left out: "))
            let text = try String(contentsOfFile: out, encoding: .utf8)
            #expect(text.contains("# lines 6 to 7: left out: ") && text.contains("[0, 0, 9, 9]"))
            #expect(try Shell.quench("policy", "--check", out).status == 0)
            #expect(try Shell.quench("rules", "import", recipe, "--out", out).errors.contains("there already"))
            let json = try Shell.quench("rules", "import", recipe, "--json")
            #expect(json.status == 3 && json.output.contains("\"left-out\""))
        }
    }
}

import DICOMModel
import Foundation
import Ledger
import Reporting
import Testing

@Suite struct GovernanceTests {
    private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    private static func review(_ action: Reviewed.Action) -> (InstanceID?, LedgerEntry) {
        (Samples.mixed[4].id, .reviewed(Reviewed(action: action, by: "Ann", reason: "secret words")))
    }

    @Test func `a row for each finding says where it is and whether it is masked`() throws {
        let rows = try Samples.write(Samples.mixed).text("findings.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(rows[0] == Report.findingFields)
        #expect(rows.count == 3, "the masked image has two findings")
        let table = rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
        #expect(table.map { $0["category"] } == ["identifier", "marker"])
        #expect(table[0]["frames"] == "1" && table[0]["x"] == "10" && table[0]["width"] == "100")
        #expect(table[0]["masked"] == "yes")
        #expect(table[0]["decision"] == "released-masked")
    }

    @Test(arguments: [
        (FindingSource.overlay, "overlays-removed", "removed"), (.unusedBits, "unused-bits-cleared", "removed"),
        (.overlay, "unused-bits-cleared", "no"), (.unusedBits, "overlays-removed", "no"),
        (.pixels, "overlays-removed", "no"),
    ])
    func `a finding that went with what it stood in is said to be removed`(
        source: FindingSource, change: String, masked: String
    ) throws {
        var sample = Samples.mixed[2]
        var finding = Samples.finding(.identifier, PixelRegion(x: 300, y: 300, width: 9, height: 9))
        finding.source = source
        sample.findings = [finding]
        sample.changes = [change]
        let rows = try Samples.write([sample]).text("findings.csv").split(separator: "\n")
        #expect(rows.count == 2 && rows[1].hasSuffix(",\(masked)"))
    }

    @Test
    func `files that masks made larger than promised are counted on the page and have their bytes in report.json`()
        throws
    {
        var sample = Samples.mixed[2]
        sample.changes = ["regions-masked", "mask-larger-than-content"]
        let folder = try Samples.write([sample])
        #expect(try folder.text("index.html").contains("1 released file has more Pixel Data"))
        #expect(try folder.text("report.json").contains("\"pixelBytesOut\""))
        #expect(try !Samples.write(Samples.mixed).text("index.html").contains("more Pixel Data"))
    }

    @Test func `frames that follow each other are a range`() throws {
        var sample = Samples.mixed[2]
        sample.findings = [Samples.finding(.identifier, frames: Array(1...200) + [205])]
        #expect(try Samples.write([sample]).text("findings.csv").contains(",1-200 205,"))
    }

    @Test func `the page shows where text was masked, on which device`() throws {
        let page = try Samples.write(Samples.mixed).text("index.html")
        // The mask is 8…111 of 512 across and 8…23 down, on a grid of 32 × 24 cells: seven cells and two.
        let map = try #require(page.components(separatedBy: "class=\"map\"").dropFirst().first)
        let figure = try #require(map.components(separatedBy: "</svg>").first)
        #expect(figure.components(separatedBy: "<rect").count - 1 == 7 * 2)
        #expect(page.contains("US Maker M1, 1 image<"))
    }

    @Test func `people's decisions stand in the report, their words don't`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        try ledger.append([Self.review(.takenUp), Self.review(.rejected)])
        try ledger.append(.rejected(Rejected(reasons: ["rejected-in-review"])), of: Samples.mixed[4].id)
        let folder = try TemporaryFolder()
        let report = try Report(ledger: ledger)
        try report.write(to: folder.path)
        #expect(report.totals.heldSeries == 0 && report.totals.rejectedSeries == 2)
        let page = try folder.text("index.html")
        #expect(page.contains("<td>Ann</td>"))
        for name in Report.files { #expect(try !folder.text(name).contains("secret words")) }
        let json = try JSONSerialization.jsonObject(with: Data(try folder.text("report.json").utf8)) as? [String: Any]
        let states = try #require(json?["review"] as? [String: Int])
        #expect(states["rejected"] == 1 && states["held"] == 1)
    }

    @Test func `who signed in and who was shown how many pictures is counted, and when`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        func look(_ sample: Int, _ picture: Viewed.Picture, _ frames: ClosedRange<Int>) -> (InstanceID?, LedgerEntry) {
            (Samples.mixed[sample].id, .viewed(Viewed(by: "Ann", session: "s1", picture: picture, frames: frames)))
        }
        try ledger.append([
            (nil, .accessed(Accessed(action: .signInFailed, by: ""))),
            (nil, .accessed(Accessed(action: .signInFailed, by: "Ann"))),
            (nil, .accessed(Accessed(action: .signedIn, by: "Ann"))), look(4, .original, 1...10),
            look(4, .original, 12...12), look(6, .original, 1...1), look(0, .released, 1...2), Self.review(.lookedAt),
            (nil, .accessed(Accessed(action: .signedOut, by: "Ann"))),
        ])
        let folder = try TemporaryFolder()
        try Report(ledger: ledger).write(to: folder.path)
        let json = try JSONSerialization.jsonObject(with: Data(try folder.text("report.json").utf8)) as? [String: Any]
        let looks = try #require(json?["looks"] as? [[String: Any]])
        #expect(looks.map { $0["by"] as? String } == ["", "Ann"])
        #expect(looks.map { $0["failedSignIns"] as? Int } == [1, 1])
        let ann = try #require(looks.last)
        #expect(ann["signIns"] as? Int == 1 && ann["disclosures"] as? Int == 1)
        #expect(ann["originals"] as? Int == 2 && ann["released"] as? Int == 1 && ann["frames"] as? Int == 14)
        #expect((ann["first"] as? String)?.hasSuffix("Z") == true)
        let page = try folder.text("index.html")
        #expect(page.contains("Who saw what") && page.contains("<th scope=\"row\">Ann</th><td class=\"n\">1</td>"))
        try Report(ledger: ledger, options: ReportOptions(since: "9999-01-01")).write(to: folder.path)
        #expect(try !folder.text("index.html").contains("Who saw what"))
    }

    @Test func `the bound is stated once a sample is judged`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        let ids = Samples.mixed.prefix(2).map(\.id)
        try ledger.append(.sampled(Sampled(seed: "s", population: 4, instances: ids)))
        let folder = try TemporaryFolder()
        try Report(ledger: ledger).write(to: folder.path)
        #expect(try folder.text("index.html").contains("0 of 2 instances of the sample are judged"))
        for id in ids { try ledger.append(.judged(Judged(sample: 1, verdict: .clean, by: "Ann")), of: id) }
        try Report(ledger: ledger).write(to: folder.path)
        // 1 - 0.05^(1/2)
        #expect(try folder.text("index.html").contains("no more than 77.6 %"))
    }

    @Test func `a changed and a missing file of a report are told`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        let folder = try TemporaryFolder()
        let report = try Report(ledger: ledger)
        try report.write(to: folder.path)
        #expect(try report.mismatches(in: folder.path) == [])
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/series.csv"))
        try FileManager.default.removeItem(atPath: folder.path + "/report.json")
        #expect(try report.mismatches(in: folder.path) == ["series.csv", "report.json"])
    }

    @Test func `a report since a day leaves out what nothing happened to`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        let none = try Report(ledger: ledger, options: ReportOptions(since: "9999-01-01"))
        #expect(none.totals.files == 0)
        let all = try Report(ledger: ledger, options: ReportOptions(since: "2000-01-01"))
        #expect(all.totals.files == Samples.mixed.count && all.totals.nothingWasSkipped)
    }

    @Test func `two outputs are compared file by file, whatever their keys`() throws {
        var other = Samples.mixed
        other[0].outcome = .quarantined
        other[0].reasons = ["text-found"]
        other.removeLast()
        let comparison = ReportComparison(
            before: try Samples.ledger(Samples.mixed).state(), after: try Samples.ledger(other).state())
        #expect(comparison.same == 6 && comparison.onlyBefore == 1 && comparison.onlyAfter == 0)
        #expect(comparison.differences.map(\.sourceSHA256) == ["sha-1"])
        #expect(comparison.text.hasPrefix("1  released -> quarantined\n6 files as before, 1 decided otherwise"))
        #expect(!comparison.policyChanged)
    }

    @Test func `text that people let stay is told under the headline, and not shown as masked`() throws {
        var sample = Samples.mixed[2]
        sample.regions = []
        sample.outcome = .released
        let ledger = try Samples.ledger([Samples.mixed[0], sample])
        let plain = try Report(ledger: ledger)
        #expect(plain.totals.seriesWithTextLetStay == 0)
        try ledger.append(
            .verified(Verified(passed: ["text-accepted-in-review"], failed: [], milliseconds: 1)), of: sample.id)
        let folder = try TemporaryFolder()
        let report = try Report(ledger: ledger)
        try report.write(to: folder.path)
        #expect(report.totals.seriesWithTextLetStay == 1)
        let page = try folder.text("index.html")
        #expect(page.contains("1 series was released with text that people let stay."))
        #expect(page.contains("aria-label=\"Identifier of this patient: 1 released as it is\""))
        #expect(
            try Samples.write(Samples.mixed).text("index.html").contains(
                "aria-label=\"Identifier of this patient: 1 masked or removed\""))
    }

    @Test func `a bound says what it is about, each sample is listed, and who judged it how`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        let id = Samples.mixed[0].id
        let judged = { (sample: Int, verdict: Judged.Verdict, by: String) -> (InstanceID?, LedgerEntry) in
            (id, .judged(Judged(sample: sample, verdict: verdict, by: by)))
        }
        try ledger.append([
            (nil, .sampled(Sampled(seed: "chosen", population: 4, instances: [id], isSeedGiven: true))),
            judged(1, .identifying, "Ann"), judged(1, .clean, "Bob"),
            (nil, .sampled(Sampled(seed: "drawn", population: 4, instances: [id], isSeedGiven: false))),
            judged(2, .clean, "Ann"),
        ])
        try ledger.append(Sample(series: "d1", instance: "9", outcome: .released).events)
        let withdrawn = Samples.mixed[1].id
        try ledger.append([
            (withdrawn, .reviewed(Reviewed(action: .withdrawn, by: "Ann", reason: "missed"))),
            (withdrawn, .rejected(Rejected(reasons: ["withdrawn"]))),
        ])
        let folder = try TemporaryFolder()
        try Report(ledger: ledger).write(to: folder.path)
        let page = try folder.text("index.html")
        // 1 - 0.05: one of one, clean.
        #expect(
            page.contains("of the released instances hold identifying text, of the 4 released when sample 2 was drawn.")
        )
        #expect(page.contains("1 instance released since is not covered. 1 was withdrawn since."))
        #expect(page.contains("chosen</span>, given by a person") && page.contains("drawn</span>, random"))
        #expect(page.contains("<td>Ann, Bob</td>") && page.contains("1 changed"))
        let json = try JSONSerialization.jsonObject(with: Data(try folder.text("report.json").utf8)) as? [String: Any]
        let samples = try #require(json?["samples"] as? [[String: Any]])
        #expect(samples.map { $0["judges"] as? [String] } == [["Ann", "Bob"], ["Ann"]])
        #expect(samples.map { $0["changedVerdicts"] as? Int } == [1, 0])
        #expect(samples.map { $0["isSeedGiven"] as? Bool } == [true, false])
        try Report(ledger: ledger, options: ReportOptions(since: "2000-01-01")).write(to: folder.path)
        let part = try folder.text("index.html")
        #expect(!part.contains("With 95 % confidence"))
        #expect(part.contains("Samples are drawn from all that was released"))
    }

    @Test func `what was masked in other places isn't as before`() throws {
        var other = Samples.mixed
        other[2].regions[0].region.width += 8
        let comparison = ReportComparison(
            before: try Samples.ledger(Samples.mixed).state(), after: try Samples.ledger(other).state())
        #expect(comparison.same == 7 && comparison.differences.isEmpty)
        #expect(comparison.maskedOtherwise == ["sha-3"])
        #expect(comparison.text.hasPrefix("7 files as before, 0 decided otherwise, 1 masked otherwise, 0 only in"))
    }

    @Test(.enabled(if: hasPython)) func `report_json keeps to its published schema`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        try ledger.append([Self.review(.takenUp), (nil, .accessed(Accessed(action: .signedIn, by: "Ann")))])
        try ledger.append(.sampled(Sampled(seed: "s", population: 4, instances: [Samples.mixed[0].id])))
        _ = try ledger.makeReceipt(signedBy: nil)
        let folder = try TemporaryFolder()
        try Report(ledger: ledger).write(to: folder.path)
        let schema =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/docs/report.schema.json"
        // What of JSON Schema the published one uses, read by another program.
        let script = """
            import json, sys
            schema, report = (json.load(open(name)) for name in sys.argv[1:3])
            def walk(value, rule, place):
                if "$ref" in rule:
                    return walk(value, schema["$defs"][rule["$ref"].split("/")[-1]], place)
                if "anyOf" in rule:
                    return any(walk(value, one, place) for one in rule["anyOf"])
                if isinstance(value, dict):
                    known, more = rule.get("properties", {}), rule.get("additionalProperties", True)
                    ok = all(name in value for name in rule.get("required", []))
                    for name, part in value.items():
                        inner = known.get(name, more if isinstance(more, dict) else ({} if more else None))
                        ok = ok and inner is not None and walk(part, inner, place + [name])
                    ok = ok and rule.get("type", "object") == "object"
                elif isinstance(value, list):
                    ok = rule.get("type", "array") == "array" and all(walk(part, rule.get("items", {}), place) for part in value)
                else:
                    kind = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}[type(value)]
                    wanted = rule.get("type", [kind])
                    wanted = [wanted] if isinstance(wanted, str) else wanted
                    ok = (kind in wanted or kind == "integer" and "number" in wanted) and value in rule.get("enum", [value])
                if not ok:
                    print(place, "doesn't fit")
                return ok
            sys.exit(0 if walk(report, schema, []) else 1)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script, schema, folder.path + "/report.json"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}

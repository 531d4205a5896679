import DICOMModel
import Foundation
import Ledger
import Reporting
import Testing

@Suite struct TableTests {
    /// Rows as Python's csv module reads them: an implementation that isn't ours.
    private func rows(_ name: String, in folder: TemporaryFolder) throws -> [[String: String]] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1],newline='',encoding='utf-8'),strict=True))))",
            folder.path + "/" + name,
        ]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode([[String: String]].self, from: data)
    }

    private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    @Test(.enabled(if: hasPython)) func `every input file has exactly one row`() throws {
        let rows = try rows("instances.csv", in: Samples.write(Samples.mixed))
        #expect(rows.map { $0["source_sha256"] ?? "" } == ["8", "1", "2", "3", "4", "5", "6", "7"].map { "sha-" + $0 })
        #expect(
            rows.map { $0["decision"] ?? "" } == [
                "not-dicom", "released", "released", "released-masked", "rejected", "quarantined", "released",
                "quarantined",
            ])
        #expect(rows.allSatisfy { Set($0.keys) == Set(Report.instanceColumns) })
        #expect(rows[7]["reasons"] == "text-left truncated")
        #expect(rows[1]["released_path"] == "released/a1/1.dcm")
        #expect(rows[7]["released_path"] == "")
        #expect(rows[3]["frames_examined"] == "3")
        #expect(rows[3]["findings_identifier"] == "1")
        #expect(rows[3]["findings_name_like"] == "0")
        #expect(rows[3]["transfer_syntax_out"] == "1.2.840.10008.1.2.1")
        #expect(rows[4]["transfer_syntax_out"] == "")
    }

    @Test(.enabled(if: hasPython)) func `a series has one row, with its worst sum`() throws {
        let rows = try rows("series.csv", in: Samples.write(Samples.mixed))
        #expect(rows.map { $0["series"] ?? "" } == ["a1", "b1", "b2", "b3", "c1"])
        #expect(
            rows.map { $0["decision"] ?? "" } == ["released", "released-masked", "rejected", "quarantined", "mixed"])
        #expect(rows[4]["released"] == "1")
        #expect(rows[4]["quarantined"] == "1")
        #expect(rows[4]["reasons"] == "text-left truncated")
    }

    @Test(.enabled(if: hasPython)) func `a masked region has the most suspicious category of what stands in it`() throws
    {
        let frames = [1, 2, 3].compactMap { FrameNumber($0) }
        let box = PixelRegion(x: 8, y: 8, width: 104, height: 16)
        let sample = Sample(
            series: "a", instance: "1", frames: 3,
            findings: [
                Samples.finding(.marker), Samples.finding(.pattern, frames: [3]), Samples.finding(.freeText),
                Samples.finding(.identifier, PixelRegion(x: 300, y: 10, width: 9, height: 9)),
                Samples.finding(.identifier, frames: [4]),
            ],
            outcome: .releasedMasked,
            regions: [
                MaskedRegion(frames: frames, region: box),
                MaskedRegion(frames: frames, region: PixelRegion(x: 0, y: 400, width: 1, height: 1)),
            ])
        let rows = try rows("instances.csv", in: Samples.write([sample]))
        #expect(
            rows[0]["regions"] == #"[{"frames":[1,2,3],"x":8,"y":8,"width":104,"height":16,"category":"pattern","#
                + #""source":"pixels"},{"frames":[1,2,3],"x":0,"y":400,"width":1,"height":1,"category":null,"#
                + #""source":null}]"#)
    }

    @Test(.enabled(if: hasPython)) func `a scan proposes the findings that the policy masks`() throws {
        let sample = Sample(
            series: "a", instance: "1", findings: [Samples.finding(.marker), Samples.finding(.unreadable)],
            outcome: .releasedMasked)
        let ledger = try Ledger.inMemory()
        try ledger.append([(nil, .runStarted(Samples.runStarted))] + sample.events.prefix(3))
        let folder = try TemporaryFolder()
        try Report(ledger: ledger, options: ReportOptions(isProposal: true)).write(to: folder.path)
        let row = try rows("instances.csv", in: folder)[0]
        #expect(row["decision"] == "released-masked")
        #expect(
            row["regions"] == #"[{"frames":[1],"x":10,"y":10,"width":100,"height":12,"category":"unreadable","#
                + #""source":"pixels"}]"#)
        let unscanned = try TemporaryFolder()
        try Report(ledger: ledger).write(to: unscanned.path)
        #expect(try rows("instances.csv", in: unscanned)[0]["decision"] == "")
        #expect(try rows("instances.csv", in: unscanned)[0]["reasons"] == "unfinished")
    }

    @Test(.enabled(if: hasPython)) func `quotes, commas, line breaks and formulas in a header survive`() throws {
        let makers = ["a,b", "say \"x\"", "two\nlines", "=1+1", "\u{C9}cole, \u{5C71}\u{7530}", "-", "it's"]
        let samples = makers.enumerated().map {
            Sample(series: "s\($0)", instance: "1", modality: "C,\"T", manufacturer: $1, outcome: .released)
        }
        let folder = try Samples.write(samples)
        #expect(
            try rows("series.csv", in: folder).map { $0["manufacturer"] ?? "" } == [
                "a,b", "say \"x\"", "two lines", "'=1+1", "\u{C9}cole, \u{5C71}\u{7530}", "'-", "it's",
            ])
        #expect(try rows("instances.csv", in: folder).allSatisfy { $0["modality"] == "C,\"T" })
    }

    @Test func `two runs that saw the same in another order give equal tables`() throws {
        let first = try Samples.write(Samples.mixed)
        let second = try Samples.write(Samples.mixed.reversed())
        for name in ["instances.csv", "series.csv"] {
            #expect(try first.text(name) == second.text(name))
        }
    }
}

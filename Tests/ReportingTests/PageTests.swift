import DICOMModel
import Foundation
import Ledger
import Reporting
import Testing

@Suite struct PageTests {
    /// Apart from the expectation, so that a failure doesn't print the whole page.
    private static func has(_ page: String, _ part: String) -> Bool { page.contains(part) }

    @Test func `the page needs nothing from outside`() throws {
        let ledger = try Ledger.inMemory()
        let picture = LedgerBlob(Data([0x89, 0x50]))
        var sample = Samples.mixed[2]
        sample.pictures = Pictures(before: picture.name, after: picture.name)
        try ledger.append([(nil, .runStarted(Samples.runStarted))] + sample.events, storing: [picture])
        let folder = try TemporaryFolder()
        try Report(ledger: ledger).write(to: folder.path)
        let page = try folder.text("index.html")
        for outside in ["http:", "https:", "//", "@import", "url(", "<link", "<iframe", "<object", "<form", "srcset"] {
            #expect(!Self.has(page, outside))
        }
        let sources = page.matches(of: #/(?:src|href|action)=["']?([^"'\s>]+)/#).map(\.1)
        #expect(sources.contains { $0 == "data:image/png;base64,iVA=" })
        #expect(sources.allSatisfy { $0.hasPrefix("data:") || $0.hasPrefix("#") })
        #expect(Self.has(page, "default-src 'none'"))
    }

    @Test func `what comes from a header can't become markup`() throws {
        let attack = "<script>alert(1)</script>\" onload='x' \u{202E}&amp;"
        let sample = Sample(
            series: "a\"<b>", instance: "<i>", modality: attack, manufacturer: attack, outcome: .quarantined,
            reasons: [ReasonCode(rawValue: "<u>\"")])
        let folder = try Samples.write([sample])
        let page = try folder.text("index.html")
        #expect(!Self.has(page, "alert(1)</script>"))
        #expect(!Self.has(page, "<script>alert"))
        #expect(!Self.has(page, "\" onload="))
        #expect(!Self.has(page, "\u{202E}"))
        #expect(!Self.has(page, "<u>"))
        #expect(!Self.has(page, "a\"<b>"))
        #expect(Self.has(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; \u{FFFD}&amp;amp;"))
    }

    @Test func `it says what happened, by which rules, and what nobody checked`() throws {
        let options = ReportOptions(explanations: [
            "video": ReasonExplanation(sentence: "The file holds video.", next: "Have a person look at it.")
        ])
        let page = try Samples.write(Samples.mixed, options: options).text("index.html")
        for part in [
            "5\u{A0}series came in: 2\u{A0}released, of which 1\u{A0}masked", "Nothing was skipped.",
            "chain of 36 events is intact",
            "The file holds video.", "Have a person look at it.", "1 file, 1 series", "Not assessed", "7 pixels",
            "113100", "Basic Application Confidentiality Profile", "c0ffee", "marker: keep", "feed", "k1",
        ] {
            #expect(Self.has(page, part), "\(part)")
        }
    }

    @Test func `a broken chain is told at the top`() throws {
        let ledger = try Samples.ledger(Samples.mixed)
        let chain = ChainVerification(
            eventCount: 9, head: try ledger.head(), problem: .init(sequence: 4, kind: .changed))
        let folder = try TemporaryFolder()
        try Report(state: try ledger.state(), ledger: ledger, chain: chain).write(to: folder.path)
        #expect(try folder.text("index.html").contains("tampered with or damaged: event 4 was changed."))
        #expect(try folder.text("report.json").contains(#""firstProblem":"changed","firstProblemAt":4"#))
    }

    @Test func `the JSON holds the same facts`() throws {
        struct Contents: Decodable {
            struct Row: Decodable {
                let sourceSHA256: String
                let decision: String?
                let releasedPath: String
            }
            struct Series: Decodable { let series, decision: String }
            struct Totals: Decodable {
                let files: [String: Int]
                let series: [String: Int]
                let nothingWasSkipped: Bool
            }
            let format: String
            let headline: String
            let totals: Totals
            let series: [Series]
            let instances: [Row]
        }
        let folder = try Samples.write(Samples.mixed)
        let contents = try JSONDecoder().decode(Contents.self, from: Data(try folder.text("report.json").utf8))
        #expect(contents.format == "quench-report-1")
        #expect(contents.totals.files["all"] == 8)
        #expect(contents.totals.files["released-masked"] == 1)
        #expect(contents.totals.files["not-dicom"] == 1)
        #expect(contents.totals.series["mixed"] == 1)
        #expect(contents.totals.nothingWasSkipped)
        #expect(contents.series.map(\.decision) == ["released", "released-masked", "rejected", "quarantined", "mixed"])
        #expect(contents.instances.count == 8)
        #expect(contents.instances.map(\.sourceSHA256).first == "sha-8")
    }

    @Test func `a report replaces an earlier one and leaves nothing else behind`() throws {
        let folder = try Samples.write(Samples.mixed)
        try Report(ledger: try Samples.ledger([])).write(to: folder.path)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "attributes.csv", "findings.csv", "index.html", "instances.csv", "report.json", "series.csv",
            ])
        #expect(try folder.text("index.html").contains("Nothing came in."))
    }

    @Test func `a folder that isn't there is an error that names no path`() throws {
        let folder = try TemporaryFolder()
        let report = try Report(ledger: try Samples.ledger([]))
        let error = #expect(throws: ReportError.self) { try report.write(to: folder.path + "/nowhere") }
        #expect(error?.code == .missing)
        #expect(error.map { String(reflecting: $0).contains(folder.path) } == false)
    }
}

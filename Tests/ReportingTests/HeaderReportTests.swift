import DICOMModel
import Foundation
import Ledger
import Reporting
import Testing

/// What stays in headers, and the sweep's weak hits, in the report's files.
struct HeaderReportTests {
    private func report() throws -> TemporaryFolder {
        let ledger = try Ledger.inMemory()
        let lists = [
            "changed|(0008,0018)|SOPInstanceUID|E.1-1 U\nkept|(0008,0060)|Modality|not listed",
            "kept|(0008,0060)|Modality|not listed\nkept|(0010,0040)|PatientSex|E.1-1 Z, 113108 K",
        ].map { LedgerBlob(Data($0.utf8)) }
        try ledger.append([(nil, .runStarted(Samples.runStarted))], storing: lists)
        let names = lists.map(\.name)
        for (number, list) in [names[0], names[0], names[1], nil].enumerated() {
            let sample = Sample(series: "a\(number)", instance: "\(number)", outcome: .released)
            let weak = number < 2 ? ["person-name (0018,0015) CS"] : nil
            for (id, entry) in sample.events {
                var entry = entry
                if case .redacted(var redacted) = entry {
                    redacted.attributes = list
                    entry = .redacted(redacted)
                }
                try ledger.append(entry, of: id)
                if case .redacted = entry {
                    try ledger.append(
                        .verified(Verified(passed: [], failed: [], weak: weak, milliseconds: 1)), of: id)
                }
            }
        }
        let folder = try TemporaryFolder()
        try Report(ledger: ledger).write(to: folder.path)
        return folder
    }

    @Test func `Attributes are counted by rule, over all lists`() throws {
        let lines = try report().text("attributes.csv").split(whereSeparator: \.isNewline).map(String.init)
        #expect(
            lines.dropFirst() == [
                "\"(0008,0018)\",SOPInstanceUID,E.1-1 U,0,2", "\"(0010,0040)\",PatientSex,\"E.1-1 Z, 113108 K\",1,0",
                "\"(0008,0060)\",Modality,not listed,3,0",
            ])
    }

    @Test func `weak hits and what is not listed are in report_json and on the page`() throws {
        let folder = try report()
        let json = try JSONSerialization.jsonObject(with: Data(try folder.text("report.json").utf8)) as? [String: Any]
        let header = try #require(json?["header"] as? [String: Any])
        #expect(header["instances"] as? Int == 4 && header["unlisted"] as? Int == 1)
        let hit = try #require((header["weakHits"] as? [[String: Any]])?.first)
        #expect(hit["kind"] as? String == "person-name" && hit["attribute"] as? String == "(0018,0015)")
        #expect(hit["instances"] as? Int == 2)
        // Whose name it is a part of is not said.
        let instances = json?["instances"] as? [[String: Any]] ?? []
        #expect(instances.count == 4 && instances.allSatisfy { $0["weakHits"] == nil })
        let page = try folder.text("index.html")
        #expect(page.contains("Of 1 released file nothing is listed"))
        #expect(page.contains("PatientSex") && page.contains("(0018,0015)"))
    }
}

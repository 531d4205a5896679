import DICOMModel
import Foundation
import PHIClassification
import Testing

@Suite struct CatalogueTests {
    @Test func `the document of reason codes is the catalogue`() throws {
        let path =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/docs/reasons.md"
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Reasons.markdown())
    }

    @Test func `a policy may hold or reject any kind of series, and its reason is in the catalogue`() {
        for kind in SeriesKind.allCases {
            #expect(Reasons.entry(ReasonCode(rawValue: kind.rawValue)) != nil, "\(kind)")
        }
    }
}

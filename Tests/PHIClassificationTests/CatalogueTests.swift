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
}

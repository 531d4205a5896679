import DICOMFile
import DICOMModel
import Foundation
import PixelRedaction
import Testing

/// Every Transfer Syntax with every pixel format that it carries, written by one program, masked here, decoded by
/// another and judged by pydicom; `docs/conformance.md` says what came out.
@Suite struct ReferenceMatrixTests {
    @Test(.enabled(if: MatrixRun.isPossible))
    func `outside nothing changes, inside is black, and the support table says so`() throws {
        let results = try MatrixRun().results(MatrixCase.all)
        for result in results {
            #expect(result.problems == [], "\(result.cell.name)")
            if result.cell.output == .explicitVRLittleEndian, result.cell.fallback != .none {
                // Native samples, to the byte that makes an even length.
                #expect(result.shareOfNative <= 1.0005, "\(result.cell.name)")
            } else if result.cell.fallback == .none, let limit = MatrixRun.largestShare(result.cell.transferSyntax) {
                #expect(result.share <= limit + 0.002 || result.isSmallAndSaidToGrow, "\(result.cell.name)")
            } else {
                #expect(result.shareOfNative < 1, "\(result.cell.name)")
            }
        }
        let table = SupportTable(results.filter { $0.problems.isEmpty }.map(\.cell))
        if ProcessInfo.processInfo.environment["QUENCH_WRITE_CONFORMANCE"] != nil { try table.write() }
        #expect(try table.isInDocument, "docs/conformance.md is out of date: make conformance")
    }

    @Test(arguments: MatrixRefusal.formats + MatrixRefusal.syntaxes)
    func `what can't be proven is refused with its code`(_ refusal: MatrixRefusal) throws {
        let original = try refusal.object()
        var object = original
        let error = #expect(throws: PixelRedactionError.self) {
            try PixelRedactor().redact(&object, regions: [FrameNumber(index: 0): [MatrixCase.box]])
        }
        #expect(error?.code == refusal.code)
        #expect(try object.serialized() == original.serialized())
    }
}

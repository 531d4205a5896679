import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// A combination that is refused, because it can't be proven.
struct MatrixRefusal: Sendable, CustomTestStringConvertible {
    let transferSyntax: TransferSyntax
    let layout: MatrixLayout
    let code: PixelRedactionError.Code

    var testDescription: String { "\(transferSyntax.name), \(layout.title)" }

    private static func refusals(_ syntax: TransferSyntax, _ layouts: [MatrixLayout]) -> [MatrixRefusal] {
        layouts.map { MatrixRefusal(transferSyntax: syntax, layout: $0, code: .unsupportedPixelFormat) }
    }

    static let formats: [MatrixRefusal] =
        refusals(.explicitVRBigEndian, [.grey32, .grey32Signed]) + refusals(.rleLossless, [.ybr422])
        + [.jpegBaseline, .jpegExtended].flatMap { refusals($0, [.palette8, .grey8Signed, .bit, .grey32]) }
        + [.jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless].flatMap {
            refusals($0, [.bit, .grey32])
        }
        + [.jpeg2000Lossless, .jpeg2000].flatMap { refusals($0, [.bit]) }

    /// Transfer Syntaxes without a codec.
    static let syntaxes: [MatrixRefusal] =
        TransferSyntax.all.filter { [.video, .jpegXL, .unknown].contains($0.codec) }.map {
            MatrixRefusal(transferSyntax: $0, layout: .grey8, code: .unsupportedTransferSyntax)
        }

    func object() throws -> DICOMObject {
        var synthetic = SyntheticObject(layout.description)
        synthetic.transferSyntax = transferSyntax
        return try synthetic.object(streams: [[0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 0xFF, 0xD9]])
    }
}

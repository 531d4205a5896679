import DICOMModel
import PixelRedaction

/// What can't stay in its Transfer Syntax once it is masked: HTJ2K, which nothing here encodes, and lossy JPEG without a
/// black.
extension MatrixCase {
    static var elsewhere: [MatrixCase] {
        var cells = htj2k("201", grey + [.palette8, .rgb], .jpegLossless, ["-reversible", "true"])
        cells += htj2k("201", [.ybrRCT], .jpegLossless, ["-reversible", "true", "-colour_trans", "true"])
        for fallback in [LosslessFallback.explicitLittle, .rle, .jpegLS, .jpeg2000] {
            cells += htj2k("201", [.grey12, .rgb], fallback, ["-reversible", "true"])
        }
        cells += htj2k("202", [.grey8, .grey16], .jpegLossless, ["-reversible", "true", "-prog_order", "RPCL"])
        cells += htj2k("203", [.grey8, .grey12], .jpegLossless, ["-qstep", "0.01"])
        cells.append(
            MatrixCase(
                transferSyntax: .jpegBaseline, layout: .palette8, writer: .cjpeg(["-grayscale"]),
                decoder: ["dcmdjpeg"], fallback: .jpegLossless))
        return cells
    }

    /// - Parameter number: the last one of the Transfer Syntax's UID.
    private static func htj2k(
        _ number: String, _ layouts: [MatrixLayout], _ fallback: LosslessFallback, _ options: [String]
    ) -> [MatrixCase] {
        layouts.map {
            // .203 alone is irreversible here.
            MatrixCase(
                transferSyntax: TransferSyntax(uid: UID("1.2.840.10008.1.2.4.\(number)")), layout: $0,
                writer: .openJPH(options), decoder: ["ojph_expand"], fallback: fallback,
                rounding: number == "203" ? 1 : 0)
        }
    }
}

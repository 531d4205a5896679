import DICOMFile
import DICOMModel
import PixelRedaction

/// What can't stay in its Transfer Syntax once it is masked: HTJ2K, which nothing here encodes, and lossy JPEG without a
/// black.
extension MatrixCase {
    static var elsewhere: [MatrixCase] {
        var cells = htj2k(
            "201", grey + [.palette8, .palette16, .rgb, .rgb12, .rgb16], .jpegLossless, ["-reversible", "true"])
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
        cells.append(
            MatrixCase(
                transferSyntax: .jpegExtended, layout: .palette8, writer: .cjpeg(["-grayscale"]),
                decoder: ["dcmdjpeg"], fallback: .jpegLossless))
        return cells + signedLossy
    }

    /// dcmcjpeg makes signed values unsigned; here the header says that they are what they were.
    private static var signedLossy: [MatrixCase] {
        let header = [DataElement(tag: .pixelRepresentation, vr: .us, bytes: [1, 0])]
        func cell(_ syntax: TransferSyntax, _ process: String, _ unsigned: MatrixLayout, _ title: String) -> MatrixCase
        {
            var layout = unsigned
            layout.title = title
            layout.fill = [unsigned.description.bitsStored > 8 ? .smallestInUse : .value(-128)]
            return MatrixCase(
                transferSyntax: syntax, layout: layout, writer: .dcmtk(["dcmcjpeg", process, "+q", "95"]),
                decoder: ["dcmdjpeg"], fallback: .jpegLossless, header: header)
        }
        return [
            cell(.jpegBaseline, "+eb", .grey8, "grey 8 signed"), cell(.jpegExtended, "+ee", .grey8, "grey 8 signed"),
            cell(.jpegExtended, "+ee", .grey12, "grey 12 of 16 signed"),
        ]
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

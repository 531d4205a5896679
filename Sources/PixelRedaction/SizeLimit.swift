import DICOMFile
import DICOMModel

/// How large Pixel Data may become by masking, against what came in (the table in docs/conformance.md).
enum SizeLimit {
    /// Nil where there is none but native: frames that were compressed with loss get a lossless stream.
    private static func share(_ codec: TransferSyntax.PixelCodec) -> Double? {
        switch codec {
        case .native, .jpegBaseline, .jpegExtended: 1
        case .rle, .deflatedFrame, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless: 1.05
        default: nil
        }
    }

    static func isExceeded(_ summary: PixelRedactionSummary, codec: TransferSyntax.PixelCodec) -> Bool {
        guard let share = share(codec) else { return false }
        return Double(summary.bytesAfter) > Double(summary.bytesBefore) * share
    }
}

extension DataSet {
    /// Bytes of Pixel Data of any kind, item headers and offset tables left out.
    var pixelBytes: Int {
        for tag in Tag.pixelDataKinds {
            switch self[tag]?.value {
            case .bytes(let value): return value.count
            case .fragments(let pixelData): return pixelData.fragments.reduce(0) { $0 + $1.count }
            default: continue
            }
        }
        return 0
    }
}

import DICOMFile
import DICOMModel

/// How large Pixel Data may become by masking, against what came in (the table in docs/conformance.md).
struct SizeLimit {
    enum Excess {
        /// So little that another Transfer Syntax, or a person's time, would cost more.
        case small
        case large
    }

    private let bytes: Int
    /// Nil where there is none but native: frames that were compressed with loss get a lossless stream.
    private let share: Double?

    /// - Parameter bytes: of the Pixel Data that came in.
    init(_ transferSyntax: TransferSyntax, bytes: Int) {
        self.bytes = bytes
        share =
            switch transferSyntax.codec {
            case .native, .jpegBaseline, .jpegExtended: 1
            case .rle, .deflatedFrame, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless: 1.05
            default: nil
            }
    }

    /// Nil within the limit. Beyond it one hundredth of what came in is small, and so are 4 KiB.
    func excess(_ after: Int) -> Excess? {
        guard let share else { return nil }
        let most = Double(bytes) * share
        guard Double(after) > most else { return nil }
        return Double(after) <= most + max(4096, Double(bytes) / 100) ? .small : .large
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

import DICOMModel

/// How many bits a sample of a compressed stream can have, from the stream's own header.
enum StreamPrecision {
    /// Nil where the header isn't there, and for codecs whose streams carry the whole allocated word.
    static func bits(_ stream: [UInt8], codec: TransferSyntax.PixelCodec) -> Int? {
        switch codec {
        case .jpegBaseline, .jpegExtended, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless:
            jpeg(stream)
        case .jpeg2000Lossless, .jpeg2000, .highThroughputJPEG2000: jpeg2000(stream)
        default: nil
        }
    }

    /// P of the frame header (ITU-T T.81 B.2.2).
    private static func jpeg(_ stream: [UInt8]) -> Int? {
        var place = 2
        while place + 4 < stream.count, stream[place] == 0xFF {
            let marker = stream[place + 1]
            switch marker {
            case 0xFF: place += 1
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7: return Int(stream[place + 4])
            case 0xDA: return nil
            default: place += 2 + (Int(stream[place + 2]) << 8 | Int(stream[place + 3]))
            }
        }
        return nil
    }

    /// The largest Ssiz of SIZ (ITU-T T.800 A.5.1), which follows SOC.
    private static func jpeg2000(_ stream: [UInt8]) -> Int? {
        guard stream.count > 42, stream[0...3].elementsEqual([0xFF, 0x4F, 0xFF, 0x51]) else { return nil }
        let components = Int(stream[40]) << 8 | Int(stream[41])
        let depths = (0..<components).map { 42 + 3 * $0 }.filter { $0 < stream.count }.map { place in
            Int(stream[place] & 0x7F) + 1
        }
        return depths.max()
    }
}

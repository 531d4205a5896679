public import DICOMModel

extension FrameCodec {
    /// The Transfer Syntax that a stream is in by its own header, where that rules out the declared one: a stream with loss in
    /// a lossless Transfer Syntax, one of JPEG's lossless process in a lossy one, another predictor than the first, 12 bits
    /// in JPEG Baseline (PS3.5 A.4). The declared one where it fits, or where the header can't be read.
    public static func transferSyntax(of stream: [UInt8], declared: TransferSyntax) -> TransferSyntax {
        switch declared.codec {
        case .jpegBaseline, .jpegExtended, .jpegLossless, .jpegLosslessSV1:
            (try? JPEGHeader(stream)).flatMap { transferSyntax(of: $0, declared: declared) } ?? declared
        case .jpegLSLossless:
            (try? JPEGHeader(stream)).map { $0.spectralStart > 0 } == true ? .jpegLSNearLossless : declared
        case .jpeg2000Lossless:
            (try? JPEG2000Header(stream)).map { !$0.isReversible } == true ? .jpeg2000 : declared
        default: declared
        }
    }

    /// Nil where the declared one fits, and for what is none of JPEG's Huffman processes.
    private static func transferSyntax(of header: JPEGHeader, declared: TransferSyntax) -> TransferSyntax? {
        if header.isLossless {
            if declared.codec == .jpegLossless { return nil }
            return header.spectralStart == 1 ? .jpegLosslessSV1 : .jpegLossless
        }
        guard header.isLossy else { return nil }
        if header.precision > 8 { return .jpegExtended }
        return declared.isLossless ? .jpegBaseline : nil
    }
}

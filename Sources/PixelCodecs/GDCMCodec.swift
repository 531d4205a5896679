import CGDCMShims

/// One call of GDCM's JPEG-LS decoder; what is handed over has been checked against the stream's header.
enum GDCMCodec {
    /// Interleaved samples of the frame's precision.
    static func decode(_ stream: [UInt8], frame: quench_gdcm_frame) throws -> [UInt8] {
        var frame = frame
        let width = SampleLayout.width(precision: Int(frame.precision))
        let count = Int(frame.columns) * Int(frame.rows) * Int(frame.samples) * width
        var samples = [UInt8](repeating: 0, count: count)
        var message = [CChar](repeating: 0, count: CErrorMessage.capacity)
        let status = quench_gdcm_decode_jpegls(
            &frame, stream, stream.count, &samples, count, &message, message.count)
        try check(status, message)
        return samples
    }

    private static func check(_ status: quench_gdcm_status, _ message: [CChar]) throws {
        let text = CErrorMessage.text(message)
        switch status {
        case QUENCH_GDCM_OK: return
        case QUENCH_GDCM_REFUSED: throw PixelCodecError(.malformed, text)
        case QUENCH_GDCM_MISMATCH: throw PixelCodecError(.mismatch, text)
        default: throw PixelCodecError(.codecFailed, text)
        }
    }
}

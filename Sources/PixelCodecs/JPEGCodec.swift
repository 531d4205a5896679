import CJPEG
import DICOMModel

/// JPEG: lossy of 8 and 12 bits (decoding only), lossless of 2 to 16 bits. libjpeg decodes; `JPEGLosslessEncoder`
/// encodes, because no libjpeg here writes other than 8, 12 and 16 bits. Which one a stream is, its own
/// frame header says, not the Transfer Syntax.
enum JPEGCodec {
    static func decode(_ stream: [UInt8], as description: PixelDescription) throws -> NativeFrame {
        let header = try JPEGHeader(stream)
        try header.check(against: description)
        var frame = try frame(of: header)
        let width = SampleLayout.width(precision: header.precision)
        var samples = [UInt8](repeating: 0, count: description.pixelsPerFrame * header.components.count * width)
        var message = [CChar](repeating: 0, count: CErrorMessage.capacity)
        let status = quench_jpeg_decode(
            stream, stream.count, &frame, &samples, samples.count, &message, message.count)
        try check(status, message)
        var result = description
        result.isPlanar = false
        result.photometricInterpretation = header.photometricInterpretation(
            declared: description.photometricInterpretation)
        return NativeFrame(
            description: result,
            bytes: SampleLayout.stored(samples, precision: header.precision, isSigned: false, as: description))
    }

    /// - Parameter isSV1: predictor 1 is the only one allowed (.70).
    static func encode(_ frame: NativeFrame, replacing original: [UInt8]?, isSV1: Bool) throws -> [UInt8] {
        guard !frame.description.isNative422 else { throw PixelCodecError(.unsupported, "JPEG Lossless of 4:2:2") }
        let header = try original.map { try JPEGHeader($0) }
        let precision = header?.precision ?? SampleLayout.precision(for: frame, atLeast: 8)
        let predictor = header.map { $0.isLossless && !isSV1 ? min(max($0.spectralStart, 1), 7) : 1 } ?? 1
        let samples = try SampleLayout.samples(of: frame, precision: precision, isSigned: false)
        return JPEGLosslessEncoder(
            columns: frame.description.columns, rows: frame.description.rows,
            components: frame.description.samplesPerPixel, precision: precision, predictor: predictor
        ).encode(samples)
    }

    /// - Throws: `.unsupported` for processes that libjpeg isn't asked to do.
    static func frame(of header: JPEGHeader) throws -> quench_jpeg_frame {
        let isKnown =
            header.isLossless ? !header.isSubsampled : header.isLossy && [8, 12].contains(header.precision)
        guard isKnown else {
            throw PixelCodecError(
                .unsupported, "JPEG process \(header.process) with \(header.precision) bits")
        }
        return quench_jpeg_frame(
            width: UInt32(header.columns), height: UInt32(header.rows), components: UInt32(header.components.count),
            precision: UInt32(header.precision), lossless: header.isLossless ? 1 : 0)
    }

    static func check(_ status: quench_jpeg_status, _ message: [CChar]) throws {
        let text = CErrorMessage.text(message)
        switch status {
        case QUENCH_JPEG_OK: return
        case QUENCH_JPEG_MISMATCH: throw PixelCodecError(.mismatch, text)
        case QUENCH_JPEG_UNSUPPORTED: throw PixelCodecError(.unsupported, text)
        case QUENCH_JPEG_OUT_OF_MEMORY: throw PixelCodecError(.codecFailed, "no memory for the JPEG frame")
        default: throw PixelCodecError(.malformed, text)
        }
    }
}

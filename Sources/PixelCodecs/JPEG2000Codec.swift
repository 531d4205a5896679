import COpenJPEG
import DICOMModel

/// JPEG 2000 (ISO 15444-1) by OpenJPEG. Encoding is always reversible.
enum JPEG2000Codec {
    /// - Parameter isHighThroughput: whether blocks are coded as part 15 has it, and not as part 1 has it.
    static func decode(
        _ stream: [UInt8], as description: PixelDescription, isHighThroughput: Bool = false
    ) throws -> NativeFrame {
        let header = try JPEG2000Header(stream)
        guard header.isHighThroughput == isHighThroughput else {
            throw PixelCodecError(.mismatch, "the stream is JPEG 2000 of another part than the Transfer Syntax says")
        }
        try header.check(against: description)
        guard header.precision <= maximumPrecision else {
            throw PixelCodecError(.unsupported, "JPEG 2000 of \(header.precision) bits")
        }
        let whole = header.codestream.count == stream.count
        let samples = try decode(
            whole ? stream : Array(stream[header.codestream]),
            frame(description, precision: header.precision, isSigned: header.isSigned, isTransformed: false))
        var result = description
        result.isPlanar = false
        // The stream's samples are what they are; bits of a negative one would otherwise look like an overlay.
        if header.isSigned { result.isSigned = true }
        result.photometricInterpretation = photometricInterpretation(
            of: header, declared: description.photometricInterpretation)
        return NativeFrame(
            description: result,
            bytes: SampleLayout.stored(
                samples, precision: header.precision, isSigned: header.isSigned, as: description))
    }

    static func encode(
        _ frame: NativeFrame, replacing original: [UInt8]?, declared: PhotometricInterpretation
    ) throws -> [UInt8] {
        guard !frame.description.isNative422 else { throw PixelCodecError(.unsupported, "JPEG 2000 of 4:2:2") }
        let header = try original.map { try JPEG2000Header($0) }
        let precision = header?.precision ?? SampleLayout.precision(for: frame, atLeast: 1)
        guard precision <= maximumPrecision else {
            throw PixelCodecError(.unsupported, "JPEG 2000 of \(precision) bits")
        }
        let isSigned = header?.isSigned ?? frame.description.isSigned
        let isTransformed = header?.isComponentTransformed ?? (declared == .ybrRCT || declared == .ybrICT)
        let samples = try SampleLayout.samples(of: frame, precision: precision, isSigned: isSigned)
        return try encode(
            samples,
            self.frame(
                frame.description, precision: precision, isSigned: isSigned,
                isTransformed: isTransformed && frame.description.photometricInterpretation == .rgb))
    }

    /// OpenJPEG computes with 32-bit integers.
    private static let maximumPrecision = 24

    /// With a component transformation the decoder gives RGB, whatever is declared; without it, the declared components.
    private static func photometricInterpretation(
        of header: JPEG2000Header, declared: PhotometricInterpretation
    ) -> PhotometricInterpretation {
        guard header.components == 3 else { return declared }
        if header.isComponentTransformed { return .rgb }
        switch declared {
        case .ybrFull, .ybrFull422, .ybrPartial420: return .ybrFull
        default: return .rgb
        }
    }

    private static func frame(
        _ description: PixelDescription, precision: Int, isSigned: Bool, isTransformed: Bool
    ) -> quench_j2k_frame {
        quench_j2k_frame(
            columns: UInt32(description.columns), rows: UInt32(description.rows),
            samples: UInt32(description.samplesPerPixel), precision: UInt32(precision),
            is_signed: isSigned ? 1 : 0,
            component_transform: isTransformed && description.samplesPerPixel == 3 ? 1 : 0)
    }

    private static func decode(_ stream: [UInt8], _ frame: quench_j2k_frame) throws -> [UInt8] {
        var frame = frame
        let width = SampleLayout.width(precision: Int(frame.precision))
        let count = Int(frame.columns) * Int(frame.rows) * Int(frame.samples) * width
        var samples = [UInt8](repeating: 0, count: count)
        try check(quench_j2k_decode(stream, stream.count, &frame, &samples, count))
        return samples
    }

    private static func encode(_ samples: [UInt8], _ frame: quench_j2k_frame) throws -> [UInt8] {
        var frame = frame
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let status = quench_j2k_encode(samples, samples.count, &frame, &bytes, &count)
        defer { quench_j2k_free(bytes) }
        try check(status)
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private static func check(_ status: quench_j2k_status) throws {
        switch status {
        case QUENCH_J2K_OK: return
        case QUENCH_J2K_MALFORMED:
            throw PixelCodecError(.malformed, "the JPEG 2000 stream is damaged or ends early")
        case QUENCH_J2K_MISMATCH:
            throw PixelCodecError(.mismatch, "the JPEG 2000 stream isn't what its header says")
        case QUENCH_J2K_OUT_OF_MEMORY: throw PixelCodecError(.codecFailed, "no memory for the JPEG 2000 frame")
        default: throw PixelCodecError(.codecFailed, "OpenJPEG refuses the samples")
        }
    }
}

import CGDCMShims
import DICOMModel

/// JPEG-LS (ISO 14495-1): decoded by CharLS through GDCM, encoded by `JPEGLSEncoder`, always without loss.
enum JPEGLSCodec {
    static func decode(_ stream: [UInt8], as description: PixelDescription) throws -> NativeFrame {
        let header = try header(of: stream)
        try header.check(against: description)
        let samples = try samples(of: stream, header)
        var result = description
        result.isPlanar = false
        if description.photometricInterpretation.isYBR { result.photometricInterpretation = .ybrFull }
        return NativeFrame(
            description: result,
            bytes: SampleLayout.stored(samples, precision: header.precision, isSigned: false, as: description))
    }

    static func encode(_ frame: NativeFrame, replacing original: [UInt8]?) throws -> [UInt8] {
        guard !frame.description.isNative422 else { throw PixelCodecError(.unsupported, "JPEG-LS of 4:2:2") }
        let precision =
            try original.map { try header(of: $0).precision } ?? SampleLayout.precision(for: frame, atLeast: 8)
        let samples = try SampleLayout.samples(of: frame, precision: precision, isSigned: false)
        return JPEGLSEncoder(
            columns: frame.description.columns, rows: frame.description.rows,
            components: frame.description.samplesPerPixel, precision: precision
        ).encode(samples)
    }

    private static func samples(of stream: [UInt8], _ header: JPEGHeader) throws -> [UInt8] {
        let count = header.components.count
        guard count > 1, header.scanComponents == 1 else {
            return try decoded(ended(stream), frame(header, samples: count))
        }
        let planes = try JPEGLSPlanes.split(stream, header).map {
            try decoded($0, frame(header, samples: 1))
        }
        return SampleLayout.interleaved(
            Array(planes.joined()), samplesPerPixel: count, width: SampleLayout.width(precision: header.precision))
    }

    /// CharLS wants the end marker right behind the scan's last bits; some encoders put a zero before it, to make the length
    /// even.
    private static func decoded(_ stream: [UInt8], _ frame: quench_gdcm_frame) throws -> [UInt8] {
        do {
            return try GDCMCodec.decode(stream, frame: frame)
        } catch {
            guard stream.suffix(3) == [0, 0xFF, 0xD9] else { throw error }
            return try GDCMCodec.decode(stream.dropLast(3) + [0xFF, 0xD9], frame: frame)
        }
    }

    private static func header(of stream: [UInt8]) throws -> JPEGHeader {
        let header = try JPEGHeader(stream)
        guard header.isJPEGLS, !header.isSubsampled else {
            throw PixelCodecError(.mismatch, "the stream isn't JPEG-LS, or its components differ in size")
        }
        return header
    }

    /// The stream up to its end marker, or with one: CharLS searches for it far beyond the end where it is missing.
    private static func ended(_ stream: [UInt8]) -> [UInt8] {
        var end = stream.count
        while end > 2, stream[end - 1] == 0 { end -= 1 }
        if end >= 2, stream[end - 2] == 0xFF, stream[end - 1] == 0xD9 { return Array(stream[..<end]) }
        return stream + [0xFF, 0xD9]
    }

    private static func frame(_ header: JPEGHeader, samples: Int) -> quench_gdcm_frame {
        quench_gdcm_frame(
            columns: UInt32(header.columns), rows: UInt32(header.rows), samples: UInt32(samples),
            precision: UInt32(header.precision))
    }
}

public import DICOMModel

/// Decodes and encodes single frames of one image, losslessly where it encodes.
///
/// Native, RLE and deflated frames are handled in Swift, JPEG by libjpeg, JPEG-LS and JPEG 2000 by GDCM. The stream's
/// own header is read and compared with the description before any library sees the stream.
public struct FrameCodec: Sendable {
    public let transferSyntax: TransferSyntax
    /// What the Data Set says about the image.
    public let description: PixelDescription

    /// The largest native frame that is accepted, in bytes: 2 GiB − 1.
    public static let maximumFrameBytes = Int(Int32.max)

    /// - Throws: `PixelCodecError`: `.unsupported` for a Transfer Syntax without a codec or a layout that it can't carry,
    ///   `.tooLarge` beyond `maximumFrameBytes`, `.mismatch` for a description that contradicts itself.
    public init(transferSyntax: TransferSyntax, description: PixelDescription) throws {
        try Self.check(description)
        try Self.check(transferSyntax.codec, named: transferSyntax.name, carries: description)
        self.transferSyntax = transferSyntax
        self.description = description
    }

    /// Whether frames of a Transfer Syntax can be decoded at all, the pixel format aside.
    public static func exists(for transferSyntax: TransferSyntax) -> Bool {
        depths(of: transferSyntax.codec) != nil
    }

    /// Whether `encode` works for this Transfer Syntax. Lossy JPEG is changed by `JPEGCoefficients` instead; OpenJPEG
    /// decodes High-Throughput JPEG 2000 and doesn't encode it.
    public var canEncode: Bool {
        ![.jpegBaseline, .jpegExtended, .highThroughputJPEG2000].contains(transferSyntax.codec)
    }

    /// Decodes one frame to stored values.
    ///
    /// The result's description tells exactly what its bytes hold. It differs from the Data Set's in these points:
    /// colour out of JPEG is `.ybrFull` (upsampled, not converted) or `.rgb` as the stream says; colour out of JPEG 2000
    /// is `.rgb` where the stream has a component transformation; signed JPEG 2000 streams are signed; samples are
    /// interleaved but for native, RLE and deflated frames.
    /// - Parameter stream: all fragments of the frame, joined.
    /// - Throws: `PixelCodecError`.
    public func decode(_ stream: [UInt8]) throws -> NativeFrame {
        switch transferSyntax.codec {
        case .native: try NativeCodec.decode(stream, as: description)
        case .rle: try RLECodec.decode(stream, as: description)
        case .deflatedFrame: try DeflateCodec.decode(stream, as: description)
        case .jpegBaseline, .jpegExtended, .jpegLossless, .jpegLosslessSV1:
            try JPEGCodec.decode(stream, as: description)
        case .jpegLSLossless, .jpegLSNearLossless: try JPEGLSCodec.decode(stream, as: description)
        case .jpeg2000Lossless, .jpeg2000: try JPEG2000Codec.decode(stream, as: description)
        case .highThroughputJPEG2000:
            try JPEG2000Codec.decode(stream, as: description, isHighThroughput: true)
        default: throw Self.noCodec(transferSyntax.name)
        }
    }

    /// Whether a stream of RLE or deflated frames has bytes that no sample comes from, but for padding; false for other
    /// codecs.
    public func carriesMoreThanPicture(_ stream: [UInt8]) -> Bool {
        switch transferSyntax.codec {
        case .rle: !RLECodec.isTidy(stream, as: description)
        case .deflatedFrame: !DeflateCodec.isTidy(stream, as: description)
        default: false
        }
    }

    /// Where the codestream of JPEG 2000 stands: everywhere, or in the JP2 file around it; nil where there is none.
    public static func codestream(in stream: [UInt8]) -> Range<Int>? {
        try? JPEG2000Header.codestream(in: stream)
    }

    /// Whether a stream's own header says that encoding lost something; false where it can't be read.
    public func isLossy(_ stream: [UInt8]) -> Bool {
        switch transferSyntax.codec {
        case .jpegBaseline, .jpegExtended: (try? JPEGHeader(stream))?.isLossy ?? false
        case .jpegLSNearLossless: (try? JPEGHeader(stream)).map { $0.spectralStart > 0 } ?? false
        case .jpeg2000, .highThroughputJPEG2000: (try? JPEG2000Header(stream)).map { !$0.isReversible } ?? false
        default: false
        }
    }

    /// Encodes one frame so that decoding gives exactly its samples.
    /// - Parameters:
    ///   - frame: as `decode` returned it, with changed samples.
    ///   - original: the stream that is being replaced; precision, sign, component transformation, predictor and RLE packets
    ///     are taken over from it, so that any decoder sees the samples outside of a change as before. Nil for a new frame.
    /// - Throws: `PixelCodecError`: `.unsupported` for lossy JPEG, `.unrepresentable` for values beyond the precision.
    public func encode(_ frame: NativeFrame, replacing original: [UInt8]? = nil) throws -> [UInt8] {
        try Self.check(frame.description)
        guard frame.bytes.count == frame.description.bytesPerFrame,
            frame.description.rows == description.rows, frame.description.columns == description.columns,
            frame.description.samplesPerPixel == description.samplesPerPixel,
            frame.description.bitsAllocated == description.bitsAllocated
        else { throw PixelCodecError(.mismatch, "the frame isn't one of this image") }
        switch transferSyntax.codec {
        case .native: return frame.bytes
        case .rle: return try RLECodec.encode(frame, replacing: original)
        case .deflatedFrame: return try DeflateCodec.encode(frame)
        case .jpegLossless: return try JPEGCodec.encode(frame, replacing: original, isSV1: false)
        case .jpegLosslessSV1: return try JPEGCodec.encode(frame, replacing: original, isSV1: true)
        case .jpegLSLossless, .jpegLSNearLossless: return try JPEGLSCodec.encode(frame, replacing: original)
        case .jpeg2000Lossless, .jpeg2000:
            return try JPEG2000Codec.encode(
                frame, replacing: original, declared: description.photometricInterpretation)
        default:
            throw PixelCodecError(.unsupported, "\(transferSyntax.name) is never encoded again")
        }
    }
}

extension FrameCodec {
    static func check(_ description: PixelDescription) throws {
        guard (1...65535).contains(description.rows), (1...65535).contains(description.columns) else {
            throw PixelCodecError(.tooLarge, "Rows and Columns must lie between 1 and 65535")
        }
        guard description.samplesPerPixel == 1 || description.samplesPerPixel == 3 else {
            throw PixelCodecError(.unsupported, "\(description.samplesPerPixel) samples per pixel")
        }
        guard [1, 8, 16, 32, 64].contains(description.bitsAllocated) else {
            throw PixelCodecError(.unsupported, "\(description.bitsAllocated) bits allocated")
        }
        guard (1...description.bitsAllocated).contains(description.bitsStored),
            (0..<description.bitsAllocated).contains(description.highBit)
        else { throw PixelCodecError(.mismatch, "Bits Stored or High Bit don't fit Bits Allocated") }
        if let samples = description.photometricInterpretation.samplesPerPixel {
            guard samples == description.samplesPerPixel else {
                throw PixelCodecError(.mismatch, "Samples per Pixel don't fit the Photometric Interpretation")
            }
        }
        guard description.bytesPerFrame <= maximumFrameBytes else {
            throw PixelCodecError(.tooLarge, "a frame is larger than 2 GiB")
        }
    }

    private static func check(
        _ codec: TransferSyntax.PixelCodec, named name: String, carries description: PixelDescription
    ) throws {
        guard let depths = depths(of: codec) else { throw noCodec(name) }
        guard depths.contains(description.bitsAllocated) else {
            throw PixelCodecError(.unsupported, "\(description.bitsAllocated) bits allocated in \(name)")
        }
        // One bit and several samples has no agreed layout.
        guard description.bitsAllocated > 1 || description.samplesPerPixel == 1 else {
            throw PixelCodecError(.unsupported, "1 bit allocated with several samples")
        }
        // RLE has whole planes, and PS3.5 8.2.2 no YBR_FULL_422 for it: readers disagree on what such a stream holds.
        guard codec != .rle || !description.isNative422 else {
            throw PixelCodecError(.unsupported, "4:2:2 samples in \(name)")
        }
    }

    /// The Bits Allocated that a codec carries; nil where there is none.
    private static func depths(of codec: TransferSyntax.PixelCodec) -> Set<Int>? {
        switch codec {
        case .native, .deflatedFrame: [1, 8, 16, 32, 64]
        case .rle: [1, 8, 16, 32]
        case .jpegBaseline, .jpegExtended, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless:
            [8, 16]
        case .jpeg2000Lossless, .jpeg2000, .highThroughputJPEG2000: [8, 16, 32]
        case .jpegXL, .video, .unknown: nil
        }
    }

    private static func noCodec(_ name: String) -> PixelCodecError {
        PixelCodecError(.unsupported, "no codec for \(name)")
    }
}

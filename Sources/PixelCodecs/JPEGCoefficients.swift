import CJPEG
public import DICOMModel

/// Changes lossy JPEG streams, 8 and 12 bits, without decoding them to samples: no second loss outside of a region.
public enum JPEGCoefficients {
    /// Puts out whole MCUs; all other blocks keep their coefficients.
    ///
    /// Quantisation, sampling and restart interval stay. Sequential streams of one scan are changed between their codes
    /// (`JPEGScanMask`); libjpeg makes new Huffman tables where that doesn't do. Sequential stays sequential and
    /// progressive progressive, whichever way gives the smaller stream. Comments and application markers are dropped but
    /// for Adobe and, where it may tell what the components are, JFIF (without its thumbnail). Where chroma is subsampled,
    /// a decoder's smooth upsampling may change the ring of pixels next to a region.
    /// - Parameters:
    ///   - stream: one frame.
    ///   - regions: in stored pixels; they are cut to the frame.
    ///   - photometricInterpretation: as the Data Set declares it.
    ///   - level: the sample value to show, in each component of RGB and in the first otherwise. Nil: black, which is
    ///     the highest value for MONOCHROME1 and 0 else.
    ///   - memory: of frames that were masked before.
    /// - Returns: the new stream, and the regions as they were masked: grown to whole MCUs and cut to the frame.
    /// - Throws: `PixelCodecError`.
    public static func mask(
        _ stream: [UInt8], regions: [PixelRegion], photometricInterpretation: PhotometricInterpretation,
        level: Int? = nil, memory: inout Memory
    ) throws -> (stream: [UInt8], masked: [PixelRegion]) {
        let header = try JPEGHeader(stream)
        guard header.isLossy else { throw PixelCodecError(.unsupported, "the stream isn't lossy JPEG") }
        var frame = try JPEGCodec.frame(of: header)
        let masked = regions.compactMap { aligned($0, to: header) }
        let boxes = masked.map { box($0, in: header) }
        let levels = levels(header, photometricInterpretation, level)
        let copied = maskCodes(stream, header, photometricInterpretation, boxes, levels, &memory)
        if let copied, copied.count <= stream.count { return (copied, masked) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var message = [CChar](repeating: 0, count: CErrorMessage.capacity)
        let status = quench_jpeg_mask(
            stream, stream.count, &frame, boxes, boxes.count, levels, &bytes, &count, &message, message.count)
        defer { quench_jpeg_free(bytes) }
        try JPEGCodec.check(status, message)
        let optimised = Array(UnsafeBufferPointer(start: bytes, count: count))
        // With what the header needs and no more; no block changes.
        let trimmed = maskCodes(optimised, try JPEGHeader(optimised), photometricInterpretation, [], levels, &memory)
        let streams = [optimised, trimmed, copied].compactMap { $0 }
        return (streams.min { $0.count < $1.count } ?? optimised, masked)
    }

    /// The same for a single frame.
    public static func mask(
        _ stream: [UInt8], regions: [PixelRegion], photometricInterpretation: PhotometricInterpretation,
        level: Int? = nil
    ) throws -> (stream: [UInt8], masked: [PixelRegion]) {
        var memory = Memory()
        return try mask(
            stream, regions: regions, photometricInterpretation: photometricInterpretation, level: level,
            memory: &memory)
    }

    /// What masking needs memory for, so that it is asked for once for all frames of a cine.
    public struct Memory: Sendable {
        fileprivate var bits = JPEGScanBits()
        fileprivate var writer = JPEGBitWriter()

        public init() {}
    }

    /// A digest of each 8 × 8 block's coefficients, component after component, row by row: equal digests are equal
    /// blocks.
    /// - Throws: `PixelCodecError`.
    public static func blockDigests(of stream: [UInt8]) throws -> [UInt64] {
        let header = try JPEGHeader(stream)
        guard header.isLossy else { throw PixelCodecError(.unsupported, "the stream isn't lossy JPEG") }
        var frame = try JPEGCodec.frame(of: header)
        var digests: UnsafeMutablePointer<UInt64>?
        var count = 0
        var message = [CChar](repeating: 0, count: CErrorMessage.capacity)
        let status = quench_jpeg_block_digests(
            stream, stream.count, &frame, &digests, &count, &message, message.count)
        defer { quench_jpeg_free(digests) }
        try JPEGCodec.check(status, message)
        return Array(UnsafeBufferPointer(start: digests, count: count))
    }
}

extension JPEGCoefficients {
    private static func maskCodes(
        _ stream: [UInt8], _ header: JPEGHeader, _ declared: PhotometricInterpretation, _ boxes: [quench_jpeg_box],
        _ levels: [UInt32], _ memory: inout Memory
    ) -> [UInt8]? {
        let keepsJFIF = header.needsJFIF(declared: declared)
        guard let layout = JPEGScanLayout(stream, frame: header, keepsJFIF: keepsJFIF) else { return nil }
        let ranges = boxes.map { box in
            (columns: Int(box.x)..<Int(box.x + box.width), rows: Int(box.y)..<Int(box.y + box.height))
        }
        let mask = JPEGScanMask(layout, boxes: ranges) { index, step in
            Int(quench_jpeg_dc_of_level(levels[index], UInt32(header.precision), UInt32(step)))
        }
        return mask.apply(to: stream, &memory.bits, &memory.writer)
    }

    /// Cut to the frame before growing, so that no arithmetic can overflow.
    private static func aligned(_ region: PixelRegion, to header: JPEGHeader) -> PixelRegion? {
        let left = min(max(region.x, 0), header.columns)
        let top = min(max(region.y, 0), header.rows)
        let right = min(max(region.x.addingClamped(region.width), left), header.columns)
        let bottom = min(max(region.y.addingClamped(region.height), top), header.rows)
        let cut = PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
        guard !cut.isEmpty else { return nil }
        let bounds = PixelRegion(x: 0, y: 0, width: header.columns, height: header.rows)
        return cut.aligned(toWidth: header.mcuWidth, height: header.mcuHeight, within: bounds)
    }

    private static func box(_ region: PixelRegion, in header: JPEGHeader) -> quench_jpeg_box {
        let width = header.mcuWidth
        let height = header.mcuHeight
        return quench_jpeg_box(
            x: UInt32(region.x / width), y: UInt32(region.y / height),
            width: UInt32((region.width + width - 1) / width), height: UInt32((region.height + height - 1) / height))
    }

    private static func levels(
        _ header: JPEGHeader, _ declared: PhotometricInterpretation, _ level: Int?
    ) -> [UInt32] {
        let top = 1 << header.precision - 1
        let black = min(max(level ?? (declared == .monochrome1 ? top : 0), 0), top)
        // Anything that isn't grey or RGB has luminance first and colour differences around the middle.
        let isRGB = header.photometricInterpretation(declared: declared) == .rgb
        return header.components.indices.map { index in
            UInt32(index == 0 || isRGB ? black : (top + 1) / 2)
        }
    }
}

extension Int {
    /// The sum, or the nearest end of the range.
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

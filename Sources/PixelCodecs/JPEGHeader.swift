import DICOMModel

/// What a JPEG or JPEG-LS stream says about itself before its first scan (ISO 10918-1 annex B, ISO 14495-1 annex C).
struct JPEGHeader {
    struct Component {
        let identifier: Int
        let horizontal: Int
        let vertical: Int
        /// Which quantisation table its coefficients are made with (Tq).
        let quantiser: Int
    }

    /// The number n of SOFn: 0 baseline, 1 extended, 2 progressive, 3 lossless, 55 JPEG-LS.
    private(set) var process = -1
    private(set) var precision = 0
    private(set) var rows = 0
    private(set) var columns = 0
    private(set) var components: [Component] = []
    /// The transform of an Adobe marker: 0 none, 1 YCbCr, 2 YCCK.
    private(set) var adobeTransform: Int?
    private(set) var hasJFIF = false
    /// How many components the first scan has.
    private(set) var scanComponents = 0
    /// The first scan's Ss: the predictor (lossless) or NEAR (JPEG-LS).
    private(set) var spectralStart = 0
    /// The first scan's Se: the interleave mode (JPEG-LS).
    private(set) var spectralEnd = 0

    var isLossless: Bool { process == 3 }
    var isJPEGLS: Bool { process == 55 }
    var isLossy: Bool { (0...2).contains(process) }
    var isSubsampled: Bool { components.contains { $0.horizontal != widest || $0.vertical != tallest } }
    private var widest: Int { components.map(\.horizontal).max() ?? 1 }
    private var tallest: Int { components.map(\.vertical).max() ?? 1 }

    /// One MCU in pixels; one block where there is one component, which is never interleaved (A.2.2).
    var mcuWidth: Int { components.count == 1 ? 8 : 8 * widest }
    var mcuHeight: Int { components.count == 1 ? 8 : 8 * tallest }

    /// - Throws: `.malformed` unless a frame header and a scan header are found.
    init(_ stream: [UInt8]) throws {
        var reader = ByteReader(stream)
        guard reader.word() == 0xFFD8 else { throw Self.malformed("the stream doesn't begin as JPEG does") }
        while process < 0 || scanComponents == 0 {
            guard let marker = Self.nextMarker(&reader) else { throw Self.malformed("the JPEG header is cut off") }
            if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
            guard marker != 0xD9, let length = reader.word(), length >= 2, var segment = reader.part(length - 2) else {
                throw Self.malformed("the JPEG header is cut off")
            }
            try read(&segment, marker: marker)
        }
    }

    /// Skips to the marker's second byte; fill bytes are allowed before it (B.1.1.2).
    private static func nextMarker(_ reader: inout ByteReader) -> Int? {
        guard reader.byte() == 0xFF else { return nil }
        while let byte = reader.byte() {
            if byte != 0xFF { return byte }
        }
        return nil
    }

    private mutating func read(_ segment: inout ByteReader, marker: Int) throws {
        switch marker {
        case 0xC4, 0xC8, 0xCC: break
        case 0xC0...0xCF, 0xF7: try readFrame(&segment, process: marker == 0xF7 ? 55 : marker - 0xC0)
        case 0xDA: try readScan(&segment)
        case 0xE0: hasJFIF = hasJFIF || segment.starts(with: Array("JFIF\0".utf8))
        case 0xEE:
            if segment.starts(with: Array("Adobe".utf8)), segment.left >= 12, segment.skip(11) {
                adobeTransform = segment.byte()
            }
        default: break
        }
    }

    private mutating func readFrame(_ segment: inout ByteReader, process: Int) throws {
        guard self.process < 0 else { throw Self.malformed("the stream has two frame headers") }
        guard let precision = segment.byte(), let rows = segment.word(), let columns = segment.word(),
            let count = segment.byte(), count > 0, rows > 0, columns > 0
        else { throw Self.malformed("the JPEG frame header is damaged") }
        for _ in 0..<count {
            guard let identifier = segment.byte(), let factors = segment.byte(), let quantiser = segment.byte(),
                (1...4).contains(factors >> 4), (1...4).contains(factors & 15)
            else { throw Self.malformed("the JPEG frame header is damaged") }
            components.append(
                Component(
                    identifier: identifier, horizontal: factors >> 4, vertical: factors & 15, quantiser: quantiser))
        }
        self.process = process
        self.precision = precision
        self.rows = rows
        self.columns = columns
    }

    private mutating func readScan(_ segment: inout ByteReader) throws {
        guard process >= 0, let count = segment.byte(), (1...4).contains(count), segment.skip(2 * count),
            let start = segment.byte(), let end = segment.byte()
        else { throw Self.malformed("the JPEG scan header is damaged") }
        scanComponents = count
        spectralStart = start
        spectralEnd = end
    }

    private static func malformed(_ message: String) -> PixelCodecError { PixelCodecError(.malformed, message) }
}

extension JPEGHeader {
    /// - Throws: `.mismatch` unless the frame header has the description's size and number of samples.
    func check(against description: PixelDescription) throws {
        guard rows == description.rows, columns == description.columns,
            components.count == description.samplesPerPixel
        else {
            throw PixelCodecError(
                .mismatch,
                "the stream is \(columns) x \(rows) x \(components.count), the Data Set says "
                    + "\(description.columns) x \(description.rows) x \(description.samplesPerPixel)")
        }
        guard (2...16).contains(precision), precision <= description.bitsAllocated else {
            throw PixelCodecError(
                .mismatch, "\(precision)-bit samples in \(description.bitsAllocated) bits allocated")
        }
    }

    /// What the decoded, unconverted samples are.
    ///
    /// An Adobe marker or the component identifiers R, G, B decide; then the declared term. Only for lossy RGB without
    /// either, a JFIF marker or subsampled components, which RGB never has, say YCbCr.
    func photometricInterpretation(declared: PhotometricInterpretation) -> PhotometricInterpretation {
        guard components.count == 3 else { return declared }
        if let adobeTransform { return adobeTransform == 0 ? .rgb : .ybrFull }
        if components.map(\.identifier) == [0x52, 0x47, 0x42] { return .rgb }
        if declared.isYBR { return .ybrFull }
        return isLossy && (declared != .rgb || hasJFIF || isSubsampled) ? .ybrFull : .rgb
    }

    /// Whether a decoder may take the components for something else where no JFIF marker says that they are grey or YCbCr:
    /// all decoders guess so from identifiers 1, 2 and 3, unless the Data Set says otherwise.
    func needsJFIF(declared: PhotometricInterpretation) -> Bool {
        components.count != 1 && !(declared.isYBR && components.map(\.identifier) == [1, 2, 3])
    }
}

import DICOMModel

/// What a JPEG 2000 codestream's main header says (ISO 15444-1 annex A).
struct JPEG2000Header {
    /// Bytes of the codestream: the whole stream, or the part that a JP2 file has around it taken off.
    let codestream: Range<Int>
    private(set) var columns = 0
    private(set) var rows = 0
    private(set) var components = 0
    private(set) var precision = 0
    private(set) var isSigned = false
    private(set) var isComponentTransformed = false
    private(set) var isReversible = false
    /// Whether it has capabilities beyond part 1 (CAP): of those only part 15, HTJ2K, is known.
    private(set) var isHighThroughput = false

    init(_ stream: [UInt8]) throws {
        codestream = try Self.codestream(in: stream)
        var reader = ByteReader(stream, in: codestream)
        guard reader.word() == 0xFF4F else { throw Self.malformed("the stream doesn't begin as JPEG 2000 does") }
        var hasStyle = false
        while let marker = reader.word(), marker != 0xFF90 {
            guard marker >= 0xFF01, let length = reader.word(), length >= 2, var segment = reader.part(length - 2)
            else {
                throw Self.malformed("the JPEG 2000 header is cut off")
            }
            switch marker {
            case 0xFF51: try readSize(&segment)
            case 0xFF52:
                try readStyle(&segment)
                hasStyle = true
            case 0xFF50: try readCapabilities(&segment)
            default: break
            }
        }
        guard components > 0, hasStyle else { throw Self.malformed("the JPEG 2000 header is cut off") }
    }

    /// - Throws: `.mismatch` unless the codestream has the description's size, samples, and room for its precision.
    func check(against description: PixelDescription) throws {
        guard rows == description.rows, columns == description.columns, components == description.samplesPerPixel
        else {
            throw PixelCodecError(
                .mismatch,
                "the stream is \(columns) x \(rows) x \(components), the Data Set says "
                    + "\(description.columns) x \(description.rows) x \(description.samplesPerPixel)")
        }
        guard precision <= description.bitsAllocated else {
            throw PixelCodecError(
                .mismatch, "\(precision)-bit samples in \(description.bitsAllocated) bits allocated")
        }
    }
}

extension JPEG2000Header {
    /// DICOM wants the bare codestream (PS3.5 A.4.4); some files hold a whole JP2 file instead.
    static func codestream(in stream: [UInt8]) throws -> Range<Int> {
        var reader = ByteReader(stream)
        guard reader.starts(with: [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20]) else { return 0..<stream.count }
        while let short = reader.long(), let type = reader.long() {
            var length = short - 8
            if short == 1, let high = reader.long(), let low = reader.long() {
                guard high == 0 else { break }
                length = low - 16
            }
            if short == 0 { length = reader.left }
            guard length >= 0, length <= reader.left else { break }
            // "jp2c"
            if type == 0x6A70_3263 { return reader.position..<(reader.position + length) }
            guard reader.skip(length) else { break }
        }
        throw malformed("the JP2 file has no codestream")
    }

    private mutating func readSize(_ segment: inout ByteReader) throws {
        guard segment.skip(2), let right = segment.long(), let bottom = segment.long(), let left = segment.long(),
            let top = segment.long(), let tileWidth = segment.long(), let tileHeight = segment.long(),
            segment.skip(8), let count = segment.word(), left < right, top < bottom, tileWidth > 0, tileHeight > 0,
            count > 0, components == 0
        else { throw Self.malformed("the JPEG 2000 size marker is damaged") }
        // Tiles are numbered by 16 bits (A.4.2).
        guard (right / tileWidth + 1) * (bottom / tileHeight + 1) <= 65536 + 512 else {
            throw Self.malformed("the JPEG 2000 stream has too many tiles")
        }
        for index in 0..<count {
            guard let depth = segment.byte(), let horizontal = segment.byte(), let vertical = segment.byte() else {
                throw Self.malformed("the JPEG 2000 size marker is damaged")
            }
            guard horizontal == 1, vertical == 1 else {
                throw PixelCodecError(.unsupported, "JPEG 2000 with subsampled components")
            }
            guard index == 0 || (precision == (depth & 0x7F) + 1 && isSigned == (depth & 0x80 != 0)) else {
                throw PixelCodecError(.unsupported, "JPEG 2000 components of different depth")
            }
            precision = (depth & 0x7F) + 1
            isSigned = depth & 0x80 != 0
        }
        columns = right - left
        rows = bottom - top
        components = count
    }

    /// Pcap (A.5.2): bit 15 from the left, counted from 1, is part 15.
    private mutating func readCapabilities(_ segment: inout ByteReader) throws {
        guard let parts = segment.long() else { throw Self.malformed("the JPEG 2000 capabilities are cut off") }
        guard parts == 1 << 17 else {
            throw PixelCodecError(.unsupported, "a codestream of another part of JPEG 2000 than 1 and 15")
        }
        isHighThroughput = true
    }

    private mutating func readStyle(_ segment: inout ByteReader) throws {
        guard segment.skip(4), let transform = segment.byte(), segment.skip(4), let wavelet = segment.byte() else {
            throw Self.malformed("the JPEG 2000 coding style marker is damaged")
        }
        isComponentTransformed = transform == 1
        isReversible = wavelet == 1
    }

    private static func malformed(_ message: String) -> PixelCodecError { PixelCodecError(.malformed, message) }
}

import DICOMModel
import PixelCodecs

/// Finds what a compressed stream carries besides the picture: comments, application data, segments that no picture
/// needs, the boxes of a JP2 file, bytes after the end.
///
/// Entropy-coded data is never touched, so decoders return the very same samples.
struct StreamComments {
    /// Parts of the original to keep, ascending.
    private(set) var kept: [Range<Int>] = []
    /// Parts to overwrite with spaces, where taking them out would make lengths wrong that stand elsewhere.
    private(set) var blanked: [Range<Int>] = []

    /// Whether there is anything to take out.
    var isClean: Bool { removed == 0 && blanked.isEmpty && appended.isEmpty }
    private var removed = 0
    /// The end marker, where it isn't there.
    private var appended: [UInt8] = []
    /// The stream, out of the JP2 file that it may stand in.
    private let stream: [UInt8]

    /// Whether streams of a codec are walked here.
    static func walks(_ codec: TransferSyntax.PixelCodec) -> Bool {
        switch codec {
        case .jpegBaseline, .jpegExtended, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless,
            .jpeg2000Lossless, .jpeg2000, .highThroughputJPEG2000:
            true
        default: false
        }
    }

    /// Nil where the stream has no form in which comments are known, or breaks off: decoders may show a picture all the
    /// same, so it must be held.
    init?(_ stream: [UInt8], codec: TransferSyntax.PixelCodec) {
        switch codec {
        case .jpegBaseline, .jpegExtended, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless:
            self.stream = stream
            guard let end = readJPEG(stream), finish(stream, end: end) else { return nil }
        case .jpeg2000Lossless, .jpeg2000, .highThroughputJPEG2000:
            guard let codestream = FrameCodec.codestream(in: stream) else { return nil }
            let bare = codestream.count == stream.count ? stream : Array(stream[codestream])
            self.stream = bare
            removed = stream.count - bare.count
            guard let end = readJPEG2000(bare), finish(bare, end: end) else { return nil }
        default:
            return nil
        }
    }

    /// The stream without them.
    func stripped() -> [UInt8] {
        var bytes = stream
        for range in blanked { bytes.replaceSubrange(range, with: repeatElement(0x20, count: range.count)) }
        return kept.flatMap { bytes[$0] } + appended
    }

    /// Of what follows the end marker only padding stays.
    ///
    /// - Returns: false where a second picture of the same size follows, which may be a frame that nobody counted.
    private mutating func finish(_ stream: [UInt8], end: Int) -> Bool {
        keep(cursor..<end)
        let tail = stream[end...]
        if tail.count > size.count, !size.isEmpty,
            tail.indices.dropLast(size.count).contains(where: { tail[$0] == 0xFF && tail[$0...].starts(with: size) })
        {
            return false
        }
        if appended.isEmpty, tail.isStreamPadding {
            keep(end..<stream.count)
        } else {
            removed += tail.count
        }
        return true
    }

    /// The beginning of SOF or SIZ, to the number of columns and rows.
    private var size: ArraySlice<UInt8> = []

    private mutating func keep(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if let last = kept.last, last.upperBound == range.lowerBound {
            kept[kept.count - 1] = last.lowerBound..<range.upperBound
        } else {
            kept.append(range)
        }
    }

    /// Up to here the stream has been kept or dropped.
    private var cursor = 0

    private mutating func drop(_ range: Range<Int>) {
        keep(cursor..<range.lowerBound)
        removed += range.count
        cursor = range.upperBound
    }

    // MARK: - JPEG and JPEG-LS (ITU-T T.81 annex B, T.87 annex C)

    /// Where the stream ends, just behind EOI; nil where it breaks off before, or where another picture begins.
    private mutating func readJPEG(_ stream: [UInt8]) -> Int? {
        guard stream.count >= 4, stream[0] == 0xFF, stream[1] == 0xD8 else { return nil }
        var place = 2
        // Components of the frame, and of the scans so far.
        var (components, scanned) = (0, 0)
        while place + 1 < stream.count {
            guard stream[place] == 0xFF else { return nil }
            let marker = stream[place + 1]
            switch marker {
            case 0xFF:
                place += 1
            case 0xD9:
                return components == scanned ? place + 2 : nil
            case 0x01, 0xD0...0xD7:
                place += 2
            default:
                guard let end = Self.segmentEnd(stream, at: place),
                    let isForeign = Self.isForeign(marker, stream[(place + 4)..<end])
                else { return nil }
                if isForeign { drop(place..<end) }
                switch marker {
                case 0xC0...0xC3, 0xF7:
                    guard end - place > 9, size.isEmpty else { return nil }
                    size = stream[place..<(place + 9)]
                    if marker != 0xC2 { components = Int(stream[place + 9]) }
                // Each component is coded once, but for progressive pictures.
                case 0xDA where components > 0:
                    guard end - place > 4 else { return nil }
                    scanned += Int(stream[place + 4])
                default: break
                }
                place = marker == 0xDA ? Self.entropyEnd(stream, from: end) : end
            }
        }
        return nil
    }

    private static func segmentEnd(_ stream: [UInt8], at place: Int) -> Int? {
        guard place + 3 < stream.count else { return nil }
        let length = Int(stream[place + 2]) << 8 | Int(stream[place + 3])
        let end = place + 2 + length
        return length >= 2 && end <= stream.count ? end : nil
    }

    /// Whether a segment goes: comments and application data other than those that tell a decoder about colour, and what
    /// decoders skip. Nil for a marker that no picture known here has.
    private static func isForeign(_ marker: UInt8, _ body: ArraySlice<UInt8>) -> Bool? {
        switch marker {
        // Frame headers, tables, scans and restart interval: decoders refuse those whose length isn't that of what they hold.
        case 0xC0...0xC4, 0xF7, 0xDA, 0xDB, 0xDD: return false
        // Preset parameters of JPEG-LS (T.87 C.2.4.1.1); mapping tables have no place in DICOM.
        case 0xF8: return body.first == 1 && body.count == 11 ? false : nil
        case 0xFE: return !isEncoderTag(body)
        // JFIF without a thumbnail is 14 bytes long.
        case 0xE0: return !(body.starts(with: Array("JFIF\0".utf8)) && body.count == 14)
        // The colour transform of HP's JPEG-LS, and the SPIFF header.
        case 0xE8:
            let isTransform = body.starts(with: Array("mrfx".utf8)) && body.count == 5
            return !(isTransform || body.starts(with: Array("SPIFF\0".utf8)) && body.count == 30)
        case 0xEE: return !(body.starts(with: Array("Adobe".utf8)) && body.count == 12)
        case 0xE1...0xEF: return true
        // DNL, whose number of lines the frame header has as well.
        case 0xDC: return true
        default: return nil
        }
    }

    /// The next marker that isn't part of entropy-coded data: stuffing and restart markers are.
    private static func entropyEnd(_ stream: [UInt8], from start: Int) -> Int {
        stream.withUnsafeBufferPointer { bytes in
            var place = start
            while place < bytes.count - 1, let found = bytes.firstFF(in: place..<(bytes.count - 1)) {
                place = found
                let next = bytes[place + 1]
                if next >= 0xC0, next != 0xFF, !(0xD0...0xD7).contains(next) { return place }
                place += 1
            }
            return bytes.count
        }
    }

    // MARK: - JPEG 2000 (ITU-T T.800 annex A)

    private mutating func readJPEG2000(_ stream: [UInt8]) -> Int? {
        guard stream.count >= 4, stream[0] == 0xFF, stream[1] == 0x4F else { return nil }
        var place = 2
        var tileParts = 0
        var tiles = TileParts()
        while place + 1 < stream.count {
            if tileParts > 0, stream[place...].prefix(5).allSatisfy({ $0 == 0 }) { break }
            guard stream[place] == 0xFF else { return nil }
            switch stream[place + 1] {
            case 0xD9:
                return tiles.areWhole ? place + 2 : nil
            case 0x90:
                guard let next = readTilePart(stream, at: place), tiles.add(stream[place..<next]) else { return nil }
                place = next
                tileParts += 1
            case let marker:
                guard tileParts == 0, marker >= 0x40, let end = Self.segmentEnd(stream, at: place) else { return nil }
                let isComment = marker == 0x64 && !Self.isEncoderTag(stream[(place + 4)..<end].dropFirst(2))
                if isComment || !Self.headerMarkers.contains(marker) { drop(place..<end) }
                if marker == 0x51 {
                    guard let read = TileParts(size: stream[place..<end]) else { return nil }
                    tiles = read
                    size = stream[place..<(place + 14)]
                }
                place = end
            }
        }
        guard tileParts > 0, tiles.areWhole else { return nil }
        // Tile-parts say how long they are: only the end marker is missing.
        appended = [0xFF, 0xD9]
        return place
    }

    /// CAP, SIZ, COD, COC, TLM, CPF, QCD, QCC, RGN, POC, PPM, COM: what a main header may have and a picture may need.
    private static let headerMarkers: Set<UInt8> = [
        0x50, 0x51, 0x52, 0x53, 0x55, 0x59, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x64,
    ]
    /// COD, COC, PLT, QCD, QCC, RGN, POC, PPT, COM (T.800 table A.2).
    private static let tilePartMarkers: Set<UInt8> = [0x52, 0x53, 0x58, 0x5C, 0x5D, 0x5E, 0x5F, 0x61, 0x64]

    /// Comments in a tile-part header are blanked: its length stands in SOT and maybe in TLM.
    private mutating func readTilePart(_ stream: [UInt8], at start: Int) -> Int? {
        guard var place = Self.segmentEnd(stream, at: start), place - start == 12 else { return nil }
        let length = stream[(start + 6)..<(start + 10)].reduce(0) { $0 << 8 | Int($1) }
        while place + 1 < stream.count, stream[place] == 0xFF, stream[place + 1] != 0x93 {
            guard Self.tilePartMarkers.contains(stream[place + 1]), let end = Self.segmentEnd(stream, at: place)
            else { return nil }
            let body = place + 4 + 2..<max(end, place + 6)
            if stream[place + 1] == 0x64, body.lowerBound < end, !stream[body].allSatisfy({ $0 == 0x20 }) {
                blanked.append(body)
            }
            place = end
        }
        if length == 0 { return Self.lastEndOfCodestream(stream) }
        let end = start + length
        return end > place && end <= stream.count ? end : nil
    }

    /// A last tile-part without a length reaches to the end marker.
    private static func lastEndOfCodestream(_ stream: [UInt8]) -> Int? {
        var place = stream.count - 2
        while place > 0 {
            if stream[place] == 0xFF, stream[place + 1] == 0xD9 { return place }
            place -= 1
        }
        return nil
    }

    /// Whether a COM segment is empty or only what well-known encoders write: their name and version, or layer sizes.
    private static func isEncoderTag(_ comment: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: comment.prefix { $0 != 0 }, as: UTF8.self)
        guard comment.dropFirst(text.utf8.count).allSatisfy({ $0 == 0 }) else { return false }
        let layers = "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n"
        if text.hasPrefix(layers) {
            return text.dropFirst(layers.count).allSatisfy { "0123456789.+-e, \n".contains($0) }
        }
        if ["", "Creator: JP2K codec", "MITRA_DICOM_STANDARD"].contains(text) { return true }
        let names = [
            "Created by OpenJPEG version ", "Created by GDCM/OpenJPEG version ", "Kakadu-", "Creator: JasPer Version ",
            "LEAD Technologies Inc. V", "Lavc", "OpenJPH Ver ",
        ]
        guard let name = names.first(where: text.hasPrefix) else { return false }
        // Up to four numbers of three digits: no date with its century, no patient's number.
        var version = text.dropFirst(name.count).drop { $0 == "v" }
        if version.last == "." { version.removeLast() }
        let numbers = version.split(separator: ".", omittingEmptySubsequences: false)
        return (1...4).contains(numbers.count)
            && numbers.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy { "0123456789".contains($0) } }
    }
}

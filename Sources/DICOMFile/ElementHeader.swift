import DICOMModel

/// Tag, VR and length field of an element (PS3.5 7.1).
struct ElementHeader {
    let tag: Tag
    let vr: VR
    /// Bytes of the header itself: 8 or 12.
    let size: Int
    let length: UInt32
    /// Oddities that were met in reading it.
    var warning: ParseWarning.Code?

    static let undefinedLength: UInt32 = 0xFFFF_FFFF

    var isUndefined: Bool { length == Self.undefinedLength }

    /// Whether the value ends by `end`, the header standing at `offset`.
    func fits(at offset: Int, before end: Int) -> Bool {
        isUndefined || Int(length) <= end - offset - size
    }
}

extension SourceWindow {
    /// The header at `offset`, whose tag was read; at least 8 bytes must be left before `end`.
    ///
    /// Single elements in the other of the two forms are recognised: writers copy private elements and whole sequences
    /// without converting them.
    mutating func header(
        of tag: Tag, at offset: Int, before end: Int, encoding: ElementEncoding, isSigned: Bool
    ) throws -> ElementHeader {
        let letters = try letters(offset)
        if encoding.isExplicitVR {
            if letters.isKnown { return try explicitHeader(tag, letters, offset, before: end, encoding) }
            return try oddHeader(tag, letters, offset, before: end, encoding, isSigned)
        }
        let length = try uint32(offset + 4, bigEndian: encoding.isBigEndian)
        let vr = DataDictionary.vr(tag, isSigned: isSigned)
        let header = ElementHeader(tag: tag, vr: vr, size: 8, length: length)
        guard letters.isKnown, !header.isUndefined, !header.fits(at: offset, before: end) else { return header }
        var explicit = try explicitHeader(tag, letters, offset, before: end, encoding)
        guard explicit.fits(at: offset, before: end) else { return header }
        explicit.warning = .mixedEncoding
        return explicit
    }

    /// A header whose VR is known to be what it says.
    private mutating func explicitHeader(
        _ tag: Tag, _ vr: VR, _ offset: Int, before end: Int, _ encoding: ElementEncoding
    ) throws -> ElementHeader {
        guard vr.hasLongLength else {
            let length = try uint16(offset + 6, bigEndian: encoding.isBigEndian)
            return ElementHeader(tag: tag, vr: vr, size: 8, length: UInt32(length))
        }
        guard end - offset >= 12 else {
            throw DICOMFileError(.truncated, "\(tag) is cut off in its header", offset: offset)
        }
        let length = try uint32(offset + 8, bigEndian: encoding.isBigEndian)
        return ElementHeader(tag: tag, vr: vr, size: 12, length: length)
    }

    /// A header in an explicit Data Set whose VR isn't one of the standard's.
    private mutating func oddHeader(
        _ tag: Tag, _ letters: VR, _ offset: Int, before end: Int, _ encoding: ElementEncoding, _ isSigned: Bool
    ) throws -> ElementHeader {
        let isUpperCase = (0x41...0x5A).contains(letters.first) && (0x41...0x5A).contains(letters.second)
        let bigEndian = encoding.isBigEndian
        if !isUpperCase {
            let length = try uint32(offset + 4, bigEndian: bigEndian)
            let vr = DataDictionary.vr(tag, isSigned: isSigned)
            let implicit = ElementHeader(tag: tag, vr: vr, size: 8, length: length, warning: .mixedEncoding)
            if implicit.fits(at: offset, before: end) { return implicit }
        } else if end - offset >= 12, try uint16(offset + 6, bigEndian: bigEndian) == 0 {
            // New VRs have the long form (PS3.5 6.2); two reserved zeros are the sign of it.
            let length = try uint32(offset + 8, bigEndian: bigEndian)
            let long = ElementHeader(tag: tag, vr: letters, size: 12, length: length, warning: .unknownVR)
            if long.fits(at: offset, before: end) { return long }
        }
        let length = UInt32(try uint16(offset + 6, bigEndian: bigEndian))
        return ElementHeader(tag: tag, vr: letters, size: 8, length: length, warning: .unknownVR)
    }
}

import DICOMModel

/// One number of an element's value.
enum NumericValue {
    case integer(Int)
    /// Beyond `Int`.
    case unsigned(UInt64)
    case decimal(Double)
    /// As IS and DS have it.
    case text(String)
    case tag(Tag)

    var integer: Int? {
        switch self {
        case .integer(let value): value
        case .unsigned: nil
        case .decimal(let value): Int(exactly: value)
        case .text(let text): Int(text) ?? Self.decimal(text).flatMap { Int(exactly: $0) }
        case .tag(let tag): Int(tag.rawValue)
        }
    }

    var decimal: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .decimal(let value): value
        case .text(let text): Self.decimal(text)
        case .tag: nil
        }
    }

    var text: String {
        switch self {
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .decimal(let value): String(value)
        case .text(let text): text
        case .tag(let tag): tag.description
        }
    }

    /// Digits, sign, point and exponent only: what DS allows, without `nan`, `inf` and hexadecimal.
    private static func decimal(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The numbers in binary values; a rest that is shorter than one value is left out.
    static func values(_ bytes: ArraySlice<UInt8>, vr: VR, isBigEndian: Bool) -> [NumericValue] {
        let size: Int
        switch vr {
        case .us, .ss, .ow: size = 2
        case .ul, .sl, .ol, .fl, .of, .at: size = 4
        case .uv, .sv, .ov, .fd, .od: size = 8
        default: return []
        }
        return stride(from: bytes.startIndex, through: bytes.endIndex - size, by: size).map { start in
            var bits: UInt64 = 0
            for index in 0..<size {
                bits = bits << 8 | UInt64(bytes[isBigEndian ? start + index : start + size - 1 - index])
            }
            return value(bits, vr, isBigEndian: isBigEndian)
        }
    }

    private static func value(_ bits: UInt64, _ vr: VR, isBigEndian: Bool) -> NumericValue {
        switch vr {
        case .ss: .integer(Int(Int16(truncatingIfNeeded: bits)))
        case .sl: .integer(Int(Int32(truncatingIfNeeded: bits)))
        case .sv: .integer(Int(Int64(truncatingIfNeeded: bits)))
        case .fl, .of: .decimal(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case .fd, .od: .decimal(Double(bitPattern: bits))
        // Two words, each in the byte order of the Data Set.
        case .at where isBigEndian: .tag(Tag(rawValue: UInt32(truncatingIfNeeded: bits)))
        case .at:
            .tag(Tag(UInt16(truncatingIfNeeded: bits), UInt16(truncatingIfNeeded: bits >> 16)))
        default: Int(exactly: bits).map { .integer($0) } ?? .unsigned(bits)
        }
    }
}

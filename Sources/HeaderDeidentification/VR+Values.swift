package import DICOMModel

/// What values may be by their VR (PS3.5 6.2), for VRs that allow few characters. Others hold any text, or any bits.
extension VR {
    /// Whether all values of an element are such as the VR allows, padding and empty ones included.
    package func allows(_ values: ArraySlice<UInt8>) -> Bool {
        switch self {
        // Whether the characters make numbers is not asked, so that they may be looked at piece by piece.
        case .ds, .is: return values.allSatisfy(Self.isOfNumber)
        case .ur: return Self.trimmed(values).allSatisfy(Self.isOfAddress)
        default: return allowsEach(values)
        }
    }

    private func allowsEach(_ values: ArraySlice<UInt8>) -> Bool {
        var rest = values
        while let end = rest.firstIndex(of: 0x5C) {
            guard allows(value: Self.trimmed(rest[..<end])) else { return false }
            rest = rest[(end + 1)...]
        }
        return allows(value: Self.trimmed(rest))
    }

    private func allows(value: ArraySlice<UInt8>) -> Bool {
        if value.isEmpty { return true }
        return switch self {
        case .ae: value.count <= 16 && value.allSatisfy { (0x20...0x7E).contains($0) }
        case .as:
            value.count == 4 && value.prefix(3).allSatisfy(Self.isDigit)
                && "DWMY".utf8.contains(value[value.endIndex - 1])
        case .cs: value.count <= 16 && value.allSatisfy(Self.isOfCode)
        case .da: Self.isDate(value)
        case .dt: DateShift.isMoment(String(decoding: value, as: UTF8.self))
        case .tm: Self.isTime(value)
        case .ui: UID(String(decoding: value, as: UTF8.self)).isValid
        default: true
        }
    }

    // MARK: -

    /// Without blanks around it, and without the NUL that UIDs are padded with.
    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value.drop { $0 == 0x20 }
        while let last = value.last, last == 0x20 || last == 0 { value.removeLast() }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65, 0x5C, 0x20, 0x00: true
        default: false
        }
    }

    private static func isOfCode(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x20: true
        default: false
        }
    }

    /// RFC 3986: unreserved, reserved, percent.
    private static func isOfAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
        }
    }

    /// `yyyyMMdd`, or `yyyy.MM.dd` as before DICOM.
    private static func isDate(_ value: ArraySlice<UInt8>) -> Bool {
        let parts = value.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.map(\.count) == [8] || parts.map(\.count) == [4, 2, 2] else { return false }
        let digits = parts.joined()
        return digits.allSatisfy(isDigit) && DateShift.isMoment(String(decoding: digits, as: UTF8.self))
    }

    /// `HH[mm[ss[.ffffff]]]`, also with colons as before DICOM.
    private static func isTime(_ value: ArraySlice<UInt8>) -> Bool {
        let clock = value.enumerated().filter { $0.element != 0x3A || ![2, 5].contains($0.offset) }.map(\.element)
        return clock.allSatisfy { isDigit($0) || $0 == 0x2E }
            && DateShift.isMoment("20000101" + String(decoding: clock, as: UTF8.self))
    }
}

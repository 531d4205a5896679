/// The number of an Attribute: group and element (PS3.5 section 7.1).
public struct Tag: Hashable, Sendable, Codable {
    public let group: UInt16
    public let element: UInt16

    public init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    /// Group in the upper 16 bits, element in the lower.
    public init(rawValue: UInt32) {
        self.init(UInt16(rawValue >> 16), UInt16(rawValue & 0xFFFF))
    }

    public var rawValue: UInt32 { UInt32(group) << 16 | UInt32(element) }

    /// Odd groups are private (PS3.5 section 7.8).
    public var isPrivate: Bool { group & 1 == 1 }

    /// `(gggg,0010)`–`(gggg,00FF)` with an odd group reserve a block of private elements (PS3.5 7.8.1).
    public var isPrivateCreator: Bool { isPrivate && (0x0010...0x00FF).contains(element) }

    /// The creator element that a private data element belongs to, or nil where it can have none.
    public var privateCreator: Tag? {
        isPrivate && element >= 0x1000 ? Tag(group, element >> 8) : nil
    }

    public var isGroupLength: Bool { element == 0 }
    public var isFileMeta: Bool { group == 0x0002 }
    /// An Overlay Plane's group: 6000–60FF, even (PS3.5 section 7.6).
    public var isOverlay: Bool { group & 0xFF00 == 0x6000 && !isPrivate }
    /// A (retired) Curve's group: 5000–50FF, even.
    public var isCurve: Bool { group & 0xFF00 == 0x5000 && !isPrivate }
    /// (Retired) Variable Pixel Data and the coefficients of a picture: 7F00–7FFE, even, and what lies behind Pixel Data in
    /// 7FE0.
    public var isRetiredPicture: Bool {
        group & 0xFF00 == 0x7F00 && !isPrivate && !(group == 0x7FE0 && element <= 0x0010)
    }
}

extension Tag: Comparable {
    public static func < (left: Tag, right: Tag) -> Bool { left.rawValue < right.rawValue }
}

extension Tag: CustomStringConvertible {
    /// `(0010,0020)`, upper-case hexadecimal.
    public var description: String { "(\(Self.hex(group)),\(Self.hex(element)))" }

    private static func hex(_ value: UInt16) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension Tag {
    /// Reads `(0010,0020)`, `0010,0020` or `00100020`.
    public init?(parsing text: String) {
        let digits = text.filter { !"(), ".contains($0) }
        guard digits.count == 8, let value = UInt32(digits, radix: 16) else { return nil }
        self.init(rawValue: value)
    }
}

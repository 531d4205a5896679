/// A unique identifier (PS3.5 section 9): up to 64 characters of digits and dots.
public struct UID: Hashable, Sendable {
    /// Without padding.
    public let value: String

    /// Removes trailing NULs and spaces, which files use as padding; nothing else is changed or checked.
    public init(_ value: String) {
        // Bytes, since grapheme breaking costs more than all else that is done with a UID.
        let padding = value.utf8.reversed().prefix { $0 == 0x00 || $0 == 0x20 }.count
        self.value = padding == 0 ? value : String(Substring(value.utf8.dropLast(padding)))
    }

    /// Below 2.25, the number of a UUID in decimal (PS3.5 B.2): at most 44 characters of 16 bytes.
    package init(uuid bytes: some Sequence<UInt8>) {
        self.init("2.25.\(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })")
    }

    /// Digits and dots only, no component empty or with a leading zero, at most 64 characters (PS3.5 9.1).
    public var isValid: Bool {
        guard !value.isEmpty, value.utf8.count <= 64 else { return false }
        return value.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { component in
            !component.isEmpty && component.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (component.utf8.count == 1 || component.utf8.first != 0x30)
        }
    }

    /// Roots that the standard itself registers; such UIDs name classes and never identify anybody.
    public var isStandard: Bool { value.hasPrefix("1.2.840.10008.") }
}

extension UID: CustomStringConvertible {
    public var description: String { value }
}

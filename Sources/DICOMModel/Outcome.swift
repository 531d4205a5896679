/// What became of an input file, once and for good.
public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// Released with its Pixel Data as it was.
    case released
    /// Released with regions masked.
    case releasedMasked = "released-masked"
    /// Kept out by policy; the input stays where it is.
    case rejected
    /// Held for a person, with the original and its reasons.
    case quarantined
    case notDICOM = "not-dicom"

    /// Whether it left, masked or as it was.
    public var isReleased: Bool { self == .released || self == .releasedMasked }
}

/// A stable code that says why; documented in `docs/reasons.md`.
public struct ReasonCode: Hashable, Sendable, Codable, RawRepresentable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}

extension ReasonCode: Comparable, CustomStringConvertible {
    public static func < (left: ReasonCode, right: ReasonCode) -> Bool { left.rawValue < right.rawValue }
    public var description: String { rawValue }
}

public import DICOMModel

/// Names a finding to people by what and where it is, in stored pixels: `free-text@12,40,300,20`.
///
/// The same text at the same place is called the same on every instance and after every rescan.
public struct RegionID: Hashable, Sendable, Codable, RawRepresentable, Comparable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ finding: Finding) {
        let source = finding.source == .pixels ? "" : finding.source.rawValue + ":"
        let box = finding.region
        rawValue = "\(source)\(finding.category.rawValue)@\(box.x),\(box.y),\(box.width),\(box.height)"
    }

    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    public static func < (left: RegionID, right: RegionID) -> Bool { left.rawValue < right.rawValue }
}

/// A finding of a held instance, with what a release does at its place.
@dynamicMemberLookup
public struct HeldFinding: Hashable, Sendable, Encodable {
    /// What becomes of the place of a finding when its instance is released masked.
    public enum Masking: String, Hashable, Sendable, Encodable {
        /// Policy keeps it.
        case kept
        /// Policy masks it; a reviewer can switch that off.
        case switchable
        /// It goes in any case: an Overlay Plane, unused bits, a rectangle that a script of the site asks for.
        case always
    }

    public let id: RegionID
    public let masking: Masking
    public let finding: Finding

    init(_ finding: Finding, policy: Policy) {
        id = RegionID(finding)
        self.finding = finding
        masking =
            if finding.source != .pixels || finding.category == .byScript {
                .always
            } else {
                policy.masks(finding) ? .switchable : .kept
            }
    }

    public subscript<Value>(dynamicMember path: KeyPath<Finding, Value>) -> Value { finding[keyPath: path] }

    private enum CodingKeys: CodingKey {
        case id
        case masking
    }

    /// The finding's own keys, and `id` and `masking` beside them.
    public func encode(to encoder: any Encoder) throws {
        try finding.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(masking, forKey: .masking)
    }
}

public import DICOMFile

/// What a site knows about the images of a device: where text stands on them, or that they are none to release.
public struct DeviceRule: Hashable, Sendable, Codable {
    /// What becomes of an image that the rule applies to.
    public enum Effect: Hashable, Sendable, Codable {
        /// The areas, one painted after the other, are masked besides what the detector finds.
        case mask([RulePaint])
        /// It is kept out.
        case reject
        /// It is held for a person.
        case quarantine
    }

    /// The site's own words, by which reports and findings name the rule.
    public var name: String
    /// On the values that the ledger and reports show; nil for any device.
    public var device: DeviceMatch?
    /// On the header; nil for any. With neither, the rule applies to every object.
    public var condition: RuleCondition?
    public var effect: Effect

    public init(name: String, device: DeviceMatch? = nil, condition: RuleCondition? = nil, effect: Effect) {
        self.name = name
        self.device = device
        self.condition = condition
        self.effect = effect
    }

    /// - Throws: `DeviceRuleError` where a regular expression explodes on a value.
    public func applies(to object: DICOMObject, format: DeviceFormat) throws -> Bool {
        guard device?.matches(format) ?? true else { return false }
        return try condition?.holds(for: object) ?? true
    }

    /// Letters, digits, blanks and the usual signs, 100 at most.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && text.first != " " && text.last != " "
            && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}

/// A rule that can't be used, or that can't be judged on an object.
public struct DeviceRuleError: Error, Hashable, Sendable {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }
}

public import DICOMFile

/// What a rule asks of a header.
public indirect enum RuleCondition: Hashable, Sendable, Codable {
    case test(AttributeTest)
    /// Holds where there is nothing in it.
    case all([RuleCondition])
    case any([RuleCondition])
    case not(RuleCondition)

    /// - Throws: `DeviceRuleError`.
    public func holds(for object: DICOMObject) throws -> Bool {
        switch self {
        case .test(let test): try test.holds(for: object)
        case .all(let parts): try parts.allSatisfy { try $0.holds(for: object) }
        case .any(let parts): try parts.contains { try $0.holds(for: object) }
        case .not(let part): try !part.holds(for: object)
        }
    }

    /// How deep conditions may stand in each other.
    public static let maximumDepth = 30

    /// Puts a part behind others of the same sort, without a level of its own.
    static func joined(_ left: RuleCondition, _ right: RuleCondition, isAnd: Bool) -> RuleCondition {
        if isAnd {
            if case .all(let parts) = left { return .all(parts + [right]) }
            return .all([left, right])
        }
        if case .any(let parts) = left { return .any(parts + [right]) }
        return .any([left, right])
    }
}

extension RuleCondition: CustomStringConvertible {
    /// `Modality equals "US" and (Rows equals "480" or not Columns equals "640")`.
    public var description: String { text(within: nil) }

    private func text(within joint: String?) -> String {
        switch self {
        case .test(let test): test.description
        case .not(let part): "not " + part.text(within: "not")
        case .all(let parts): Self.joined(parts, "and", none: "always", within: joint)
        case .any(let parts): Self.joined(parts, "or", none: "never", within: joint)
        }
    }

    private static func joined(
        _ parts: [RuleCondition], _ joint: String, none: String, within outer: String?
    ) -> String {
        guard parts.count > 1 else { return parts.first?.text(within: outer) ?? none }
        let text = parts.map { $0.text(within: joint) }.joined(separator: " \(joint) ")
        return outer == nil ? text : "(\(text))"
    }
}

extension AttributeTest: CustomStringConvertible {
    public var description: String {
        let words = "\(pathText) \(comparison.rawValue.replacing("-", with: " "))"
        return comparison.takesValue ? "\(words) \"\(value)\"" : words
    }
}

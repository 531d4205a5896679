/// How surely a script reaches an Attribute.
public enum ProfileReach: String, Hashable, Sendable, CaseIterable {
    case never
    /// Only where a condition holds.
    case sometimes
    case always
}

extension ProfileReach {
    var rank: Int {
        switch self {
        case .never: 0
        case .sometimes: 1
        case .always: 2
        }
    }

    /// What it is when an edit is added that is made always, or only sometimes.
    func joined(_ isAlways: Bool) -> Self { isAlways || self == .always ? .always : .sometimes }
}

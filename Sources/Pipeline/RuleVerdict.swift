package import DICOMModel

/// What device rules of the policy say to an object by its header alone.
package enum RuleVerdict: String, Hashable, Sendable, Codable {
    /// None speaks against it.
    case inspect
    case reject
    case quarantine
    /// One can't be judged on it.
    case failed

    package var action: Policy.SeriesAction {
        switch self {
        case .inspect: .inspect
        case .reject: .reject
        case .quarantine, .failed: .quarantine
        }
    }

    /// Nil where it is to be inspected.
    package var reason: ReasonCode? {
        switch self {
        case .inspect: nil
        case .reject: "rule-rejected"
        case .quarantine: "rule-held"
        case .failed: "rule-failed"
        }
    }
}

/// That a person was shown frames of an instance, held or released, on the review page.
public struct Viewed: Hashable, Sendable, Codable {
    /// Which pictures.
    public enum Picture: String, Hashable, Sendable, Codable, CaseIterable {
        /// The original in quarantine.
        case original
        /// The released file.
        case released
    }

    /// The reviewer's name.
    public var by: String
    /// Tells sessions of the page apart; no part of the secret that opens one.
    public var session: String
    public var picture: Picture
    /// The first and the last frame that were sent, counted from 1.
    public var firstFrame: Int
    public var lastFrame: Int

    public init(by: String, session: String, picture: Picture, frames: ClosedRange<Int>) {
        self.by = by
        self.session = session
        self.picture = picture
        firstFrame = frames.lowerBound
        lastFrame = frames.upperBound
    }
}

/// What was done about who may sign in to the review page, and who did.
public struct Accessed: Hashable, Sendable, Codable {
    public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        case reviewerAdded = "reviewer-added"
        case reviewerRemoved = "reviewer-removed"
        case signedIn = "signed-in"
        case signInFailed = "sign-in-failed"
        case signedOut = "signed-out"
        /// Nobody asked for anything for too long, or the longest time was over.
        case sessionExpired = "session-expired"
    }

    public var action: Action
    /// A reviewer's name; empty for a failed sign-in by a name that no reviewer has, which may be a password.
    public var by: String
    /// As `name=value`: `session=…`, `by=password`, `by=link`, `account=…` (SHA-256 of what is stored of a reviewer).
    public var evidence: [String]

    public init(action: Action, by: String, evidence: [String] = []) {
        self.action = action
        self.by = by
        self.evidence = evidence
    }
}

extension [String] {
    /// The values of one name, in evidence that is `name=value`.
    package func values(of name: String) -> [String] {
        compactMap { $0.hasPrefix(name + "=") ? String($0.dropFirst(name.count + 1)) : nil }
    }
}

extension LedgerState {
    /// By reviewer's name: SHA-256 of the account as it was recorded last; none for those who were removed.
    public var reviewerAccounts: [String: String] {
        var accounts: [String: String] = [:]
        for access in accesses {
            switch access.accessed.action {
            case .reviewerAdded:
                accounts[access.accessed.by] = access.accessed.evidence.values(of: "account").first
            case .reviewerRemoved: accounts[access.accessed.by] = nil
            default: break
            }
        }
        return accounts
    }
}

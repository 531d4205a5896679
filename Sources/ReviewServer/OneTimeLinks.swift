import Foundation
import Pipeline
import Synchronization

/// Links, printed on the terminal, that sign a person in once.
final class OneTimeLinks: Sendable {
    static let lifetime: TimeInterval = 10 * 60

    private let now: @Sendable () -> Date
    private let links = Mutex<[String: (reviewer: Reviewer, until: Date)]>([:])

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    func make(for reviewer: Reviewer) -> String {
        let secret = Secret().text
        let until = now().addingTimeInterval(Self.lifetime)
        links.withLock { $0[Secret.digest(secret)] = (reviewer, until) }
        return secret
    }

    /// Whose link it is; nil, and that for good, once it was used or is too old.
    func use(_ secret: String) -> Reviewer? {
        let link = links.withLock { $0.removeValue(forKey: Secret.digest(secret)) }
        return link.flatMap { $0.until > now() ? $0.reviewer : nil }
    }
}

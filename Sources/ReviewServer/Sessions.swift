import Foundation
package import Pipeline
import Synchronization

/// Somebody who is signed in.
package struct Session: Sendable {
    /// Stands for the session in the ledger; no secret.
    let label: String
    let reviewer: Reviewer
    /// What the page sends along with every request. It keeps it where no page of another port gets it, as cookies do.
    package let pageToken: String
    /// The end of the report's address, which a browser opens by itself.
    package let reportToken: String
    let started: Date
    var lastUsed: Date
    fileprivate var bucket: TokenBucket
}

/// Who is signed in, in memory alone: a restart signs all out.
package final class Sessions: Sendable {
    static let longestIdle: TimeInterval = 20 * 60
    static let longest: TimeInterval = 8 * 3600
    private static let most = 100

    private let now: @Sendable () -> Date
    /// By the digest of the secret in the cookie.
    private let sessions = Mutex<[String: Session]>([:])

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    /// - Returns: the secret for the cookie; nil where too many are signed in.
    package func open(for reviewer: Reviewer) -> (secret: String, session: Session)? {
        let secret = Secret().text
        let time = now()
        let session = Session(
            label: String(Secret().text.prefix(8)), reviewer: reviewer, pageToken: Secret().text,
            reportToken: Secret().text, started: time, lastUsed: time,
            bucket: TokenBucket(size: 120, perSecond: 40, now: time))
        let isOpen = sessions.withLock { sessions in
            guard sessions.count < Self.most else { return false }
            sessions[Secret.digest(secret)] = session
            return true
        }
        return isOpen ? (secret, session) : nil
    }

    enum Entrance {
        case session(Session)
        case none
        /// Asks for more than a person at a page would.
        case tooFast
    }

    /// - Parameters:
    ///   - secret: of the cookie.
    ///   - token: of the session that `part` names. A cookie alone opens nothing and keeps no session alive.
    func enter(with secret: String?, _ token: String?, for part: any KeyPath<Session, String> & Sendable) -> Entrance {
        guard let secret, let token else { return .none }
        let time = now()
        let key = Secret.digest(secret)
        return sessions.withLock { sessions in
            guard var session = sessions[key], !Self.isOver(session, at: time),
                Secret.digest(session[keyPath: part]) == Secret.digest(token)
            else { return .none }
            session.lastUsed = time
            let isAllowed = session.bucket.take(at: time)
            sessions[key] = session
            return isAllowed ? .session(session) : .tooFast
        }
    }

    func close(_ secret: String) -> Session? { sessions.withLock { $0.removeValue(forKey: Secret.digest(secret)) } }

    /// Takes out those that ended by themselves.
    func expired() -> [Session] {
        let time = now()
        return sessions.withLock { sessions in
            let over = sessions.filter { Self.isOver($0.value, at: time) }
            for key in over.keys { sessions[key] = nil }
            return Array(over.values)
        }
    }

    private static func isOver(_ session: Session, at time: Date) -> Bool {
        time.timeIntervalSince(session.lastUsed) > longestIdle || time.timeIntervalSince(session.started) > longest
    }
}

/// So many at once, so many a second.
struct TokenBucket: Sendable {
    private let size: Double
    private let perSecond: Double
    private var tokens: Double
    private var filled: Date

    init(size: Double, perSecond: Double, now: Date) {
        self.size = size
        self.perSecond = perSecond
        tokens = size
        filled = now
    }

    mutating func take(at time: Date) -> Bool {
        tokens = min(size, tokens + max(0, time.timeIntervalSince(filled)) * perSecond)
        filled = time
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}

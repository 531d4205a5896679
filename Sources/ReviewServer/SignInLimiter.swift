import Foundation
import Synchronization

/// Makes whoever guesses passwords wait: after five failures by one name longer and longer, and all names together after more.
final class SignInLimiter: Sendable {
    private static let free = 5
    private static let shortest: TimeInterval = 30
    private static let longest: TimeInterval = 15 * 60
    /// Failures are forgotten after so long without another.
    private static let memory: TimeInterval = 60 * 60

    private struct Failures {
        var count = 0
        var last: Date
        var until: Date

        mutating func add(at time: Date) {
            count += 1
            last = time
            let excess = count - SignInLimiter.free
            guard excess >= 0 else { return }
            until = time.addingTimeInterval(
                min(SignInLimiter.longest, SignInLimiter.shortest * pow(2, Double(excess))))
        }
    }

    private struct Content {
        var byName: [String: Failures] = [:]
        var all: TokenBucket
    }

    private let now: @Sendable () -> Date
    private let content: Mutex<Content>

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
        content = Mutex(Content(all: TokenBucket(size: 30, perSecond: 0.5, now: now())))
    }

    /// Begins a try, which counts as a failure until `succeeded`: a password takes long to check, and guesses at the same
    /// time must not pass before the first of them is known to be wrong.
    ///
    /// - Returns: seconds that this name has to wait before it may try; nil where the try has begun.
    func begin(_ name: String) -> Int? {
        let time = now()
        return content.withLock { content in
            let key = Self.key(name)
            if let failures = content.byName[key], failures.until > time {
                return Int(failures.until.timeIntervalSince(time).rounded(.up))
            }
            guard content.all.take(at: time) else { return 10 }
            content.byName = content.byName.filter { time.timeIntervalSince($0.value.last) < Self.memory }
            content.byName[key, default: Failures(last: time, until: time)].add(at: time)
            return nil
        }
    }

    func succeeded(_ name: String) { content.withLock { $0.byName[Self.key(name)] = nil } }

    /// Names come from outside and may be of any length.
    private static func key(_ name: String) -> String { Secret.digest(name.lowercased()) }
}

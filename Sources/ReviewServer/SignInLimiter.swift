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

    /// Seconds that this name has to wait before the next try; nil where it may try now.
    func wait(for name: String) -> Int? {
        let time = now()
        return content.withLock { content in
            if let failures = content.byName[Self.key(name)], failures.until > time {
                return Int(failures.until.timeIntervalSince(time).rounded(.up))
            }
            return content.all.take(at: time) ? nil : 10
        }
    }

    func failed(_ name: String) {
        let time = now()
        content.withLock { content in
            content.byName = content.byName.filter { time.timeIntervalSince($0.value.last) < Self.memory }
            var failures = content.byName[Self.key(name)] ?? Failures(last: time, until: time)
            failures.count += 1
            failures.last = time
            let excess = failures.count - Self.free
            if excess >= 0 {
                failures.until = time.addingTimeInterval(min(Self.longest, Self.shortest * pow(2, Double(excess))))
            }
            content.byName[Self.key(name)] = failures
        }
    }

    func succeeded(_ name: String) { content.withLock { $0.byName[Self.key(name)] = nil } }

    /// Names come from outside and may be of any length.
    private static func key(_ name: String) -> String { Secret.digest(name.lowercased()) }
}

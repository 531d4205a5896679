import Glibc
import Ledger
import Synchronization

/// Where the parts of one process that work with a ledger share it: it is open for writing, and so locked against other
/// processes, as long as one of them holds it; it is replayed once, and its chain verified once, and both go on from there.
public final class LedgerDesk: Sendable {
    private struct Shared {
        weak var ledger: Ledger?
        var path = ""
    }

    private let shared = Mutex(Shared())
    private let indices = Mutex<[String: QuarantineIndex]>([:])
    private let verified = Mutex<[String: LedgerHead]>([:])

    init() {}

    /// The one that was open before may still be closing on the thread that let it go, and holds the lock until then.
    /// Those who only read needn't wait for that.
    ///
    /// - Throws: `LedgerError` with code `.locked` while another process writes to it.
    func ledger(at path: String) throws -> Ledger {
        for _ in 0..<25 {
            do {
                return try opened(at: path)
            } catch let error as LedgerError where error.code == .locked {
                guard shared.withLock({ $0.path == path }) else { throw error }
                usleep(20_000)
            }
        }
        return try opened(at: path)
    }

    private func opened(at path: String) throws -> Ledger {
        try shared.withLock { shared in
            if let ledger = shared.ledger, shared.path == path { return ledger }
            let ledger = try Ledger(path: path)
            shared = Shared(ledger: ledger, path: path)
            return ledger
        }
    }

    /// What is held by a ledger; each event is replayed once, whoever asks how often.
    func index(at path: String, policy: Policy) -> QuarantineIndex {
        indices.withLock { indices in
            if let index = indices[path] { return index }
            let index = QuarantineIndex(path: path, policy: policy) { [weak self] in
                self?.shared.withLock { $0.path == path ? $0.ledger : nil }
            }
            indices[path] = index
            return index
        }
    }

    /// Calls `body` with the event up to which this process verified the chain before, one caller at a time, and keeps what
    /// it returns for the next.
    func verifying(_ path: String, _ body: (LedgerHead?) throws -> LedgerHead?) throws {
        try verified.withLock { $0[path] = try body($0[path]) }
    }
}

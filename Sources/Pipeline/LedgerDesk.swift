import Ledger
import Synchronization

/// Where the parts of one process that write to a ledger share it: it is open, and so locked against other processes, as long
/// as one of them holds it.
public final class LedgerDesk: Sendable {
    private struct Shared {
        weak var ledger: Ledger?
        var path = ""
    }

    private let shared = Mutex(Shared())

    init() {}

    /// - Throws: `LedgerError` with code `.locked` while another process writes to it.
    func ledger(at path: String) throws -> Ledger {
        try shared.withLock { shared in
            if let ledger = shared.ledger, shared.path == path { return ledger }
            let ledger = try Ledger(path: path)
            shared = Shared(ledger: ledger, path: path)
            return ledger
        }
    }
}

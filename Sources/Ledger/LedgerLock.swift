internal import Foundation

/// The advisory lock that makes one process the only writer. The kernel takes it back when the process ends, however
/// it ends. It stands on a file of its own, because closing any descriptor of the database would drop SQLite's locks.
final class LedgerLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock or throws `.locked` at once.
    init(path: String) throws {
        // Close-on-exec: a worker process that outlives its parent must not keep the lock.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason != EWOULDBLOCK else {
                throw LedgerError(
                    .locked, "another run is writing to this output folder",
                    hint: "Wait for it to end, or choose another output folder")
            }
            throw Self.failure(reason)
        }
        self.descriptor = descriptor
    }

    /// Whether a run or an act holds the lock now; false where there is none.
    static func isHeld(path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    deinit {
        close(descriptor)
    }

    /// Where the lock of the ledger at `path` stands: `ledger.lock` next to `ledger.sqlite`.
    static func path(forLedgerAt path: String) -> String {
        path.hasSuffix(".sqlite") ? String(path.dropLast(".sqlite".count)) + ".lock" : path + ".lock"
    }

    private static func failure(_ reason: Int32) -> LedgerError {
        switch reason {
        case EACCES, EPERM, EROFS:
            LedgerError(
                .readOnly, "the ledger's lock can't be written",
                hint: "Check the owner and the permissions of the output folder")
        case ENOSPC, EDQUOT:
            LedgerError(.full, "the disk that holds the ledger is full", hint: "Make room and start again")
        case ENOENT, ENOTDIR:
            LedgerError(.missing, "the folder of the ledger does not exist")
        default:
            LedgerError(.inputOutput, "the ledger can't be locked (error \(reason))")
        }
    }
}

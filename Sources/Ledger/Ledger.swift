public import Foundation
internal import GRDB

/// The record of what happened to every input file: a SQLite database of events, each chained to the one before it by
/// SHA-256. Events are only ever appended. One process writes; others may read meanwhile.
public final class Ledger: Sendable {
    let database: DatabaseQueue
    let now: @Sendable () -> Date
    private let lock: LedgerLock?

    /// Opens the ledger at `path` for writing, or creates it with mode 0600.
    ///
    /// Throws `.locked` while another run writes to it, `.notALedger` for a file that isn't one (which is left as it
    /// is), `.newerVersion`, `.missing` where the folder doesn't exist, `.readOnly`, `.full`.
    public convenience init(path: String) throws {
        try self.init(path: path, now: { Date() })
    }

    /// As `init(path:)`, with the clock given: what `now` returns is the time of the events.
    public init(path: String, now: @escaping @Sendable () -> Date) throws {
        lock = try LedgerLock(path: LedgerLock.path(forLedgerAt: path))
        try Self.createFile(path)
        guard Self.isFile(path) else { throw LedgerError.notALedger }
        self.now = now
        database = try LedgerError.mapping {
            let database = try DatabaseQueue(path: path, configuration: Self.configuration(.file))
            try database.write { try LedgerSchema.create(in: $0) }
            return database
        }
    }

    /// A ledger that ends with the process, for a scan that writes nothing.
    public static func inMemory(now: @escaping @Sendable () -> Date = { Date() }) throws -> Ledger {
        let database = try LedgerError.mapping {
            let database = try DatabaseQueue(configuration: configuration(.memory))
            try database.write { try LedgerSchema.create(in: $0) }
            return database
        }
        return Ledger(database: database, now: now)
    }

    /// Opens an existing ledger for reading; it may stand on a medium that can't be written to, and a run may be
    /// writing to it. Throws `.missing`, `.notALedger`, `.newerVersion`, `.corrupt`.
    public static func openReadOnly(path: String) throws -> Ledger {
        guard access(path, F_OK) == 0 else {
            throw LedgerError(.missing, "there is no ledger here", hint: "Name the output folder of a run")
        }
        guard isFile(path) else { throw LedgerError.notALedger }
        let database = try LedgerError.mapping {
            do {
                return try DatabaseQueue(path: path, configuration: configuration(.readOnly))
            } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
                // SQLite can't make its shared-memory file in a folder that can't be written to. Without a
                // write-ahead log, or with an empty one, nobody is writing, and the file can be read as one that never
                // changes.
                guard isEmptyOrMissing(path + "-wal") else {
                    throw LedgerError(
                        .readOnly,
                        "the ledger has events in its write-ahead log, which can't be read where nothing can be written",
                        hint:
                            "Copy the whole folder, ledger.sqlite-wal included, to where it can be written, and use that"
                    )
                }
                let uri = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
                return try DatabaseQueue(path: uri, configuration: configuration(.readOnly))
            }
        }
        return Ledger(database: database, now: { Date() })
    }

    /// Whether it is a file or a link to one: a pipe would be waited for without an end.
    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func isEmptyOrMissing(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_size == 0
    }

    private init(database: DatabaseQueue, now: @escaping @Sendable () -> Date) {
        self.database = database
        self.now = now
        lock = nil
    }

    /// Whether a run or an act is at work on the ledger at `path`, in this process or another.
    public static func isInUse(path: String) -> Bool { LedgerLock.isHeld(path: LedgerLock.path(forLedgerAt: path)) }

    /// Writes everything into the one file and closes it; using the ledger afterwards throws.
    public func close() throws {
        try LedgerError.mapping { try database.close() }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try LedgerError.mapping { try database.read(body) }
    }

    // MARK: - Opening

    private enum Place {
        case file, memory, readOnly
    }

    private static func configuration(_ place: Place) -> Configuration {
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.readonly = place == .readOnly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            // First of all, so that a foreign database is not even switched to another journal.
            let isNew = try LedgerSchema.check(database)
            if isNew && place == .readOnly { throw LedgerError.notALedger }
            guard place == .file else { return }
            // What is deleted is overwritten.
            try database.execute(
                sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
        }
        return configuration
    }

    /// Makes the file before SQLite does, so that nobody else can ever read it; SQLite gives its other files the same mode.
    private static func createFile(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor >= 0 {
            Foundation.close(descriptor)
        } else if errno == ENOSPC || errno == EDQUOT {
            throw LedgerError(.full, "the disk that holds the ledger is full", hint: "Make room and start again")
        } else if errno != EEXIST {
            throw LedgerError(
                .readOnly, "the ledger can't be created",
                hint: "Check the owner and the permissions of the output folder")
        }
    }
}

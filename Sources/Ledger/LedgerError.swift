internal import GRDB

/// Why a ledger could not be opened, read or written. Messages name no path and no value.
public struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// Another run writes to this ledger.
        public static let locked = Code("ledger-locked")
        /// The file is no ledger of ours; it was left alone.
        public static let notALedger = Code("not-a-ledger")
        /// A later version of the program wrote it.
        public static let newerVersion = Code("newer-version")
        /// What is stored contradicts itself or can't be read.
        public static let corrupt = Code("ledger-corrupt")
        /// The disk, or a quota, is full.
        public static let full = Code("disk-full")
        public static let readOnly = Code("read-only")
        /// There is no ledger at this place.
        public static let missing = Code("ledger-missing")
        /// Reading or writing failed, for a reason outside the ledger.
        public static let inputOutput = Code("input-output")
        /// An entry that can't stand where it was to be appended; nothing was written.
        public static let refusedEntry = Code("refused-entry")
        /// A key file that can't be used.
        public static let key = Code("key")
        /// A file that is no receipt.
        public static let receipt = Code("receipt")
    }

    public let code: Code
    public let message: String
    /// What to do next.
    public let hint: String?
    /// The event that the error is about.
    public let sequence: Int?

    public init(_ code: Code, _ message: String, hint: String? = nil, sequence: Int? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.sequence = sequence
    }

    public var description: String {
        let place = sequence.map { " (event \($0))" } ?? ""
        return message + place + (hint.map { ". " + $0 } ?? "")
    }
}

extension LedgerError {
    static let notALedger = LedgerError(
        .notALedger, "the file is not a Quench ledger",
        hint: "It was left as it is; choose another output folder, or move the file away")

    /// SQLite's result as an error of ours. Its own message is dropped: it may name a path.
    init(_ error: DatabaseError) {
        let extended = "SQLite result \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                .full, "the disk that holds the ledger is full",
                hint: "Make room and start again: the run goes on where it was")
        case .SQLITE_NOTADB:
            self = .notALedger
        case .SQLITE_CORRUPT, .SQLITE_ERROR:
            self.init(
                .corrupt, "the ledger's file is damaged (\(extended))", hint: "Restore it from a backup")
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(
                .readOnly, "the ledger can't be written to",
                hint: "Check the owner and the permissions of the output folder")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, "another program is using the ledger", hint: "Wait for it to end, then start again")
        case .SQLITE_CANTOPEN:
            self.init(
                .inputOutput, "the ledger can't be opened (\(extended))",
                hint: "Check that the output folder exists and may be written to")
        case .SQLITE_CONSTRAINT:
            self.init(.refusedEntry, "the ledger refused an event (\(extended))")
        case .SQLITE_IOERR:
            self.init(
                .inputOutput, "reading or writing the ledger failed (\(extended))",
                hint: "Check the disk, then start again: the run goes on where it was")
        default:
            self.init(.inputOutput, "the ledger can't be used (\(extended))")
        }
    }

    /// Runs `body`; whatever SQLite throws comes out as a `LedgerError`.
    static func mapping<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw LedgerError(error)
        } catch is RowDecodingError {
            throw LedgerError(.corrupt, "a row of the ledger is not of the right type")
        }
    }
}

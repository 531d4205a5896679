internal import GRDB

/// The tables of a ledger, and the marks by which its file is known.
enum LedgerSchema {
    /// `QNCH`, in the header of the SQLite file.
    static let applicationID = 0x514E_4348
    /// 2 has receipts.
    static let version = 2

    /// Throws unless the database is a ledger that this version understands, or has nothing in it yet: then true.
    static func check(_ database: Database) throws -> Bool {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let stored = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if application == 0 && stored == 0 && tables == 0 { return true }
        guard application == applicationID else { throw LedgerError.notALedger }
        guard stored <= version else {
            throw LedgerError(
                .newerVersion, "the ledger was written by a later version of Quench",
                hint: "Use that version or a later one")
        }
        return false
    }

    /// Creates the tables in one transaction, where there are none, and what an earlier version didn't have.
    static func create(in database: Database) throws {
        if try check(database) { try database.execute(sql: tables) }
        try database.execute(sql: "CREATE INDEX IF NOT EXISTS event_of_none ON event (kind) WHERE instance IS NULL")
        try database.execute(sql: "CREATE INDEX IF NOT EXISTS event_of_held ON event (instance) WHERE \(ofHeld)")
        guard try Int.fetchOne(database, sql: "PRAGMA user_version") != version else { return }
        try database.execute(sql: receipts)
        try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }

    /// The events by which an instance is known that is or was held, or was withdrawn.
    static let ofHeld = "kind IN ('quarantined', 'reviewed')"

    private static let receipts = """
        CREATE TABLE receipt (number INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL) STRICT;
        CREATE TRIGGER receipt_is_kept BEFORE DELETE ON receipt
            BEGIN SELECT RAISE(ABORT, 'receipts are never deleted'); END;
        CREATE TRIGGER receipt_is_unchanged BEFORE UPDATE ON receipt
            BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END;
        """

    /// Stands in the way of everybody but `Ledger.removeUnnamedBlobs`.
    static let pictureIsKept = """
        CREATE TRIGGER picture_is_kept BEFORE DELETE ON picture
            BEGIN SELECT RAISE(ABORT, 'pictures are never deleted'); END
        """

    // AUTOINCREMENT leaves the highest sequence number behind even when the last events are deleted.
    private static let tables = """
        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            time TEXT NOT NULL,
            run TEXT NOT NULL,
            instance TEXT,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE INDEX event_by_instance ON event (instance) WHERE instance IS NOT NULL;
        CREATE TABLE picture (sha256 TEXT PRIMARY KEY NOT NULL, png BLOB NOT NULL) STRICT;
        CREATE TRIGGER event_is_appended BEFORE INSERT ON event
            WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM event)
            BEGIN SELECT RAISE(ABORT, 'events are only appended'); END;
        CREATE TRIGGER event_is_kept BEFORE DELETE ON event
            BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
        CREATE TRIGGER event_is_unchanged BEFORE UPDATE ON event
            BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
        \(pictureIsKept);
        CREATE TRIGGER picture_is_unchanged BEFORE UPDATE ON picture
            BEGIN SELECT RAISE(ABORT, 'pictures are never changed'); END;
        """
}

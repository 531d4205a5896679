internal import GRDB

extension LedgerSchema {
    /// What the database's own list says of a table, an index, a trigger or a view.
    private struct Object: Hashable {
        var type: String
        var name: String
        var table: String
        var sql: String?
    }

    /// How many tables, indices, triggers and views of a database aren't as this program makes them, and how many of its tables
    /// and triggers are missing. An index takes nothing away by being missing: the next run makes it.
    static func differences(in database: Database) throws -> (foreign: Int, missing: Int) {
        let own = try DatabaseQueue().write { database in
            try create(in: database)
            return try objects(in: database)
        }
        let present = try objects(in: database)
        let isCurrent = try Int.fetchOne(database, sql: "PRAGMA user_version") == version
        let missing = own.subtracting(present).count { $0.type != "index" && isCurrent }
        // Highest numbers of other tables than these, or one below the last event's; and an earlier version had no receipts.
        let strays = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) - count(DISTINCT CASE WHEN name IN ('event', 'receipt') THEN name END)
                    + (coalesce(max(CASE WHEN name = 'event' THEN seq END), 0)
                        < coalesce((SELECT max(sequence) FROM event), 0))
                FROM sqlite_sequence
                """)
        let isOlderThanItsTables = !isCurrent && present.contains { $0.name == "receipt" }
        return (present.subtracting(own).count + (strays ?? 0) + (isOlderThanItsTables ? 1 : 0), missing)
    }

    private static func objects(in database: Database) throws -> Set<Object> {
        let rows = try Row.fetchAll(database, sql: "SELECT type, name, tbl_name, sql FROM sqlite_schema")
        return Set(
            try rows.map { row in
                Object(
                    type: try row.decode(String.self, atIndex: 0), name: try row.decode(String.self, atIndex: 1),
                    table: try row.decode(String.self, atIndex: 2), sql: try row.decode(String?.self, atIndex: 3))
            })
    }
}

extension Ledger {
    /// What stands in the database besides a ledger, or is missing of one, each as part of a sentence.
    package func schemaProblems() throws -> [String] {
        let (foreign, missing) = try read { try LedgerSchema.differences(in: $0) }
        let isWhole = try read { try String.fetchAll($0, sql: "PRAGMA integrity_check(1)") == ["ok"] }
        return
            (foreign > 0
            ? ["holds \(foreign) tables, indices, triggers or views that aren't as Quench makes them"] : [])
            + (missing > 0 ? ["lacks \(missing) of its tables or triggers"] : [])
            + (isWhole ? [] : ["has tables or indices that contradict each other: SQLite calls it damaged"])
    }
}

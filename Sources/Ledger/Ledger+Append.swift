import Foundation
internal import GRDB

extension Ledger {
    /// Appends entries in one transaction: all of them are on the disk when it returns, or none.
    ///
    /// A `runStarted` opens the next run; what follows belongs to it. Throws `.refusedEntry`, with nothing written, for
    /// an entry before the first run, for one that names an instance and shouldn't or the other way round, and for a
    /// final entry that contradicts what already became of the instance; the very same final entry again is dropped,
    /// so that a run that was killed may repeat itself. Throws `.full` when the disk is full.
    ///
    /// - Parameter blobs: the pictures and lists that the entries name.
    public func append(_ entries: [(InstanceID?, LedgerEntry)], storing blobs: [LedgerBlob] = []) throws {
        guard !entries.isEmpty else { return }
        let encoder = PayloadEncoder()
        let payloads = try entries.map { try encoder.encode($0.1) }
        let time = ISO8601.text(now())
        try LedgerError.mapping {
            try database.write { database in
                try Self.store(blobs, in: database)
                var tail = try Tail(database)
                for ((instance, entry), payload) in zip(entries, payloads) {
                    try tail.append(entry, of: instance, payload: payload, time: time, to: database)
                }
            }
        }
    }

    /// Appends one entry; see `append(_:)`.
    public func append(_ entry: LedgerEntry, of instance: InstanceID? = nil) throws {
        try append([(instance, entry)])
    }

    /// Lets the database grow to no more than `pages` pages, as a full disk would.
    package func limit(pages: Int) throws {
        try LedgerError.mapping {
            try database.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
    }
}

/// The end of the chain, while entries are added to it.
private struct Tail {
    var sequence: Int
    var run: Int
    var hash: Data

    init(_ database: Database) throws {
        let last = try Row.fetchOne(
            database, sql: "SELECT \(StoredEvent.columns), hash FROM event ORDER BY sequence DESC LIMIT 1")
        guard let last else {
            (sequence, run, hash) = (0, 0, StoredEvent.origin)
            return
        }
        let event = try StoredEvent(last)
        guard let number = Int(event.run), number < Int.max, event.sequence < Int.max else {
            throw LedgerError(.corrupt, "the last event can't be continued", sequence: event.sequence)
        }
        (sequence, run, hash) = (event.sequence, number, try last.decode(Data.self, atIndex: 7))
    }

    mutating func append(
        _ entry: LedgerEntry, of instance: InstanceID?, payload: String, time: String, to database: Database
    ) throws {
        guard (instance != nil) == entry.kind.isOfInstance else {
            throw LedgerError(
                .refusedEntry,
                "an event of kind \(entry.kind.rawValue) "
                    + (instance == nil ? "names no instance" : "can't name an instance"))
        }
        if entry.kind == .runStarted { run += 1 }
        guard run > 0 else {
            throw LedgerError(.refusedEntry, "an event of kind \(entry.kind.rawValue) stands before the first run")
        }
        if let instance, entry.kind.isFinal,
            try isRepeated(entry.kind, payload: payload, of: instance, in: database)
        {
            return
        }
        sequence += 1
        let event = StoredEvent(
            sequence: sequence, time: time, run: String(run), instance: instance?.rawValue,
            kind: entry.kind.rawValue, payload: Data(payload.utf8), previous: hash)
        hash = event.digest()
        try database.cachedStatement(
            sql: """
                INSERT INTO event (sequence, time, run, instance, kind, payload, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            event.sequence, event.time, event.run, event.instance, event.kind, payload, event.previous, hash,
        ])
    }

    /// Whether the instance already has this very final event; throws where it has another one.
    private func isRepeated(
        _ kind: LedgerEntry.Kind, payload: String, of instance: InstanceID, in database: Database
    ) throws -> Bool {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: "SELECT \(StoredEvent.columns) FROM event WHERE instance = ? ORDER BY sequence"),
            arguments: [instance.rawValue])
        var last: StoredEvent?
        while let row = try rows.next() {
            let event = try StoredEvent(row)
            guard let kind = LedgerEntry.Kind(rawValue: event.kind) else { continue }
            if kind.isFinal { last = event }
            // A person decided about what was held, or withdrew what was released: that may end otherwise, once.
            let end = last.flatMap { LedgerEntry.Kind(rawValue: $0.kind) }
            if kind == .reviewed, Reviewed.reopens(event.payload, after: end) { last = nil }
        }
        guard let last else { return false }
        guard last.kind == kind.rawValue, last.payload == Data(payload.utf8) else {
            throw LedgerError(.refusedEntry, "the instance already ended otherwise", sequence: last.sequence)
        }
        return true
    }
}

/// Times as they are stored.
enum ISO8601 {
    /// In UTC, with milliseconds: `2026-03-01T09:15:00.000Z`.
    static func text(_ date: Date) -> String {
        date.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }
}

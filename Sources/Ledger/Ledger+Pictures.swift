import DICOMModel
public import Foundation
internal import GRDB

extension Ledger {
    /// The same blob is stored once.
    static func store(_ blobs: [LedgerBlob], in database: Database) throws {
        for blob in blobs {
            try database.execute(
                sql: "INSERT INTO picture (sha256, png) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [blob.name, blob.data])
        }
    }

    /// The list of that SHA-256, or nil where there is none. Throws `.corrupt` where what is stored under it isn't it.
    public func attributes(sha256: String) throws -> [RetainedAttribute]? {
        try stored("list", sha256: sha256).map { stored in
            String(decoding: stored, as: UTF8.self).split(separator: "\n").compactMap { RetainedAttribute(line: $0) }
        }
    }

    /// The picture of that SHA-256, or nil where there is none. Throws `.corrupt` where what is stored under it isn't it.
    public func picture(sha256: String) throws -> Data? { try stored("picture", sha256: sha256) }

    private func stored(_ name: String, sha256: String) throws -> Data? {
        let png = try read {
            try Data.fetchOne($0, sql: "SELECT png FROM picture WHERE sha256 = ?", arguments: [sha256])
        }
        guard let png else { return nil }
        guard LedgerBlob(png).name == sha256 else {
            throw LedgerError(.corrupt, "a \(name) of the report was changed")
        }
        return png
    }
}

// MARK: - What belongs there

extension Ledger {
    /// Moves what stands in the write-ahead log into the ledger's file, which then says all by itself; a reader may be in the
    /// way, and then it waits until the ledger is closed.
    public func settle() { _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) } }

    /// Removes pictures and lists of what was withdrawn, and whatever else no event names; what they were is overwritten.
    ///
    /// - Returns: how many.
    @discardableResult
    public func removeUnnamedBlobs() throws -> Int {
        try LedgerError.mapping {
            let count = try database.write { database in
                let named = try Self.namedBlobs(in: database)
                let rows = try Row.fetchAll(database, sql: "SELECT rowid, \(Self.blobName) FROM picture")
                let surplus = try rows.filter { !named.contains(try Self.blobName(in: $0, 1)) }
                guard !surplus.isEmpty else { return 0 }
                try database.execute(sql: "DROP TRIGGER IF EXISTS picture_is_kept")
                for row in surplus {
                    try database.execute(
                        sql: "DELETE FROM picture WHERE rowid = ?", arguments: [try row.decode(Int.self, atIndex: 0)])
                }
                try database.execute(sql: LedgerSchema.pictureIsKept)
                return surplus.count
            }
            if count > 0 { settle() }
            return count
        }
    }

    /// What is wrong with the stored pictures and lists, each as part of a sentence.
    package func blobProblems() throws -> [String] {
        try read { database in
            let named = try Self.namedBlobs(in: database)
            var stored: Set<String> = []
            var changed = 0
            let rows = try Row.fetchCursor(database, sql: "SELECT \(Self.blobName), png FROM picture")
            while let row = try rows.next() {
                let name = try Self.blobName(in: row, 0)
                stored.insert(name)
                if LedgerBlob(try row.decode(Data.self, atIndex: 1)).name != name { changed += 1 }
            }
            let (surplus, missing) = (stored.subtracting(named).count, named.subtracting(stored).count)
            return [
                changed > 0 ? "holds \(changed) pictures or lists that were changed" : nil,
                missing > 0 ? "lacks \(missing) pictures or lists that its events name" : nil,
                surplus > 0
                    ? "holds \(surplus) pictures or lists that no event names, or of what was withdrawn: "
                        + "`quench quarantine purge` removes them" : nil,
            ].compactMap { $0 }
        }
    }

    /// With whatever stands behind a zero byte in it.
    private static let blobName = "CAST(sha256 AS BLOB)"

    private static func blobName(in row: Row, _ column: Int) throws -> String {
        String(decoding: try row.decode(Data.self, atIndex: column), as: UTF8.self)
    }

    /// What the events of instances name that weren't withdrawn since.
    private static func namedBlobs(in database: Database) throws -> Set<String> {
        var names: [InstanceID: Set<String>] = [:]
        var decoder = PayloadDecoder()
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(StoredEvent.columns) FROM event WHERE kind IN ('redacted', 'reviewed') ORDER BY sequence
                """)
        while let row = try rows.next() {
            let event = try StoredEvent(row).decoded(by: &decoder)
            guard let id = event.instance else { continue }
            switch event.entry {
            case .redacted(let redacted): names[id, default: []].formUnion(redacted.blobs)
            case .reviewed(let reviewed) where reviewed.action == .withdrawn: names[id] = nil
            default: break
            }
        }
        return names.values.reduce(into: []) { $0.formUnion($1) }
    }
}

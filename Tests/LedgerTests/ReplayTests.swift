import DICOMModel
import Foundation
import GRDB
import Ledger
import Testing

@Suite struct ReplayTests {
    @Test func `what is replayed is what was appended`() throws {
        let folder = try TemporaryFolder()
        let written = Fixtures.everything + Fixtures.review
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(written)
        try ledger.close()

        var read: [(InstanceID?, LedgerEntry)] = []
        try Ledger.openReadOnly(path: folder.ledgerPath).forEachEvent { event in
            #expect(event.sequence == read.count + 1)
            #expect(event.run == "1")
            read.append((event.instance, event.entry))
        }
        #expect(read.count == written.count)
        #expect(zip(read, written).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 })
        #expect(Set(read.map(\.1.kind)) == Set(LedgerEntry.Kind.allCases))
    }

    @Test func `records hold what happened to each instance`() throws {
        let ledger = try Ledger.inMemory()
        try ledger.append(Fixtures.everything)
        let state = try ledger.state()
        #expect(state.instances.map(\.id) == (1...6).map(Fixtures.id))
        #expect(
            state.instances.map(\.outcome) == [
                .releasedMasked, .releasedMasked, .quarantined, .rejected, .notDICOM, .released,
            ])
        #expect(state[Fixtures.id(1)]?.reasons == ["text-found"])
        #expect(state[Fixtures.id(3)]?.reasons == ["text-left"])
        #expect(state[Fixtures.id(4)]?.reasons == ["dose-page", "z"])
        #expect(state[Fixtures.id(4)]?.inspected == nil)
        #expect(state[Fixtures.id(7)] == nil)
        #expect(try ledger.record(for: Fixtures.id(2)) == state[Fixtures.id(2)])
        #expect(try ledger.record(for: Fixtures.id(7)) == nil)
        #expect(state.runs.map(\.started) == [Fixtures.runStarted])
        #expect(state.runs.first?.finished == RunFinished(inputs: 6, interrupted: true))
    }

    @Test func `a record by itself is that of the whole, also where a sample was judged`() throws {
        let ledger = try Ledger.inMemory()
        try ledger.append(Fixtures.everything + Fixtures.review)
        let state = try ledger.state()
        for number in [1, 3] { #expect(try ledger.record(for: Fixtures.id(number)) == state[Fixtures.id(number)]) }
        #expect(state[Fixtures.id(3)]?.reviews.count == 1)
        #expect(state.samples.first?.identifying == 1)
    }

    @Test func `the last run is found without the rest, also in a ledger of before there was an index for it`() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        #expect(try ledger.lastRun() == nil)
        try ledger.append(Fixtures.everything)
        #expect(try ledger.lastRun() == Fixtures.runStarted)
        var second = Fixtures.runStarted
        second.policyDigest = "11ff"
        try ledger.append([(nil, .runStarted(second)), (Fixtures.id(9), Fixtures.received(9))])
        try ledger.close()
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).lastRun() == second)
        try folder.tamper { try $0.execute(sql: "DROP INDEX event_of_none") }
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).lastRun() == second)
    }

    @Test func `one reading gives the state and the verified chain`() throws {
        let ledger = try Ledger.inMemory()
        try ledger.append(Fixtures.everything)
        let (state, chain) = try ledger.auditedState()
        #expect(state == (try ledger.state()))
        #expect(chain == (try ledger.verifyChain()))
        #expect(chain.isIntact)
    }

    @Test func `a run that was killed leaves an instance without an outcome, and the next run ends it`() throws {
        let folder = try TemporaryFolder()
        let first = try Ledger(path: folder.ledgerPath)
        try first.append([(nil, .runStarted(Fixtures.runStarted))] + Fixtures.wayOfMasked(1).prefix(4))
        // What a kill leaves: the files as they are now, the write-ahead log not yet written back.
        let copy = try TemporaryFolder()
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: folder.path + "/" + name, toPath: copy.path + "/" + name)
        }
        let second = try Ledger(path: copy.ledgerPath)
        let state = try second.state()
        #expect(state.instances.map(\.outcome) == [nil])
        #expect(state.runs.first?.finished == nil)
        try second.append([(nil, .runStarted(Fixtures.runStarted))] + Fixtures.wayOfMasked(1))
        try second.append(.runFinished(RunFinished(inputs: 1, interrupted: false)))
        let after = try second.state()
        #expect(after.instances.map(\.outcome) == [.releasedMasked])
        #expect(after.runs.map(\.id) == ["1", "2"])
        #expect(try second.verifyChain().isIntact)
    }

    @Test func `times are ISO 8601 in UTC with milliseconds`() throws {
        let ledger = try Ledger.inMemory(now: { Date(timeIntervalSince1970: 1_772_356_500.25) })
        try ledger.append(.runStarted(Fixtures.runStarted))
        // date -u -d @1772356500.25 +%FT%T.%3NZ
        #expect(try ledger.state().runs.map(\.startTime) == ["2026-03-01T09:15:00.250Z"])
    }

    @Test func `an empty ledger is empty and intact`() throws {
        let ledger = try Ledger.inMemory()
        #expect(try ledger.state() == LedgerState())
        #expect(try ledger.head() == nil)
        #expect(try ledger.verifyChain() == ChainVerification(eventCount: 0, head: nil, problem: nil))
        try ledger.append([])
        #expect(try ledger.head() == nil)
    }

    @Test func `a final event that is repeated counts once, and another one is refused with nothing written`() throws {
        let ledger = try Ledger.inMemory()
        try ledger.append(Fixtures.everything)
        let head = try ledger.head()
        try ledger.append(.rejected(Rejected(reasons: ["dose-page", "z"])), of: Fixtures.id(4))
        #expect(try ledger.head() == head)
        #expect(
            code {
                try ledger.append([
                    (Fixtures.id(9), Fixtures.received(9)),
                    (Fixtures.id(4), .released(Released(path: "p", sha256: "s", masked: false))),
                ])
            } == .refusedEntry)
        #expect(try ledger.head() == head)
        #expect(try ledger.record(for: Fixtures.id(9)) == nil)
    }

    @Test func `entries that can't stand where they are put are refused`() throws {
        let ledger = try Ledger.inMemory()
        #expect(code { try ledger.append(Fixtures.received(1), of: Fixtures.id(1)) } == .refusedEntry)
        try ledger.append(.runStarted(Fixtures.runStarted))
        #expect(code { try ledger.append(Fixtures.received(1)) } == .refusedEntry)
        #expect(code { try ledger.append(.runStarted(Fixtures.runStarted), of: Fixtures.id(1)) } == .refusedEntry)
        #expect(try ledger.head()?.sequence == 1)
    }

    @Test func `pictures are stored once, by their SHA-256`() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        // FIPS 180-2, appendix B.1.
        let name = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        for _ in 1...2 {
            try ledger.append([(nil, .runStarted(Fixtures.runStarted))], storing: [LedgerBlob(Data("abc".utf8))])
        }
        #expect(try ledger.picture(sha256: name) == Data("abc".utf8))
        #expect(try ledger.picture(sha256: "00") == nil)
        try ledger.close()
        try folder.tamper { try $0.execute(sql: "UPDATE picture SET png = x'00'") }
        let changed = try Ledger.openReadOnly(path: folder.ledgerPath)
        #expect(code { try changed.picture(sha256: name) } == .corrupt)
    }

    /// The whole way of an instance with these pictures.
    private func way(_ number: Int, before: LedgerBlob, after: LedgerBlob) -> [(InstanceID?, LedgerEntry)] {
        Fixtures.wayOfMasked(number).map { id, entry in
            guard case .redacted(var redacted) = entry else { return (id, entry) }
            redacted.pictures = Pictures(before: before.name, after: after.name)
            return (id, .redacted(redacted))
        }
    }

    @Test func `pictures of what was withdrawn go for good, but those that another instance has`() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        let blobs = ["seen-before", "seen-after", "shared"].map {
            LedgerBlob(Data(String(repeating: $0, count: 3000).utf8))
        }
        try ledger.append([(nil, .runStarted(Fixtures.runStarted))])
        try ledger.append(way(1, before: blobs[0], after: blobs[2]), storing: blobs)
        try ledger.append(way(2, before: blobs[2], after: blobs[2]))
        try ledger.append(way(3, before: blobs[1], after: blobs[1]))
        #expect(try ledger.blobProblems() == [])
        #expect(try ledger.removeUnnamedBlobs() == 0)
        for number in [1, 3] {
            try ledger.append(
                .reviewed(Reviewed(action: .withdrawn, by: "Ann", reason: "a name")), of: Fixtures.id(number))
        }
        #expect(try ledger.blobProblems().count == 1)
        #expect(try ledger.removeUnnamedBlobs() == 2)
        #expect(try ledger.blobProblems() == [])
        #expect(try ledger.schemaProblems() == [])
        #expect(try ledger.picture(sha256: blobs[2].name) == blobs[2].data)
        try ledger.close()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
            #expect(bytes.range(of: Data("seen-".utf8)) == nil, "\(name)")
        }
    }

    @Test(arguments: [
        "INSERT INTO picture VALUES ('00', x'00')", "INSERT INTO picture SELECT sha256 || char(0), png FROM picture",
        "DELETE FROM picture", "UPDATE picture SET png = x'00'",
    ])
    func `a picture that was put in, dropped or changed shows`(change: String) throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        let picture = LedgerBlob(Data("abc".utf8))
        try ledger.append(
            [(nil, .runStarted(Fixtures.runStarted))] + way(1, before: picture, after: picture), storing: [picture])
        try ledger.close()
        try folder.tamper { try $0.execute(sql: change) }
        #expect(try !Ledger.openReadOnly(path: folder.ledgerPath).blobProblems().isEmpty)
    }

    @Test(arguments: [
        "INSERT INTO sqlite_sequence VALUES ('notes', 1)", "PRAGMA user_version = 1",
        "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'event'", "DELETE FROM sqlite_sequence",
    ])
    func `what SQLite keeps beside the tables shows`(change: String) throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        try ledger.close()
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).schemaProblems() == [])
        let database = try DatabaseQueue(path: folder.ledgerPath)
        try database.write { try $0.execute(sql: change) }
        try database.close()
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).schemaProblems().count == 1)
    }

    @Test func `an index that leaves events out shows`() throws {
        let folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        try ledger.close()
        let database = try DatabaseQueue(path: folder.ledgerPath)
        // As it is made, but for the rows in it.
        try database.write { database in
            let name = "event_of_held"
            let sql = try String.fetchOne(
                database, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [name])
            try database.execute(sql: "DROP INDEX \(name)")
            try database.execute(sql: "CREATE INDEX \(name) ON event (instance) WHERE kind = 'none'")
            try database.execute(sql: "PRAGMA writable_schema = ON")
            try database.execute(
                sql: "UPDATE sqlite_schema SET sql = ? WHERE name = ?", arguments: [sql, name])
        }
        try database.close()
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).schemaProblems().count == 1)
    }
}

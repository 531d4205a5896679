import Foundation
import GRDB
import Ledger
import Testing

@Suite struct ChainTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        try ledger.close()
    }

    private func problem(knownHead: LedgerHead? = nil) throws -> ChainVerification.Problem? {
        try Ledger.openReadOnly(path: folder.ledgerPath).verifyChain(knownHead: knownHead).problem
    }

    @Test func `an untouched ledger is intact`() throws {
        let chain = try Ledger.openReadOnly(path: folder.ledgerPath).verifyChain()
        #expect(chain.isIntact)
        #expect(chain.eventCount == Fixtures.everything.count)
        #expect(chain.head?.sequence == Fixtures.everything.count)
    }

    @Test(arguments: [
        ("payload = replace(payload, 'text-found', 'text-fount')", 4),
        ("kind = kind || char(0) || 'x'", 4), ("time = time || char(0)", 4), ("run = run || char(0)", 4),
        ("instance = instance || char(0) || 'x'", 4), ("payload = payload || char(0)", 4),
        ("time = '2020-01-01T00:00:00.000Z'", 4),
        ("run = '2'", 7), ("instance = 'id-2'", 2), ("instance = NULL", 2), ("kind = 'rejected'", 4),
        ("previous = zeroblob(32)", 6), ("hash = zeroblob(32)", 6), ("payload = payload || ' '", 5),
    ])
    func `a changed column shows at its event`(change: String, sequence: Int) throws {
        try folder.tamper { try $0.execute(sql: "UPDATE event SET \(change) WHERE sequence = \(sequence)") }
        #expect(try problem() == .init(sequence: sequence, kind: .changed))
    }

    @Test(arguments: [0, -5, Int.min]) func `an event put in before the first shows`(sequence: Int) throws {
        try folder.tamper { database in
            let columns = "time, run, instance, kind, payload, previous, hash"
            try database.execute(
                sql: "INSERT INTO event SELECT ?, \(columns) FROM event WHERE sequence = 5", arguments: [sequence])
        }
        #expect(try problem() == .init(sequence: sequence, kind: .unlinked))
    }

    @Test func `a dropped event shows as missing`() throws {
        try folder.tamper { try $0.execute(sql: "DELETE FROM event WHERE sequence = 5") }
        #expect(try problem() == .init(sequence: 5, kind: .missing))
    }

    @Test func `a dropped first event shows as missing`() throws {
        try folder.tamper { try $0.execute(sql: "DELETE FROM event WHERE sequence = 1") }
        #expect(try problem() == .init(sequence: 1, kind: .missing))
    }

    @Test func `a dropped event whose gap was closed shows`() throws {
        try folder.tamper { database in
            try database.execute(sql: "DELETE FROM event WHERE sequence = 5")
            try database.execute(sql: "UPDATE event SET sequence = sequence - 1 WHERE sequence > 5")
        }
        #expect(try problem()?.sequence == 5)
    }

    @Test func `swapped events show`() throws {
        try folder.tamper {
            try $0.execute(
                sql: """
                    UPDATE event SET sequence = 1000 WHERE sequence = 3;
                    UPDATE event SET sequence = 3 WHERE sequence = 4;
                    UPDATE event SET sequence = 4 WHERE sequence = 1000;
                    """)
        }
        #expect(try problem()?.sequence == 3)
    }

    @Test func `an inserted event shows`() throws {
        try folder.tamper {
            try $0.execute(
                sql: """
                    INSERT INTO event SELECT 1000, time, run, instance, kind, payload, previous, hash FROM event
                    WHERE sequence = 4
                    """)
        }
        #expect(try problem() == .init(sequence: Fixtures.everything.count + 1, kind: .missing))
    }

    @Test func `events that were cut off at the end show`() throws {
        try folder.tamper { try $0.execute(sql: "DELETE FROM event WHERE sequence > 20") }
        #expect(try problem() == .init(sequence: 21, kind: .cutOff))
    }

    @Test func `a head that was noted down shows what was cut off without a trace`() throws {
        let head = try Ledger.openReadOnly(path: folder.ledgerPath).head()
        #expect(try problem(knownHead: head) == nil)
        try folder.tamper {
            try $0.execute(
                sql: """
                    DELETE FROM event WHERE sequence > 20; UPDATE sqlite_sequence SET seq = 20
                    """)
        }
        #expect(try problem() == nil)
        #expect(try problem(knownHead: head) == .init(sequence: 21, kind: .cutOff))
    }

    @Test func `a head that was noted down shows a ledger that was written anew`() throws {
        let head = try Ledger.openReadOnly(path: folder.ledgerPath).head()
        let other = try Ledger.inMemory()
        try other.append(Fixtures.everything)
        #expect(
            try other.verifyChain(knownHead: head).problem
                == .init(sequence: Fixtures.everything.count, kind: .unlinked))
    }

    @Test func `the database itself refuses to change, delete or put in between`() throws {
        let database = try DatabaseQueue(path: folder.ledgerPath)
        for statement in [
            "UPDATE event SET kind = 'rejected'", "DELETE FROM event WHERE sequence = 3", "DELETE FROM picture",
            "INSERT OR REPLACE INTO event SELECT * FROM event WHERE sequence = 3",
            "INSERT INTO event SELECT 1000, time, run, instance, kind, payload, previous, hash FROM event LIMIT 1",
        ] where statement != "DELETE FROM picture" {
            #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: statement) } }
        }
        #expect(try problem() == nil)
    }

    @Test func `a second final event, chained by somebody who knows how, is an integrity error`() throws {
        try folder.tamper {
            try $0.execute(
                sql: """
                    UPDATE event SET instance = 'id-1' WHERE kind = 'rejected'
                    """)
        }
        let ledger = try Ledger.openReadOnly(path: folder.ledgerPath)
        #expect(code { try ledger.state() } == .corrupt)
    }

    @Test func `an unreadable payload and an unknown kind are told apart`() throws {
        try folder.tamper { try $0.execute(sql: "UPDATE event SET payload = '{}' WHERE sequence = 3") }
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath).state() } == .corrupt)
        try folder.tamper { try $0.execute(sql: "UPDATE event SET kind = 'foretold' WHERE sequence = 2") }
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath).state() } == .newerVersion)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
    func `another program computes the same hashes from what is documented`() throws {
        let script = """
            import sqlite3, hashlib, sys
            previous, count = bytes(32), 0
            size = lambda field: len(field).to_bytes(8, "big") + field
            rows = sqlite3.connect(sys.argv[1]).execute("SELECT * FROM event ORDER BY sequence")
            for sequence, time, run, instance, kind, payload, stored, digest in rows:
                text = b"quench-ledger-event-1" + size(previous) + sequence.to_bytes(8, "big")
                text += size(time.encode()) + size(run.encode())
                text += b"\\0" if instance is None else b"\\1" + size(instance.encode())
                text += size(kind.encode()) + size(payload.encode())
                assert stored == previous and hashlib.sha256(text).digest() == digest, sequence
                previous, count = digest, count + 1
            print(count, previous.hex())
            """
        let result = try output(of: "/usr/bin/python3", ["-c", script, folder.ledgerPath])
        let head = try #require(try Ledger.openReadOnly(path: folder.ledgerPath).head())
        #expect(result?.text == "\(head.sequence) \(head.hash)\n")
    }
}

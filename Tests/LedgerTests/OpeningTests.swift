import Foundation
import GRDB
import Ledger
import Testing

@Suite struct OpeningTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `only the owner may read a ledger's files`() throws {
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.contains("ledger.sqlite-wal"))
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        try ledger.close()
    }

    @Test func `a second writer is refused, and may write once the first is gone`() throws {
        var first: Ledger? = try Ledger(path: folder.ledgerPath)
        try first?.append(.runStarted(Fixtures.runStarted))
        #expect(code { try Ledger(path: folder.ledgerPath) } == .locked)
        first = nil
        let second = try Ledger(path: folder.ledgerPath)
        #expect(try second.head()?.sequence == 1)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/flock")))
    func `the lock holds across processes, and frees itself when its process is killed`() throws {
        let lock = folder.path + "/ledger.lock"
        var ledger: Ledger? = try Ledger(path: folder.ledgerPath)
        _ = try ledger?.head()
        #expect(try output(of: "/usr/bin/flock", ["--nonblock", lock, "true"])?.status == 1)
        ledger = nil
        #expect(try output(of: "/usr/bin/flock", ["--nonblock", lock, "true"])?.status == 0)

        let holder = Process()
        let pipe = Pipe()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = ["--no-fork", lock, "sh", "-c", "echo held; exec sleep 60"]
        holder.standardOutput = pipe
        try holder.run()
        #expect(pipe.fileHandleForReading.availableData == Data("held\n".utf8))
        #expect(code { try Ledger(path: folder.ledgerPath) } == .locked)
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        #expect(code { try Ledger(path: folder.ledgerPath) } == nil)
    }

    @Test func `a foreign SQLite database is refused and left as it is`() throws {
        let foreign = try DatabaseQueue(path: folder.ledgerPath)
        try foreign.write { try $0.execute(sql: "CREATE TABLE patient (name TEXT)") }
        try foreign.close()
        let before = FileManager.default.contents(atPath: folder.ledgerPath)
        #expect(code { try Ledger(path: folder.ledgerPath) } == .notALedger)
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath) } == .notALedger)
        #expect(FileManager.default.contents(atPath: folder.ledgerPath) == before)
    }

    @Test func `a file that is no database is refused and left as it is`() throws {
        let text = Data(String(repeating: "not a database\n", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: folder.ledgerPath))
        #expect(code { try Ledger(path: folder.ledgerPath) } == .notALedger)
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath) } == .notALedger)
        #expect(FileManager.default.contents(atPath: folder.ledgerPath) == text)
    }

    @Test func `a ledger of a later version is refused`() throws {
        try Ledger(path: folder.ledgerPath).close()
        try folder.tamper { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(code { try Ledger(path: folder.ledgerPath) } == .newerVersion)
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath) } == .newerVersion)
    }

    @Test func `a ledger that was killed before its first table is begun again`() throws {
        try Data().write(to: URL(fileURLWithPath: folder.ledgerPath))
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(.runStarted(Fixtures.runStarted))
        #expect(try ledger.head()?.sequence == 1)
    }

    @Test func `what isn't there can't be opened`() throws {
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath) } == .missing)
        #expect(code { try Ledger(path: folder.path + "/nowhere/ledger.sqlite") } == .missing)
    }

    @Test func `a pipe in the place of a ledger is refused, not waited for`() throws {
        try #require(mkfifo(folder.ledgerPath, 0o600) == 0)
        #expect(code { try Ledger.openReadOnly(path: folder.ledgerPath) } == .notALedger)
        #expect(code { try Ledger(path: folder.ledgerPath) } == .notALedger)
    }

    @Test func `a reader sees what a writer commits, and can't write`() throws {
        let writer = try Ledger(path: folder.ledgerPath)
        try writer.append(.runStarted(Fixtures.runStarted))
        let reader = try Ledger.openReadOnly(path: folder.ledgerPath)
        #expect(try reader.head()?.sequence == 1)
        try writer.append(Fixtures.received(1), of: Fixtures.id(1))
        #expect(try reader.head()?.sequence == 2)
        #expect(code { try reader.append(Fixtures.received(2), of: Fixtures.id(2)) } == .readOnly)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a ledger in a folder that can't be written to can be read`() throws {
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        try ledger.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).verifyChain().isIntact)
        #expect(code { try Ledger(path: folder.path + "/other.sqlite") } == .readOnly)
    }

    @Test func `a full disk is told, and what was there stays whole`() throws {
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        let head = try ledger.head()
        try ledger.limit(pages: 30)
        let more = (10..<2000).flatMap { Fixtures.wayOfMasked($0) }
        #expect(code { try ledger.append(more) } == .full)
        #expect(try ledger.head() == head)
        #expect(try ledger.verifyChain().isIntact)
    }

    @Test func `a damaged file is told as such`() throws {
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(
            (10..<200).reduce(into: [(nil, .runStarted(Fixtures.runStarted))]) {
                $0 += Fixtures.wayOfMasked($1)
            })
        try ledger.close()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.ledgerPath))
        try file.seek(toOffset: 4096 * 3)
        try file.write(contentsOf: Data(repeating: 0xFF, count: 4096 * 20))
        try file.close()
        let damaged = try Ledger.openReadOnly(path: folder.ledgerPath)
        #expect(code { try damaged.state() } == .corrupt)
    }

    @Test func `errors name no path`() throws {
        do {
            _ = try Ledger(path: folder.path + "/nowhere/ledger.sqlite")
            Issue.record("it opened")
        } catch {
            #expect(!String(reflecting: error).contains(folder.path))
        }
    }
}

import Foundation
import GRDB
import Ledger
import Testing

@Suite struct ReceiptTests {
    private let folder: TemporaryFolder
    private let key: SigningKey

    init() throws {
        folder = try TemporaryFolder()
        key = try SigningKey.generate(at: folder.path + "/signing.key")
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.everything)
        try ledger.close()
    }

    private func receipt(signed: Bool = true) throws -> Receipt {
        let ledger = try Ledger(path: folder.ledgerPath)
        defer { try? ledger.close() }
        return try #require(try ledger.makeReceipt(signedBy: signed ? key : nil))
    }

    private func problem(
        _ receipt: Receipt, isLatest: Bool = false, expecting key: PublicKey? = nil
    ) throws -> String? {
        try Ledger.openReadOnly(path: folder.ledgerPath).problem(with: receipt, isLatest: isLatest, expecting: key)
    }

    @Test func `a receipt says which ledger, how long it is and what its head is`() throws {
        let receipt = try receipt()
        let head = try #require(try Ledger.openReadOnly(path: folder.ledgerPath).head())
        #expect(receipt.events == Fixtures.everything.count)
        #expect(receipt.head == head.hash)
        #expect(try Receipt(json: try receipt.json()) == receipt)
        #expect(try problem(receipt, isLatest: true, expecting: key.publicKey) == nil)
    }

    /// One more event, and a receipt for it.
    private func appended(verifiedUpTo verified: LedgerHead) throws -> Receipt {
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(.accessed(Accessed(action: .signedIn, by: "Ann")))
        return try #require(try ledger.makeReceipt(signedBy: nil, verifiedUpTo: verified))
    }

    @Test func `a receipt made from where the chain was verified before vouches for what follows alone`() throws {
        let verified = try receipt(signed: false).ledgerHead
        let next = try appended(verifiedUpTo: verified)
        #expect(next.events == verified.sequence + 1)
        #expect(try problem(next, isLatest: true) == nil)
        _ = try appended(verifiedUpTo: next.ledgerHead)
        let last = verified.sequence + 2
        try folder.tamper { try $0.execute(sql: "UPDATE event SET time = 'x' WHERE sequence = \(last)") }
        let changed = try Ledger(path: folder.ledgerPath)
        #expect(throws: LedgerError.self) { try changed.makeReceipt(signedBy: nil, verifiedUpTo: next.ledgerHead) }
        let other = LedgerHead(sequence: verified.sequence, hash: next.head)
        #expect(throws: LedgerError.self) { try changed.makeReceipt(signedBy: nil, verifiedUpTo: other) }
    }

    @Test(arguments: [
        "DELETE FROM receipt WHERE number = 1", "DELETE FROM receipt WHERE number = 2",
        "UPDATE receipt SET json = '{}' WHERE number = 1", "UPDATE receipt SET json = json || ' ' WHERE number = 1",
        "UPDATE receipt SET json = json || char(0) || 'x' WHERE number = 1",
        "INSERT INTO receipt SELECT 0, json FROM receipt WHERE number = 1",
        "UPDATE receipt SET json = replace(json, '20', '19') WHERE number = 1",
    ])
    func `a receipt of before that was changed, dropped or put in shows`(change: String) throws {
        let first = try receipt()
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(.accessed(Accessed(action: .signedIn, by: "Ann")))
        _ = try ledger.makeReceipt(signedBy: key, verifiedUpTo: first.ledgerHead)
        #expect(try ledger.receiptProblems() == [])
        try ledger.close()
        try folder.tamper { try $0.execute(sql: change) }
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).receiptProblems().count == 1)
    }

    @Test func `a receipt without a signature after a signed one shows`() throws {
        _ = try appended(verifiedUpTo: try receipt().ledgerHead)
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).receiptProblems().count == 1)
    }

    @Test func `of an unchanged ledger the same receipt is given again`() throws {
        let first = try receipt()
        #expect(try receipt() == first)
        #expect(try receipt(signed: false) == first, "a signature isn't lost to a run without the key")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
    func `OpenSSL accepts the signature, and rejects it for another text`() throws {
        let receipt = try receipt()
        // SubjectPublicKeyInfo of an Ed25519 key, RFC 8410.
        let hexadecimal = "302a300506032b6570032100" + key.publicKey.text
        try Data(bytes(hexadecimal)).write(to: URL(fileURLWithPath: folder.path + "/key.der"))
        try Data(bytes(try #require(receipt.signature))).write(to: URL(fileURLWithPath: folder.path + "/signature"))
        for (text, isGood) in [
            (receipt.signedText, true), (receipt.signedText.replacing("events", with: "event"), false),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/text"))
            let result = try output(
                of: "/usr/bin/openssl",
                [
                    "pkeyutl", "-verify", "-pubin", "-inkey", folder.path + "/key.der", "-keyform", "DER", "-rawin",
                    "-in",
                    folder.path + "/text", "-sigfile", folder.path + "/signature",
                ])
            #expect((result?.status == 0) == isGood)
        }
    }

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.count, by: 2).compactMap { place in
            UInt8(hexadecimal.dropFirst(place).prefix(2), radix: 16)
        }
    }

    @Test func `a ledger that was cut back without a trace is behind its receipt`() throws {
        let receipt = try receipt()
        try folder.tamper {
            try $0.execute(
                sql: "DELETE FROM event WHERE sequence > 20; UPDATE sqlite_sequence SET seq = 20 WHERE name = 'event'")
        }
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).verifyChain().isIntact)
        #expect(
            try problem(receipt)
                == "is about \(Fixtures.everything.count) events, and the ledger has 20: it was rolled back")
    }

    @Test func `another ledger is not the receipt's`() throws {
        let receipt = try receipt()
        let other = try Ledger.inMemory()
        try other.append(Fixtures.everything)
        #expect(
            try other.problem(with: receipt, isLatest: false, expecting: nil)
                == "is about another ledger, or about this one before it was written anew")
    }

    @Test func `an event that was appended and chained by somebody shows against the latest receipt`() throws {
        let receipt = try receipt()
        let ledger = try Ledger(path: folder.ledgerPath)
        try ledger.append(Fixtures.received(99), of: Fixtures.id(99))
        #expect(try ledger.verifyChain().isIntact)
        #expect(try ledger.problem(with: receipt, isLatest: false, expecting: key.publicKey) == nil)
        #expect(
            try ledger.problem(with: receipt, isLatest: true, expecting: nil)
                == "doesn't cover the last 1 events: they were appended outside a run, or a run was killed")
    }

    @Test func `a changed receipt, another signer and none at all are told apart`() throws {
        var receipt = try receipt()
        let other = try SigningKey.generate(at: folder.path + "/other.key")
        #expect(try problem(receipt, expecting: other.publicKey) == "is signed with another key")
        receipt.time = "2020-01-01T00:00:00.000Z"
        #expect(try problem(receipt) == "has a signature that doesn't fit it")
        receipt.signature = nil
        #expect(try problem(receipt) == "has half a signature")
        receipt.publicKey = nil
        #expect(try problem(receipt) == nil)
        #expect(try problem(receipt, expecting: key.publicKey) == "is not signed")
    }

    @Test func `nothing is signed once the chain is broken`() throws {
        try folder.tamper {
            try $0.execute(sql: "UPDATE event SET time = '2020-01-01T00:00:00.000Z' WHERE sequence = 4")
        }
        #expect(code { try receipt() } == .corrupt)
    }

    @Test func `a ledger of the first version gets its table of receipts when it is opened for writing`() throws {
        try folder.tamper { try $0.execute(sql: "DROP TABLE receipt; PRAGMA user_version = 1") }
        #expect(try Ledger.openReadOnly(path: folder.ledgerPath).latestReceipt() == nil)
        #expect(try receipt().events == Fixtures.everything.count)
    }

    @Test func `a signing key that others can read is refused, and none is overwritten`() throws {
        let path = folder.path + "/signing.key"
        #expect(code { try SigningKey.generate(at: path) } == .key)
        #expect(try SigningKey(contentsOf: path).publicKey == key.publicKey)
        #expect(try PublicKey(contentsOf: path + ".pub") == key.publicKey)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        for mode in [0o640, 0o604] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(code { try SigningKey(contentsOf: path) } == .key)
        }
        #expect(!"\(key)\(String(reflecting: key))".contains(key.publicKey.text))
    }
}

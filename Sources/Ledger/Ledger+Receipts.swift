import DICOMModel
internal import Foundation
internal import GRDB

extension Ledger {
    /// A receipt for the ledger as it is now, stored in it beside the events; the one that is there already where nothing
    /// changed since. Nil for a ledger without events.
    ///
    /// - Parameter verified: up to which event the caller verified the chain before: only what follows it is read. What was
    ///   changed before it meanwhile is left to `quench verify`; the receipt vouches for what stood there then.
    /// - Throws: `.corrupt`, with nothing signed, where the chain is broken or no longer holds what the last receipt says.
    public func makeReceipt(signedBy key: SigningKey?, verifiedUpTo verified: LedgerHead? = nil) throws -> Receipt? {
        let last = try latestReceipt()
        let chain = try verifyChain(knownHead: last?.ledgerHead, after: verified)
        if let problem = chain.problem {
            throw LedgerError(
                .corrupt, "the ledger's chain is broken, so no receipt is made", hint: "run `quench verify`",
                sequence: problem.sequence)
        }
        guard let head = chain.head, let id = try identity() else { return nil }
        if let last, last.ledgerHead == head, key == nil || last.publicKey == key?.publicKey.text { return last }
        let receipt = try Receipt(ledger: id, head: head, time: ISO8601.text(now()), signedBy: key)
        let text = String(decoding: try receipt.json(), as: UTF8.self)
        try LedgerError.mapping {
            try database.write { try $0.execute(sql: "INSERT INTO receipt (json) VALUES (?)", arguments: [text]) }
        }
        return receipt
    }

    /// The receipt that was made last; nil where there is none, as in ledgers of before there were receipts.
    public func latestReceipt() throws -> Receipt? {
        let text = try read { database -> String? in
            guard try database.tableExists("receipt") else { return nil }
            return try String.fetchOne(database, sql: "SELECT json FROM receipt ORDER BY number DESC LIMIT 1")
        }
        return try text.map { try Receipt(json: Data($0.utf8)) }
    }

    /// What is wrong with the receipts that it holds, each of which was the latest once, as part of a sentence.
    package func receiptProblems() throws -> [String] {
        let (rows, highestEver) = try read { database -> ([Row], Int) in
            guard try database.tableExists("receipt") else { return ([], 0) }
            let highest = try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'receipt'")
            let sql = "SELECT number, CAST(json AS BLOB) FROM receipt ORDER BY number"
            return (try Row.fetchAll(database, sql: sql), highest ?? 0)
        }
        var last: Receipt?
        for (index, row) in rows.enumerated() {
            let text = try row.decode(Data.self, atIndex: 1)
            guard try row.decode(Int.self, atIndex: 0) == index + 1, let receipt = try? Receipt(json: text),
                try receipt.json() == text, try problem(with: receipt, isLatest: false, expecting: nil) == nil,
                receipt.events >= last?.events ?? 0, receipt.signature != nil || last?.signature == nil
            else { return [Self.receiptsChanged] }
            last = receipt
        }
        return rows.count == highestEver ? [] : [Self.receiptsChanged]
    }

    private static let receiptsChanged =
        "holds receipts that were changed, put in or dropped, or one without a signature after a signed one"

    /// SHA-256 of the first event: what tells this ledger from others.
    public func identity() throws -> String? { try hash(ofEvent: 1) }

    func hash(ofEvent sequence: Int) throws -> String? {
        try read { database in
            try Data.fetchOne(database, sql: "SELECT hash FROM event WHERE sequence = ?", arguments: [sequence])
                .map { hexadecimal($0) }
        }
    }

    /// What a receipt says against this ledger, as part of a sentence; nil where they agree.
    ///
    /// - Parameters:
    ///   - isLatest: the receipt lies with the output, and so must be about the very last event. One that was kept elsewhere
    ///     may be about an earlier one.
    ///   - key: whose signature it must bear; nil where any will do.
    public func problem(with receipt: Receipt, isLatest: Bool, expecting key: PublicKey?) throws -> String? {
        if let problem = receipt.signatureProblem(expecting: key) { return problem }
        guard let head = try head(), let id = try identity() else { return "is about events, and the ledger has none" }
        guard receipt.ledger == id else {
            return "is about another ledger, or about this one before it was written anew"
        }
        guard receipt.events <= head.sequence else {
            return "is about \(receipt.events) events, and the ledger has \(head.sequence): it was rolled back"
        }
        guard try hash(ofEvent: receipt.events) == receipt.head else {
            return "has another head than the ledger at event \(receipt.events): events were rewritten"
        }
        let more = head.sequence - receipt.events
        guard isLatest, more > 0 else { return nil }
        return "doesn't cover the last \(more) events: they were appended outside a run, or a run was killed"
    }
}

internal import Crypto
import DICOMModel
internal import Foundation
internal import GRDB

/// What recomputing the chain found.
public struct ChainVerification: Hashable, Sendable {
    /// How many events there are.
    public let eventCount: Int
    /// The last event; nil where there is none.
    public let head: LedgerHead?
    /// The first thing that is wrong; nil where the chain holds.
    public let problem: Problem?

    public var isIntact: Bool { problem == nil }

    public init(eventCount: Int, head: LedgerHead?, problem: Problem?) {
        self.eventCount = eventCount
        self.head = head
        self.problem = problem
    }

    public struct Problem: Hashable, Sendable {
        /// Where it shows first: the sequence number of an event that is there, or of one that is missing.
        public let sequence: Int
        public let kind: Kind

        public init(sequence: Int, kind: Kind) {
            self.sequence = sequence
            self.kind = kind
        }

        public enum Kind: String, Hashable, Sendable, Codable {
            /// The event's content doesn't fit its hash.
            case changed
            /// There is no event with this number.
            case missing
            /// The event doesn't follow the one before it: something was put in, taken out, swapped, or hashed anew.
            case unlinked
            /// Events that were once there after the last one are gone.
            case cutOff = "cut-off"
        }
    }
}

extension Ledger {
    /// Recomputes the chain from the first event to the last. `known`, a head that was noted down earlier, also shows
    /// a ledger that was cut back or written anew since.
    ///
    /// - Parameter verified: where to begin, for whoever verified everything up to that event before.
    public func verifyChain(
        knownHead known: LedgerHead? = nil, after verified: LedgerHead? = nil
    ) throws -> ChainVerification {
        guard let verified else { return try walkChain(knownHead: known) }
        guard try holds(verified) else {
            let problem = ChainVerification.Problem(sequence: verified.sequence, kind: .unlinked)
            return ChainVerification(eventCount: 0, head: nil, problem: problem)
        }
        return try walkChain(knownHead: known, after: verified)
    }

    /// Whether the event is there and has that hash.
    public func holds(_ head: LedgerHead) throws -> Bool { try hash(ofEvent: head.sequence) == head.hash }

    /// Verifies the chain and shows each event to `visit`, in order.
    func walkChain(
        knownHead known: LedgerHead?, after verified: LedgerHead? = nil, _ visit: ((StoredEvent) throws -> Void)? = nil
    ) throws -> ChainVerification {
        try read { database in
            var walk = ChainWalk(known: known, after: verified)
            let rows = try Row.fetchCursor(
                database, sql: "SELECT \(StoredEvent.columns), hash FROM event WHERE sequence >= ? ORDER BY sequence",
                // None stands before the first, unless somebody put it there.
                arguments: [verified.map { $0.sequence + 1 } ?? .min])
            while let row = try rows.next() {
                try walk.visit(row)
                if let visit { try visit(try StoredEvent(row)) }
            }
            let highest = try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'")
            return walk.finish(highestEver: highest ?? 0)
        }
    }

    /// How many bytes stand in the file behind the database, where SQLite reads none; 0 for what isn't in a file.
    package func surplusBytes() throws -> Int {
        let known = try read { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            return pages * (try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
        }
        let length = (try? FileManager.default.attributesOfItem(atPath: database.path))?[.size] as? Int
        return max(0, (length ?? 0) - known)
    }

    /// The last event, or nil where there is none; nothing is verified.
    public func head() throws -> LedgerHead? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1")
                .map { row in
                    LedgerHead(
                        sequence: try row.decode(Int.self, atIndex: 0),
                        hash: hexadecimal(try row.decode(Data.self, atIndex: 1)))
                }
        }
    }
}

/// The state of a verification between two events.
private struct ChainWalk {
    let known: LedgerHead?
    private var count: Int
    private var previous: (sequence: Int, hash: Data)
    private var problem: ChainVerification.Problem?
    private var content = EventContent()

    /// - Parameter verified: the event after which the walk begins; nil for the first.
    init(known: LedgerHead?, after verified: LedgerHead?) {
        self.known = known
        count = verified?.sequence ?? 0
        let hash = verified.flatMap { [UInt8](hexadecimal: $0.hash) }
        previous = (count, hash.map { Data($0) } ?? StoredEvent.origin)
    }

    mutating func visit(_ row: Row) throws {
        count += 1
        let sequence = try row.decode(Int.self, atIndex: 0)
        let hash = try row.decode(Data.self, atIndex: 7)
        if problem == nil, let kind = try check(row, sequence: sequence, hash: hash) {
            problem = ChainVerification.Problem(
                sequence: kind == .missing ? previous.sequence &+ 1 : sequence, kind: kind)
        }
        previous = (sequence, hash)
    }

    private mutating func check(_ row: Row, sequence: Int, hash: Data) throws -> ChainVerification.Problem.Kind? {
        if sequence <= previous.sequence { return .unlinked }
        if sequence &- 1 > previous.sequence { return .missing }
        let stated = try row.decode(Data.self, atIndex: 6)
        try content.take(row, previous: stated, sequence: sequence)
        guard content.digest() == hash else { return .changed }
        if stated != previous.hash { return .unlinked }
        if let known, known.sequence == sequence, known.hash != hexadecimal(hash) { return .unlinked }
        return nil
    }

    func finish(highestEver: Int) -> ChainVerification {
        var problem = problem
        let once = max(highestEver, known?.sequence ?? 0)
        if problem == nil, once > previous.sequence {
            problem = ChainVerification.Problem(sequence: previous.sequence &+ 1, kind: .cutOff)
        }
        let head = count == 0 ? nil : LedgerHead(sequence: previous.sequence, hash: hexadecimal(previous.hash))
        return ChainVerification(eventCount: count, head: head, problem: problem)
    }
}

internal import Crypto
internal import Foundation
internal import GRDB

/// An entry as it stands in the ledger.
public struct LedgerEvent: Hashable, Sendable {
    /// Counted from 1, without gaps.
    public let sequence: Int
    /// ISO 8601 in UTC with milliseconds: `2026-03-01T09:15:00.000Z`.
    public let time: String
    /// The run that wrote it, counted from 1.
    public let run: String
    public let instance: InstanceID?
    public let entry: LedgerEntry
}

/// The last event of a ledger at some time: keep it elsewhere, and nobody can cut the ledger back unnoticed.
public struct LedgerHead: Hashable, Sendable, Codable {
    /// The sequence number of the event, and so the number of events.
    public let sequence: Int
    /// SHA-256 in 64 lower-case hexadecimal digits.
    public let hash: String

    public init(sequence: Int, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }
}

/// A row of the event table, not decoded.
struct StoredEvent {
    var sequence: Int
    var time: String
    var run: String
    var instance: String?
    var kind: String
    var payload: Data
    var previous: Data

    /// The columns that `init(_:)` takes, in its order.
    static let columns = "sequence, time, run, instance, kind, payload, previous"

    init(
        sequence: Int, time: String, run: String, instance: String?, kind: String, payload: Data, previous: Data
    ) {
        self.sequence = sequence
        self.time = time
        self.run = run
        self.instance = instance
        self.kind = kind
        self.payload = payload
        self.previous = previous
    }

    /// Throws, rather than stops the program, where a row of a damaged ledger holds other types.
    init(_ row: Row) throws {
        sequence = try row.decode(Int.self, atIndex: 0)
        time = try Self.text(row, 1)
        run = try Self.text(row, 2)
        instance = try Self.optionalText(row, 3)
        kind = try Self.text(row, 4)
        payload = try row.decode(Data.self, atIndex: 5)
        previous = try row.decode(Data.self, atIndex: 6)
    }

    private static func text(_ row: Row, _ column: Int) throws -> String {
        guard let text = try optionalText(row, column) else {
            throw LedgerError(.corrupt, "an event lacks what each has")
        }
        return text
    }

    /// All of it: as GRDB decodes it, a text ends at a zero byte.
    private static func optionalText(_ row: Row, _ column: Int) throws -> String? {
        try row.withUnsafeData(atIndex: column) { data in data.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// What `previous` of the first event holds.
    static let origin = Data(repeating: 0, count: 32)

    func digest() -> Data {
        var content = EventContent()
        content.begin(previous: previous, sequence: sequence)
        content.append(time)
        content.append(run)
        content.append(optional: instance)
        content.append(kind)
        content.append(payload)
        return Data(content.digest())
    }
}

/// What the hash of an event is taken over: the ASCII text `quench-ledger-event-1`; `previous`; `sequence`; time; run; instance;
/// kind; payload.
///
/// Each text is preceded by its length in bytes, and lengths and the sequence are 8 bytes, most significant first; the instance
/// is preceded by one byte, 1 or, where there is none and nothing follows, 0.
struct EventContent {
    private var bytes: [UInt8] = []

    mutating func begin(previous: Data, sequence: Int) {
        bytes.removeAll(keepingCapacity: true)
        bytes += "quench-ledger-event-1".utf8
        append(previous)
        append(sequence)
    }

    /// Of a row with the columns of `StoredEvent.columns`: its bytes as they lie in the database, whatever they say.
    mutating func take(_ row: Row, previous: Data, sequence: Int) throws {
        begin(previous: previous, sequence: sequence)
        for column in 1...5 {
            try row.withUnsafeData(atIndex: column) { field in
                if column == 3 { bytes.append(field == nil ? 0 : 1) }
                if let field { append(field) }
            }
        }
    }

    mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes += text.utf8
    }

    mutating func append(optional text: String?) {
        bytes.append(text == nil ? 0 : 1)
        if let text { append(text) }
    }

    mutating func append(_ field: Data) {
        append(field.count)
        field.withUnsafeBytes { bytes += $0 }
    }

    private mutating func append(_ number: Int) {
        withUnsafeBytes(of: Int64(number).bigEndian) { bytes += $0 }
    }

    func digest() -> SHA256Digest { SHA256.hash(data: bytes) }
}

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
        time = try row.decode(String.self, atIndex: 1)
        run = try row.decode(String.self, atIndex: 2)
        instance = try row.decode(String?.self, atIndex: 3)
        kind = try row.decode(String.self, atIndex: 4)
        payload = try row.decode(Data.self, atIndex: 5)
        previous = try row.decode(Data.self, atIndex: 6)
    }

    /// What `previous` of the first event holds.
    static let origin = Data(repeating: 0, count: 32)

    /// SHA-256 over: the ASCII text `quench-ledger-event-1`; `previous`; `sequence`; time; run; instance; kind; payload.
    /// Each text is preceded by its length in bytes, and lengths and the sequence are 8 bytes, most significant first;
    /// the instance is preceded by one byte, 1 or, where there is none and nothing follows, 0.
    func digest() -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + payload.count)
        bytes += "quench-ledger-event-1".utf8
        Self.append(previous, to: &bytes)
        withUnsafeBytes(of: Int64(sequence).bigEndian) { bytes += $0 }
        Self.append(time.utf8, to: &bytes)
        Self.append(run.utf8, to: &bytes)
        if let instance {
            bytes.append(1)
            Self.append(instance.utf8, to: &bytes)
        } else {
            bytes.append(0)
        }
        Self.append(kind.utf8, to: &bytes)
        Self.append(payload, to: &bytes)
        return Data(SHA256.hash(data: bytes))
    }

    private static func append(_ field: some Collection<UInt8>, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: Int64(field.count).bigEndian) { bytes += $0 }
        bytes += field
    }
}

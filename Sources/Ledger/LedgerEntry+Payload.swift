internal import Foundation

extension LedgerEntry {
    /// The stable name of an event's kind, as stored.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case runStarted = "run-started"
        case received
        case inspected
        case decided
        case redacted
        case verified
        case released
        case quarantined
        case rejected
        case notDICOM = "not-dicom"
        case reviewed
        case sampled
        case judged
        case viewed
        case accessed
        case runFinished = "run-finished"

        /// Whether the event is about one instance, rather than a run.
        public var isOfInstance: Bool {
            switch self {
            case .runStarted, .runFinished, .sampled, .accessed: false
            default: true
            }
        }

        /// Whether nothing but a person's decision about a held instance may change what became of it after it.
        public var isFinal: Bool {
            switch self {
            case .released, .quarantined, .rejected, .notDICOM: true
            default: false
            }
        }
    }

    public var kind: Kind {
        switch self {
        case .runStarted: .runStarted
        case .received: .received
        case .inspected: .inspected
        case .decided: .decided
        case .redacted: .redacted
        case .verified: .verified
        case .released: .released
        case .quarantined: .quarantined
        case .rejected: .rejected
        case .notDICOM: .notDICOM
        case .reviewed: .reviewed
        case .sampled: .sampled
        case .judged: .judged
        case .viewed: .viewed
        case .accessed: .accessed
        case .runFinished: .runFinished
        }
    }
}

/// Turns entries into the JSON that is stored and hashed: sorted keys, no escaped slashes; the same entry always
/// gives the same bytes.
struct PayloadEncoder {
    private let encoder: JSONEncoder

    init() {
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func encode(_ entry: LedgerEntry) throws -> String {
        let payload: any Encodable =
            switch entry {
            case .runStarted(let value): value
            case .received(let value): value
            case .inspected(let value): value
            case .decided(let value): value
            case .redacted(let value): value
            case .verified(let value): value
            case .released(let value): value
            case .quarantined(let value): value
            case .rejected(let value): value
            case .notDICOM(let value): value
            case .reviewed(let value): value
            case .sampled(let value): value
            case .judged(let value): value
            case .viewed(let value): value
            case .accessed(let value): value
            case .runFinished(let value): value
            }
        do {
            return String(decoding: try encoder.encode(payload), as: UTF8.self)
        } catch {
            throw LedgerError(.refusedEntry, "an event of kind \(entry.kind.rawValue) can't be written as JSON")
        }
    }
}

/// Turns stored JSON into entries.
struct PayloadDecoder {
    private let decoder = JSONDecoder()
    /// Instances of a series come one after the other; what they share is kept once.
    private var last: InstanceSummary?

    /// Throws `.newerVersion` for a kind that isn't known, `.corrupt` for a payload that doesn't fit its kind.
    mutating func decode(kind name: String, payload: Data, sequence: Int) throws -> LedgerEntry {
        guard let kind = LedgerEntry.Kind(rawValue: name) else {
            throw LedgerError(
                .newerVersion, "the ledger has an event of a kind that this version doesn't know",
                hint: "Use the version of Quench that wrote it", sequence: sequence)
        }
        if let entry = quickly(kind, payload) { return entry }
        do {
            return try decode(kind, payload)
        } catch {
            throw LedgerError(.corrupt, "an event of kind \(name) can't be read", sequence: sequence)
        }
    }

    private mutating func quickly(_ kind: LedgerEntry.Kind, _ payload: Data) -> LedgerEntry? {
        let known = last
        let entry = payload.withUnsafeBytes { bytes -> LedgerEntry? in
            var scanner = PayloadScanner(bytes)
            return try? scanner.entry(kind, like: known)
        }
        if case .inspected(let inspected) = entry { last = inspected.summary }
        return entry
    }

    private func decode(_ kind: LedgerEntry.Kind, _ payload: Data) throws -> LedgerEntry {
        switch kind {
        case .runStarted: .runStarted(try decoder.decode(RunStarted.self, from: payload))
        case .received: .received(try decoder.decode(Received.self, from: payload))
        case .inspected: .inspected(try decoder.decode(Inspected.self, from: payload))
        case .decided: .decided(try decoder.decode(Decided.self, from: payload))
        case .redacted: .redacted(try decoder.decode(Redacted.self, from: payload))
        case .verified: .verified(try decoder.decode(Verified.self, from: payload))
        case .released: .released(try decoder.decode(Released.self, from: payload))
        case .quarantined: .quarantined(try decoder.decode(Quarantined.self, from: payload))
        case .rejected: .rejected(try decoder.decode(Rejected.self, from: payload))
        case .notDICOM: .notDICOM(try decoder.decode(NotDICOM.self, from: payload))
        case .reviewed: .reviewed(try decoder.decode(Reviewed.self, from: payload))
        case .sampled: .sampled(try decoder.decode(Sampled.self, from: payload))
        case .judged: .judged(try decoder.decode(Judged.self, from: payload))
        case .viewed: .viewed(try decoder.decode(Viewed.self, from: payload))
        case .accessed: .accessed(try decoder.decode(Accessed.self, from: payload))
        case .runFinished: .runFinished(try decoder.decode(RunFinished.self, from: payload))
        }
    }
}

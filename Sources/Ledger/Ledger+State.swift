internal import Foundation
internal import GRDB

extension Ledger {
    /// Replays all events. Throws `.corrupt` where one can't be read or contradicts another, `.newerVersion` for a
    /// kind that isn't known. It doesn't verify the chain.
    public func state() throws -> LedgerState {
        var state = LedgerState()
        try forEachEvent { try state.apply($0) }
        return state
    }

    /// Replays all events and verifies the chain, reading each row once. Throws as `state()` does.
    public func auditedState(knownHead known: LedgerHead? = nil) throws -> (
        state: LedgerState, chain: ChainVerification
    ) {
        var state = LedgerState()
        var decoder = PayloadDecoder()
        let chain = try walkChain(knownHead: known) { stored in
            try state.apply(try stored.decoded(by: &decoder))
        }
        return (state, chain)
    }

    /// What the ledger says about one instance, or nil where it never heard of it.
    public func record(for id: InstanceID) throws -> InstanceRecord? {
        var state = LedgerState()
        try forEachEvent(of: id) { event in
            // A verdict belongs to its sample, which isn't read here.
            if event.entry.kind != .judged { try state.apply(event) }
        }
        return state[id]
    }

    /// How the last run began, without replaying what came before; nil where there was none. It doesn't verify the chain.
    ///
    /// - Throws: `.corrupt` where the event can't be read.
    public func lastRun() throws -> RunStarted? {
        var decoder = PayloadDecoder()
        return try read { database in
            let last = try Row.fetchOne(
                database,
                sql: """
                    SELECT \(StoredEvent.columns) FROM event WHERE instance IS NULL AND kind = ?
                    ORDER BY sequence DESC LIMIT 1
                    """,
                arguments: [LedgerEntry.Kind.runStarted.rawValue])
            guard let last, case .runStarted(let run) = try StoredEvent(last).decoded(by: &decoder).entry else {
                return nil
            }
            return run
        }
    }

    /// Calls `body` with each event of the instances that are or were held, or were withdrawn, in order. What others there are
    /// costs nothing.
    public func forEachEventOfHeld(_ body: (LedgerEvent) throws -> Void) throws {
        var decoder = PayloadDecoder()
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(StoredEvent.columns) FROM event
                    WHERE instance IN (SELECT instance FROM event WHERE \(LedgerSchema.ofHeld)) ORDER BY sequence
                    """)
            while let row = try rows.next() {
                let stored = try StoredEvent(row)
                try body(try stored.decoded(by: &decoder))
            }
        }
    }

    /// Calls `body` with each event in order; with those of one instance where `instance` is given, and only with those
    /// that come after the event numbered `sequence`.
    public func forEachEvent(
        of instance: InstanceID? = nil, after sequence: Int = 0, _ body: (LedgerEvent) throws -> Void
    ) throws {
        var decoder = PayloadDecoder()
        try read { database in
            let columns = "SELECT \(StoredEvent.columns) FROM event"
            let rows =
                if let instance {
                    try Row.fetchCursor(
                        database, sql: columns + " WHERE instance = ? AND sequence > ? ORDER BY sequence",
                        arguments: [instance.rawValue, sequence])
                } else {
                    try Row.fetchCursor(
                        database, sql: columns + " WHERE sequence > ? ORDER BY sequence", arguments: [sequence])
                }
            while let row = try rows.next() {
                let stored = try StoredEvent(row)
                try body(try stored.decoded(by: &decoder))
            }
        }
    }
}

extension StoredEvent {
    func decoded(by decoder: inout PayloadDecoder) throws -> LedgerEvent {
        LedgerEvent(
            sequence: sequence, time: time, run: run, instance: instance.map { InstanceID(rawValue: $0) },
            entry: try decoder.decode(kind: kind, payload: payload, sequence: sequence))
    }
}

import DICOMModel
import Ledger
import Synchronization

/// What is held, kept in memory and brought up to date by reading only what the ledger got since.
public final class QuarantineIndex: Sendable {
    private struct Content {
        var held: Held
        var head: LedgerHead?
        /// Open for reading, once nobody else in this process had it open when it was read.
        var reader: Ledger?
    }

    private let path: String
    /// Whether nothing else of the ledger is read than what is held: for a process that looks once.
    private let isOfHeldAlone: Bool
    private let openLedger: @Sendable () -> Ledger?
    private let content: Mutex<Content>

    /// - Throws: `PipelineError` where the folder is no output.
    public convenience init(folder: String, policy: Policy) throws {
        self.init(path: try OutputFolder(existing: folder).ledgerPath, policy: policy) { nil }
    }

    /// - Parameter openLedger: the ledger, where this process has it open for writing.
    init(
        path: String, policy: Policy, isOfHeldAlone: Bool = false, openLedger: @escaping @Sendable () -> Ledger?
    ) {
        self.path = path
        self.isOfHeldAlone = isOfHeldAlone
        self.openLedger = openLedger
        content = Mutex(Content(held: Held(policy: policy)))
    }

    /// Calls `body` with what is held now; nobody else is answered meanwhile, and a copy that is kept makes the next change dear.
    ///
    /// - Throws: `LedgerError` where the ledger can't be read, and what `body` throws.
    public func read<Result>(_ body: (Held) throws -> Result) throws -> Result {
        try content.withLock { content in
            do {
                try refresh(&content)
            } catch {
                // Some of the events are in it already, and its head doesn't say so: the next time begins anew.
                Self.begin(&content)
                throw error
            }
            return try body(content.held)
        }
    }

    private static func begin(_ content: inout Content) {
        content.held = Held(policy: content.held.policy, revision: content.held.revision + 1)
        content.head = nil
    }

    private func ledger(_ content: inout Content) throws -> Ledger {
        if let ledger = openLedger() ?? content.reader { return ledger }
        let ledger = try Ledger.openReadOnly(path: path)
        content.reader = ledger
        return ledger
    }

    private func refresh(_ content: inout Content) throws {
        let ledger = try ledger(&content)
        // A ledger that was rolled back, or written anew, is read from the beginning.
        if let head = content.head, try !ledger.holds(head) { Self.begin(&content) }
        guard let head = try ledger.head(), head != content.head else { return }
        if isOfHeldAlone { Self.begin(&content) }
        // In the order of the ledger, which is that of the files as they came in.
        var changed: [InstanceID] = []
        var known: Set<InstanceID> = []
        func take(_ event: LedgerEvent) throws {
            guard event.sequence <= head.sequence else { return }
            // A verdict belongs to its sample, which is among the others.
            if !isOfHeldAlone || event.entry.kind != .judged { try content.held.apply(event) }
            if let id = event.instance, event.entry.kind != .viewed, known.insert(id).inserted { changed.append(id) }
        }
        if isOfHeldAlone {
            try ledger.forEachEventOfHeld(take)
        } else {
            try ledger.forEachEvent(after: content.head?.sequence ?? 0, take)
        }
        content.head = head
        content.held.regroup(changed)
    }
}

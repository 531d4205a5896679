import DICOMModel
import Foundation
import Ledger
import Synchronization

/// What a run writes into the ledger. The run's own beginning is written before its first event and not earlier, so
/// that a run with nothing to do leaves the ledger as it is.
final class Journal: Sendable {
    private let ledger: Ledger
    private let runStarted: RunStarted
    private let hasStarted = Mutex(false)
    /// Most instances of a Series have the same list.
    private let lists = Mutex<[String: String]>([:])

    init(ledger: Ledger, runStarted: RunStarted) {
        self.ledger = ledger
        self.runStarted = runStarted
    }

    var wroteSomething: Bool { hasStarted.withLock { $0 } }

    func append(_ entries: [(InstanceID?, LedgerEntry)]) throws {
        guard !entries.isEmpty else { return }
        try hasStarted.withLock { started in
            let beginning: [(InstanceID?, LedgerEntry)] = started ? [] : [(nil, .runStarted(runStarted))]
            try ledger.append(beginning + entries)
            started = true
        }
    }

    func append(_ instance: InstanceID, _ entries: LedgerEntry...) throws {
        try append(entries.map { (instance, $0) })
    }

    func store(picture: Data) throws -> String { try ledger.store(picture: picture) }

    /// Each list once; a few are remembered.
    func store(attributes: String) throws -> String {
        try lists.withLock { lists in
            if let name = lists[attributes] { return name }
            let name = try ledger.store(attributes: attributes)
            if lists.count >= 64 { lists = [:] }
            lists[attributes] = name
            return name
        }
    }

    /// Writes the run's end where it wrote a beginning.
    func finish(inputs: Int, interrupted: Bool) throws {
        guard wroteSomething else { return }
        try append([(nil, .runFinished(RunFinished(inputs: inputs, interrupted: interrupted)))])
    }
}

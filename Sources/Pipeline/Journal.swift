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

    init(ledger: Ledger, runStarted: RunStarted) {
        self.ledger = ledger
        self.runStarted = runStarted
    }

    var wroteSomething: Bool { hasStarted.withLock { $0 } }

    /// - Parameter blobs: the pictures and lists that the entries name.
    func append(_ entries: [(InstanceID?, LedgerEntry)], storing blobs: [LedgerBlob] = []) throws {
        guard !entries.isEmpty else { return }
        try hasStarted.withLock { started in
            let beginning: [(InstanceID?, LedgerEntry)] = started ? [] : [(nil, .runStarted(runStarted))]
            try ledger.append(beginning + entries, storing: blobs)
            started = true
        }
    }

    func append(_ instance: InstanceID, _ entries: LedgerEntry...) throws {
        try append(entries.map { (instance, $0) })
    }

    /// Writes the run's end where it wrote a beginning.
    func finish(inputs: Int, interrupted: Bool) throws {
        guard wroteSomething else { return }
        try append([(nil, .runFinished(RunFinished(inputs: inputs, interrupted: interrupted)))])
    }
}

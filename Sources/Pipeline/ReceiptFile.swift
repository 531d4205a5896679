import Foundation
import Glibc
import Ledger
import Synchronization

/// The receipt of an output: `report/receipt.json`, and wherever else it is wanted.
enum ReceiptFile {
    /// Makes a receipt for the ledger as it is and puts it in place, where it isn't already.
    ///
    /// - Parameter verified: see `Ledger.makeReceipt`.
    /// - Returns: what the receipt is about; nil for a ledger without events.
    /// - Throws: `LedgerError` where the chain is broken, `PipelineError` where the receipt can't be written.
    @discardableResult static func issue(
        for ledger: Ledger, output: OutputFolder, configuration: RunConfiguration,
        verifiedUpTo verified: LedgerHead? = nil
    ) throws -> LedgerHead? {
        try issuing.withLock { _ in
            try issueAlone(for: ledger, output: output, configuration: configuration, verifiedUpTo: verified)
        }
    }

    /// One process may record looks while it acts.
    private static let issuing = Mutex(())

    private static func issueAlone(
        for ledger: Ledger, output: OutputFolder, configuration: RunConfiguration, verifiedUpTo verified: LedgerHead?
    ) throws -> LedgerHead? {
        let receipt = try ledger.makeReceipt(signedBy: configuration.signingKey, verifiedUpTo: verified)
        guard let receipt else { return nil }
        let bytes = Array(try receipt.json())
        try OutputFolder.makeFolder(output.reportPath, mode: 0o755)
        for path in [output.receiptPath, configuration.receiptPath].compactMap({ $0 }) {
            if let present = FileManager.default.contents(atPath: path), Array(present) == bytes { continue }
            try FileCopy.replace(path, by: bytes, mode: 0o644)
        }
        return receipt.ledgerHead
    }
}

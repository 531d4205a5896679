import Foundation
public import Ledger
import Synchronization

/// Records who signed in to the review page and who looked at what. Each entry is on the disk, with a receipt, when it
/// returns: so nothing is shown that isn't recorded.
public final class ReviewLog: Sendable {
    private let output: OutputFolder
    private let configuration: RunConfiguration
    /// Up to where this process verified the chain.
    private let verified = Mutex<LedgerHead?>(nil)

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
    }

    /// - Throws: `LedgerError`, with code `.locked` while a run is writing to the output.
    public func record(_ accessed: Accessed) throws { try record(.accessed(accessed), of: nil) }

    /// - Throws: `LedgerError`, with code `.locked` while a run is writing to the output.
    public func record(_ viewed: Viewed, of id: InstanceID) throws { try record(.viewed(viewed), of: id) }

    private func record(_ entry: LedgerEntry, of id: InstanceID?) throws {
        let ledger = try configuration.desk.ledger(at: output.ledgerPath)
        try verified.withLock { head in
            try ledger.append(entry, of: id)
            head = try ReceiptFile.issue(
                for: ledger, output: output, configuration: configuration, verifiedUpTo: head)
        }
    }
}

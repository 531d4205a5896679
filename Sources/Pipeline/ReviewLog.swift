public import Ledger

/// Records who signed in to the review page and who looked at what. Each entry is on the disk, with a receipt, when it
/// returns: so nothing is shown that isn't recorded.
public final class ReviewLog: Sendable {
    private let output: OutputFolder
    private let configuration: RunConfiguration

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
    }

    /// - Throws: `LedgerError`, with code `.locked` while a run is writing to the output; `PipelineError` where a signed receipt
    ///   would be followed by one without a signature.
    public func record(_ accessed: Accessed) throws { try record(.accessed(accessed), of: nil) }

    /// - Throws: `LedgerError`, with code `.locked` while a run is writing to the output.
    public func record(_ viewed: Viewed, of id: InstanceID) throws { try record(.viewed(viewed), of: id) }

    private func record(_ entry: LedgerEntry, of id: InstanceID?) throws {
        let ledger = try configuration.desk.ledger(at: output.ledgerPath)
        try configuration.requireSigner(as: ledger)
        try ledger.append(entry, of: id)
        try ReceiptFile.issue(for: ledger, output: output, configuration: configuration)
    }
}

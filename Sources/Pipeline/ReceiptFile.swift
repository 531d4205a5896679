import Foundation
import Glibc
import Ledger

/// The receipt of an output: `report/receipt.json`, and wherever else it is wanted.
enum ReceiptFile {
    /// Makes a receipt for the ledger as it is and puts it in place, where it isn't already.
    ///
    /// What this process verified before, for an earlier receipt, isn't verified again.
    ///
    /// - Throws: `LedgerError` where the chain is broken, `PipelineError` where the receipt can't be written.
    static func issue(for ledger: Ledger, output: OutputFolder, configuration: RunConfiguration) throws {
        try configuration.desk.verifying(output.ledgerPath) { verified in
            try issue(for: ledger, output: output, configuration: configuration, verifiedUpTo: verified)
        }
    }

    private static func issue(
        for ledger: Ledger, output: OutputFolder, configuration: RunConfiguration, verifiedUpTo verified: LedgerHead?
    ) throws -> LedgerHead? {
        let receipt = try ledger.makeReceipt(signedBy: configuration.signingKey, verifiedUpTo: verified)
        guard let receipt else { return nil }
        let bytes = Array(try receipt.json())
        try OutputFolder.makeFolder(output.reportPath, mode: 0o755)
        for path in [output.receiptPath, configuration.receiptPath].compactMap({ $0 }) {
            // A device, a pipe or a folder is nothing to put a file in the place of, or to read.
            guard !isOther(path) else { throw unwritable("something that is no file has its name") }
            if let present = FileManager.default.contents(atPath: path), Array(present) == bytes { continue }
            do {
                try FileCopy.replace(path, by: bytes, mode: 0o644)
            } catch let error as PipelineError {
                throw unwritable(error.message)
            }
        }
        return receipt.ledgerHead
    }

    private static func isOther(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    private static func unwritable(_ why: String) -> PipelineError {
        PipelineError(
            .output, "the receipt can't be written: \(why)",
            hint: "the ledger is whole; mend that or name another file, then run the same command again")
    }
}

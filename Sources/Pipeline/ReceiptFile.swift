import Foundation
import Glibc
import Ledger

/// The receipt of an output: `report/receipt.json`, and wherever else it is wanted.
enum ReceiptFile {
    /// Makes a receipt for the ledger as it is and puts it in place, where it isn't already.
    ///
    /// - Throws: `LedgerError` where the chain is broken, `PipelineError` where the receipt can't be written.
    static func issue(for ledger: Ledger, output: OutputFolder, configuration: RunConfiguration) throws {
        guard let receipt = try ledger.makeReceipt(signedBy: configuration.signingKey) else { return }
        let bytes = Array(try receipt.json())
        try OutputFolder.makeFolder(output.reportPath, mode: 0o755)
        for path in [output.receiptPath, configuration.receiptPath].compactMap({ $0 }) {
            if let present = FileManager.default.contents(atPath: path), Array(present) == bytes { continue }
            try put(bytes, at: path)
        }
    }

    private static func put(_ bytes: [UInt8], at path: String) throws {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        defer { unlink(temporary) }
        try FileCopy.write(bytes, to: temporary)
        guard chmod(temporary, 0o644) == 0, rename(temporary, path) == 0 else {
            throw PipelineError(.output, "the receipt can't be put in place: \(OutputFolder.lastError)")
        }
    }
}

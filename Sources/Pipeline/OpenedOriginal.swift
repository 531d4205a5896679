import Foundation
import Glibc
import Ledger

/// An original out of quarantine for the moments in which workers read it: a file without a name, which is gone with the
/// process, however that ends.
final class OpenedOriginal: Sendable {
    private let descriptor: Int32

    /// On the same disk as the sealed file, for its owner alone.
    ///
    /// - Throws: `PipelineError`; see `SealedFile.open`.
    init(of id: InstanceID, in output: OutputFolder, key: QuarantineKey) throws {
        let name = "\(output.quarantinePath)/.opened-\(getpid())-\(UInt64.random(in: .min ... .max))"
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw PipelineError(.output, "quarantine can't be written to: \(OutputFolder.lastError)")
        }
        // Before a byte is in it.
        guard unlink(name) == 0 else {
            throw PipelineError(.output, "quarantine can't be written to: \(OutputFolder.lastError)")
        }
        try SealedFile(key).open(output.sealedPath(of: id)) { try FileCopy.require(writeAll($0, to: descriptor)) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// By which processes of the same user can open it while this lives.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }
}

import Foundation
import Ledger

extension FileSetRun {
    /// Whether the File-set of an earlier run is what would be made of the same released files today, byte for byte; true where
    /// there is none. What was released since is no fault of it.
    ///
    /// - Parameter released: all released files, in the order of the ledger.
    /// - Throws: `PipelineError` where a released file isn't what was released, or where the run was interrupted.
    func isAsMade(of released: [Released]) throws -> Bool {
        guard InputFiles.isFolder(output.fileSetPath),
            let names = FileManager.default.enumerator(atPath: output.fileSetPath)
        else { return true }
        var digests: [String: String] = [:]
        for case let name as String in names {
            let path = output.fileSetPath + "/" + name
            guard !InputFiles.isFolder(path) else { continue }
            guard InputFiles.isFileItself(path) else { return false }
            digests[name] = try? FileCopy.digest(of: path).sha256
        }
        let present = Set(digests.values)
        let listed = released.filter { present.contains($0.sha256) }
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = try DirectoryFile(try entries(of: listed, pool: configuration.pool(temporaryFolder: folder)))
        let bytes = FileManager.default.contents(atPath: output.fileSetPath + "/DICOMDIR")
        guard try bytes == Data(directory.bytes()) else { return false }
        digests["DICOMDIR"] = nil
        let wanted = zip(directory.fileIDs, listed).compactMap { fileID, file in fileID.map { ($0, file.sha256) } }
        return digests == Dictionary(wanted, uniquingKeysWith: { first, _ in first })
    }
}

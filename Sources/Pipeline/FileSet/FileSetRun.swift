import DICOMModel
import Foundation
import Glibc
import HeaderDeidentification
import Ledger
import Synchronization

/// A File-set of what was released: `file-set/` with a DICOMDIR and the files under File IDs that media allow (PS3.10
/// section 8), for a disc or a system that reads such.
///
/// The files are the released ones, by hard link, so that they take no room; where the file system has none, copies.
public struct FileSetRun: Sendable {
    public struct Summary: Sendable, Encodable {
        /// Relative to the output folder.
        public var directory: String
        /// Files with a record.
        public var listed: Int
        /// Released files that the standard has no record for; they are not in the File-set.
        public var leftOut: Int
    }

    let output: OutputFolder
    let configuration: RunConfiguration

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
    }

    /// Makes the File-set anew; an earlier one is replaced when the new one is whole.
    ///
    /// - Throws: `LedgerError` while a run is at work; `PipelineError` where nothing was released, where a released file
    ///   isn't what was released, or where the output can't be written.
    public func run() throws -> Summary {
        let act = try QuarantineAct(output: output, configuration: configuration, needsTerms: false)
        defer { act.end() }
        let released = try act.ledger.state().instances.compactMap(\.released)
        guard !released.isEmpty else {
            throw PipelineError(.review, "nothing was released that a DICOMDIR could list")
        }
        let entries = try entries(of: released, pool: act.pool)
        let directory = try DirectoryFile(entries)
        let bytes = try directory.bytes()
        let listed = directory.fileIDs.count { $0 != nil }
        let summary = Summary(directory: "file-set/DICOMDIR", listed: listed, leftOut: released.count - listed)
        if isThere(directory, bytes) { return summary }
        let staged = output.workPath + "/file-set"
        try OutputFolder.makeFolder(staged, mode: 0o755)
        for (file, fileID) in zip(released, directory.fileIDs) {
            if let fileID { try place(file, at: staged + "/" + fileID) }
        }
        try FileCopy.write(bytes, to: staged + "/DICOMDIR")
        guard chmod(staged + "/DICOMDIR", 0o644) == 0 else { throw unwritable() }
        try output.replace(output.fileSetPath, by: staged)
        return summary
    }

    /// Whether an earlier run has made the same.
    private func isThere(_ directory: DirectoryFile, _ bytes: [UInt8]) -> Bool {
        let folder = output.fileSetPath
        guard let earlier = FileManager.default.contents(atPath: folder + "/DICOMDIR"), earlier.elementsEqual(bytes)
        else { return false }
        return directory.fileIDs.allSatisfy { $0 == nil || access("\(folder)/\($0 ?? "")", R_OK) == 0 }
    }

    func entries(of released: [Released], pool: WorkerPool) throws -> [DirectoryEntry] {
        let found = Mutex<[Int: DirectoryEntry]>([:])
        let progress = ProgressCounter(.listing, total: released.count, listener: configuration.progress)
        try pool.run(Array(released.indices)) { index, worker in
            let entry = try entry(of: released[index], worker)
            found.withLock { $0[index] = entry }
            progress.advance()
        }
        guard !configuration.interruption.isRequested else { throw PipelineError(.interrupted, "interrupted") }
        return found.withLock { found in released.indices.compactMap { found[$0] } }
    }

    private func entry(of file: Released, _ worker: WorkerProcess) throws -> DirectoryEntry {
        let response: WorkerResponse
        do throws(WorkerFailure) {
            response = try worker.perform(.directory(path: output.path + "/" + file.path))
        } catch {
            try Assessment.stop(error)
            throw Self.notReleased
        }
        guard case .listed(let entry) = response, entry.sha256 == file.sha256 else { throw Self.notReleased }
        return entry
    }

    private static let notReleased = PipelineError(
        .integrity, "a released file is missing, or not what was released", hint: "run `quench verify`")

    private func place(_ file: Released, at target: String) throws {
        let source = output.path + "/" + file.path
        try OutputFolder.makeFolder(String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]), mode: 0o755)
        guard link(source, target) != 0 else { return }
        guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP].contains(errno) else { throw unwritable() }
        try FileCopy.withNewFile(target) { copy in
            try FileCopy.forEachChunk(of: source) { try FileCopy.require(writeAll($0, to: copy)) }
        }
        guard chmod(target, 0o644) == 0 else { throw unwritable() }
    }

    private func unwritable() -> PipelineError {
        PipelineError(
            .output, "the File-set can't be written: \(OutputFolder.lastError)",
            hint: "mend that, then run the same command again")
    }
}

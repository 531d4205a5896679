import Foundation
import Glibc
import Ledger
import Synchronization

/// What the File-set of an output has to be: a DICOMDIR, and what was released under the names that it gives.
struct FileSetContents {
    /// The bytes of the DICOMDIR.
    let directory: [UInt8]
    /// By File ID; without those that the standard has no record for.
    let files: [String: Released]

    /// - Throws: `PipelineError` with code `.integrity` where a released file isn't what was released; as `DirectoryFile`.
    init(of released: [Released], in output: OutputFolder, pool: WorkerPool, configuration: RunConfiguration) throws {
        try self.init(
            of: released,
            entries: try Self.entries(of: released, in: output, pool: pool, configuration: configuration))
    }

    /// - Parameter entries: what a DICOMDIR has of each.
    init(of released: [Released], entries: [DirectoryEntry]) throws {
        let directory = try DirectoryFile(entries)
        self.directory = try directory.bytes()
        files = Dictionary(
            zip(directory.fileIDs, released).compactMap { fileID, file in fileID.map { ($0, file) } },
            uniquingKeysWith: { first, _ in first })
    }

    private static func entries(
        of released: [Released], in output: OutputFolder, pool: WorkerPool, configuration: RunConfiguration
    ) throws -> [DirectoryEntry] {
        let found = Mutex<[Int: DirectoryEntry]>([:])
        let progress = ProgressCounter(.listing, total: released.count, listener: configuration.progress)
        try pool.run(Array(released.indices)) { index, worker in
            let entry = try entry(of: released[index], in: output, worker)
            found.withLock { $0[index] = entry }
            progress.advance()
        }
        guard !configuration.interruption.isRequested else { throw PipelineError(.interrupted, "interrupted") }
        return found.withLock { found in released.indices.compactMap { found[$0] } }
    }

    static func entry(
        of file: Released, in output: OutputFolder, _ worker: WorkerProcess
    ) throws -> DirectoryEntry {
        let path = output.path + "/" + file.path
        guard InputFiles.isFileItself(path) else { throw notReleased }
        let response: WorkerResponse
        do throws(WorkerFailure) {
            response = try worker.perform(.directory(path: path))
        } catch {
            try Assessment.stop(error)
            throw notReleased
        }
        guard case .listed(let entry) = response, entry.sha256 == file.sha256 else { throw notReleased }
        return entry
    }

    static let notReleased = PipelineError(
        .integrity, "a released file is missing, or not what was released", hint: "run `quench verify`")

    // MARK: - What is there

    /// What is wrong with the `file-set/` that is there; empty where it is just this.
    ///
    /// A file that has no place in it may be called anything; its name is not repeated.
    func problems(in output: OutputFolder) -> [VerifyRun.Problem] {
        let folder = output.fileSetPath
        let found = VerifyRun.contents(below: folder)
        let names = Set(found.files)
        let folders = VerifyRun.folders(of: Set(files.keys))
        var problems = names.filter { files[$0] == nil && $0 != "DICOMDIR" }.map { _ in
            VerifyRun.Problem(item: "file-set/", what: "holds a file that has no place in it")
        }
        problems += found.folders.filter { !folders.contains($0[...]) }.map { _ in
            VerifyRun.Problem(item: "file-set/", what: "holds a folder that has no place in it")
        }
        for (fileID, file) in files {
            let item = "file-set/" + fileID
            if !names.contains(fileID) {
                problems.append(VerifyRun.Problem(item: item, what: "is missing"))
            } else if !Self.isSame(folder + "/" + fileID, as: file, in: output) {
                problems.append(VerifyRun.Problem(item: item, what: "is not what was released"))
            }
        }
        let path = folder + "/DICOMDIR"
        if !InputFiles.isFileItself(path)
            || FileManager.default.contents(atPath: path)?.elementsEqual(directory) != true
        {
            let what = "is missing, or doesn't list what was released; run `quench dicomdir` to make it anew"
            problems.append(VerifyRun.Problem(item: "file-set/DICOMDIR", what: what))
        }
        return problems
    }

    /// Whether it is the released file by another name, or a copy of it.
    private static func isSame(_ path: String, as file: Released, in output: OutputFolder) -> Bool {
        var here = stat()
        var there = stat()
        guard lstat(path, &here) == 0, here.st_mode & S_IFMT == S_IFREG else { return false }
        if lstat(output.path + "/" + file.path, &there) == 0, here.st_dev == there.st_dev, here.st_ino == there.st_ino {
            return true
        }
        return (try? FileCopy.digest(of: path).sha256) == file.sha256
    }
}

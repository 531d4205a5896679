import DICOMModel
import Foundation
import Ledger
import Synchronization

/// The first half of every run: receive each file, look at what policy wants looked at, decide. `scan` ends here.
struct Assessment {
    let configuration: RunConfiguration
    let pool: WorkerPool
    let journal: Journal
    /// What earlier runs on the same ledger found.
    let known: LedgerState
    /// Lives as long as what was taken out of archives is needed.
    let keeper = ArchiveKeeper()

    /// All input files, in a stable order, each with what is known of it.
    struct Result {
        var inputs: [ReceivedInput]
        var decided: [DecidedInstance]
    }

    func assess(paths: [String]) throws -> Result {
        let inputs = try receive(paths)
        try stopIfInterrupted()
        let decided = try decide(try inspect(inputs))
        try stopIfInterrupted()
        return Result(inputs: inputs, decided: decided)
    }

    private func stopIfInterrupted() throws {
        guard !configuration.interruption.isRequested else {
            throw PipelineError(.interrupted, "interrupted", hint: "run the same command again to go on")
        }
    }

    // MARK: - Receive

    private func receive(_ paths: [String]) throws -> [ReceivedInput] {
        var files = try receiveFiles(paths.map { ($0, $0) })
        let archives = files.indices.filter { files[$0].file.isArchive }
        if !archives.isEmpty {
            let unpacked = try unpack(archives.map { files[$0].path })
            for (index, result) in zip(archives, unpacked) {
                if let reason = result.reason { files[index].file.reason = reason }
            }
            let entries = zip(archives, unpacked).flatMap { index, result in
                result.entries.map { (place: files[index].place + "/" + Self.name(of: $0.path), entry: $0) }
            }
            files += try receiveFiles(entries.filter { $0.entry.reason == nil }.map { ($0.entry.path, $0.place) })
            files += entries.filter { $0.entry.reason != nil }.map { place, entry in
                let file = ReceivedFile(
                    sha256: "", byteCount: 0, instance: nil, reason: entry.reason, isArchive: false)
                return ReceivedPlace(path: entry.path, place: place, file: file)
            }
        }
        files.sort { $0.place < $1.place }
        let inputs = ReceivedInput.named(files, key: configuration.key)
        let new = inputs.filter { known[$0.id] == nil }
        for start in stride(from: 0, to: new.count, by: 500) {
            try journal.append(new[start..<min(start + 500, new.count)].flatMap(\.receivedEntries))
        }
        return inputs
    }

    private static func name(of path: String) -> Substring { path[(path.lastIndex(of: "/") ?? path.startIndex)...] }

    private func receiveFiles(_ files: [(path: String, place: String)]) throws -> [ReceivedPlace] {
        let results = Mutex<[Int: ReceivedFile]>([:])
        let progress = ProgressCounter(.receiving, total: files.count, listener: configuration.progress)
        try pool.run(Array(files.indices)) { index, worker in
            let path = files[index].path
            let file: ReceivedFile
            do throws(WorkerFailure) {
                switch try worker.perform(.receive(path: path)) {
                case .received(let received): file = received
                case .failed(let reason): file = Self.unread(path, because: reason)
                default: file = Self.unread(path, because: "worker-crashed")
                }
            } catch {
                guard let reason = error.reason else { return try Self.stop(error) }
                file = Self.unread(path, because: reason)
            }
            results.withLock { $0[index] = file }
            progress.advance()
        }
        try stopIfInterrupted()
        return results.withLock { received in
            files.indices.compactMap { index in
                received[index].map { ReceivedPlace(path: files[index].path, place: files[index].place, file: $0) }
            }
        }
    }

    /// A file that a worker failed on still has a digest, so that its row can be told.
    private static func unread(_ path: String, because reason: ReasonCode) -> ReceivedFile {
        let digest = try? FileCopy.digest(of: path)
        return ReceivedFile(
            sha256: digest?.sha256 ?? "", byteCount: digest?.byteCount ?? 0, instance: nil,
            reason: digest == nil ? "input-unreadable" : reason, isArchive: false)
    }

    static func stop(_ failure: WorkerFailure) throws {
        if case .unavailable(let why) = failure {
            throw PipelineError(.worker, "no worker could be started: \(why)", hint: "run `quench doctor`")
        }
    }

    private struct Unpacked: Sendable {
        var entries: [UnpackedEntry]
        var reason: ReasonCode?
    }

    private func unpack(_ archives: [String]) throws -> [Unpacked] {
        let results = Mutex<[Int: Unpacked]>([:])
        let folder = pool.unpackingFolder
        try keeper.start(pool)
        try OutputFolder.makeFolder(folder, mode: 0o700)
        try pool.run(Array(archives.indices)) { index, worker in
            let result: Unpacked
            do {
                let request = WorkerRequest.unpack(path: archives[index], folder: "\(folder)/\(index)")
                switch try worker.perform(request, frames: 100) {
                case .unpacked(let entries, let reason): result = Unpacked(entries: entries, reason: reason)
                case .failed(let reason):
                    try OutputFolder.stop(onUnwritable: reason)
                    result = Unpacked(entries: [], reason: reason)
                default: result = Unpacked(entries: [], reason: "archive-unreadable")
                }
            } catch let failure as WorkerFailure {
                guard let reason = failure.reason else { return try Self.stop(failure) }
                result = Unpacked(entries: [], reason: reason)
            }
            results.withLock { $0[index] = result }
        }
        try stopIfInterrupted()
        return results.withLock { unpacked in archives.indices.compactMap { unpacked[$0] } }
    }
}

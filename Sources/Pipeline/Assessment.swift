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
    /// Where the entries of archives go.
    let unpackingFolder: String

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
        var files = try receiveFiles(paths)
        let archives = files.filter(\.file.isArchive).map(\.path)
        if !archives.isEmpty {
            let (entries, failures) = try unpack(archives)
            for index in files.indices {
                if let reason = failures[files[index].path] { files[index].file.reason = reason }
            }
            files += try receiveFiles(entries)
        }
        files.sort { $0.path < $1.path }
        let inputs = ReceivedInput.named(files, key: configuration.key)
        let new = inputs.filter { known.records[$0.id] == nil }
        for batch in stride(from: 0, to: new.count, by: 500).map({ new[$0..<min($0 + 500, new.count)] }) {
            try journal.append(batch.flatMap { $0.receivedEntries })
        }
        return inputs
    }

    private func receiveFiles(_ paths: [String]) throws -> [(path: String, file: ReceivedFile)] {
        let results = Mutex<[Int: ReceivedFile]>([:])
        let progress = ProgressCounter(.receiving, total: paths.count, listener: configuration.progress)
        try pool.run(Array(paths.indices)) { index, worker in
            let file: ReceivedFile
            do throws(WorkerFailure) {
                switch try worker.perform(.receive(path: paths[index])) {
                case .received(let received): file = received
                case .failed(let reason): file = try Self.unread(paths[index], because: reason)
                default: file = try Self.unread(paths[index], because: "worker-crashed")
                }
            } catch {
                guard let reason = error.reason else { return try Self.stop(error) }
                file = try Self.unread(paths[index], because: reason)
            }
            results.withLock { $0[index] = file }
            progress.advance()
        }
        try stopIfInterrupted()
        return results.withLock { values in paths.indices.compactMap { index in values[index].map { (paths[index], $0) } } }
    }

    /// A file that a worker failed on still has a digest, so that its row can be told.
    private static func unread(_ path: String, because reason: ReasonCode) throws(WorkerFailure) -> ReceivedFile {
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

    private func unpack(_ archives: [String]) throws -> (entries: [String], failures: [String: ReasonCode]) {
        let results = Mutex<[String: (entries: [String], reason: ReasonCode?)]>([:])
        let folder = unpackingFolder
        try OutputFolder.makeFolder(folder, mode: 0o700)
        try pool.run(Array(archives.enumerated())) { archive, worker in
            let target = "\(folder)/\(archive.offset)"
            let outcome: (entries: [String], reason: ReasonCode?)
            do throws(WorkerFailure) {
                let response = try worker.perform(.unpack(path: archive.element, folder: target), frames: 1000)
                switch response {
                case .unpacked(let entries, let reason): outcome = (entries.map(\.path), reason)
                case .failed(let reason): outcome = ([], reason)
                default: outcome = ([], "archive-unreadable")
                }
            } catch {
                guard let reason = error.reason else { return try Self.stop(error) }
                outcome = ([], reason)
            }
            results.withLock { $0[archive.element] = outcome }
        }
        try stopIfInterrupted()
        let outcomes = results.withLock { $0 }
        return (outcomes.values.flatMap(\.entries).sorted(), outcomes.compactMapValues(\.reason))
    }
}

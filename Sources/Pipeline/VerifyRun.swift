import DICOMModel
import Foundation
public import HeaderDeidentification
import Ledger
import Synchronization

/// The second look at a finished output: the chain, the files, what is in them.
public struct VerifyRun: Sendable {
    public struct Problem: Hashable, Sendable, Encodable {
        /// `ledger`, a released path, or a pseudonymous instance.
        public var item: String
        public var what: String
    }

    public struct Result: Sendable, Encodable {
        public var examined: Int
        public var events: Int
        public var problems: [Problem]
    }

    private let output: OutputFolder
    private let ledger: Ledger
    private let state: LedgerState
    private let configuration: RunConfiguration

    /// - Throws: `PipelineError` where the folder is no output; `LedgerError` where the ledger can't be read.
    public init(
        folder: String, key: ProjectKey, workerCommand: [String], workerCount: Int, interruption: Interruption,
        progress: @escaping @Sendable (ProgressUpdate) -> Void
    ) throws {
        output = try OutputFolder(existing: folder)
        ledger = try Ledger.openReadOnly(path: output.ledgerPath)
        state = try ledger.state()
        let policy = try state.runs.last.map { try Policy(yaml: $0.started.policy) } ?? Policy.builtIn()
        configuration = RunConfiguration(
            policy: policy, key: key, workerCommand: workerCommand, workerCount: workerCount, versions: [:],
            interruption: interruption, progress: progress)
    }

    public func run() throws -> Result {
        var problems: [Problem] = []
        let chain = try ledger.verifyChain()
        if let problem = chain.problem {
            let what = "the chain of events is broken at \(problem.sequence) (\(problem.kind.rawValue))"
            problems.append(Problem(item: "ledger", what: what))
        }
        for record in state.instances where record.outcome == nil {
            let what = "not finished; run `quench clean` again"
            problems.append(Problem(item: record.id.rawValue, what: what))
        }
        let released = state.instances.compactMap { record -> Released? in
            guard case .released(let released) = record.final else { return nil }
            return released
        }
        problems += try additionalFiles(known: Set(released.map(\.path)))
        problems += missingFromQuarantine()
        problems += try examine(released)
        return Result(
            examined: released.count, events: state.eventCount, problems: problems.sorted { $0.item < $1.item })
    }

    private func additionalFiles(known: Set<String>) throws -> [Problem] {
        guard let files = FileManager.default.enumerator(atPath: output.releasedPath) else { return [] }
        var problems: [Problem] = []
        for case let name as String in files where !InputFiles.isFolder(output.releasedPath + "/" + name) {
            let path = "released/" + name
            // A name that the ledger doesn't know may be anything; it is not repeated.
            if !known.contains(path) {
                problems.append(Problem(item: "released/", what: "holds a file that the ledger doesn't know"))
            }
        }
        return problems
    }

    private func missingFromQuarantine() -> [Problem] {
        state.instances.compactMap { record in
            guard record.outcome == .quarantined, let received = record.received else { return nil }
            let original = "\(output.quarantinePath)/\(record.id.rawValue)/original"
            guard !record.reasons.contains("input-unreadable"), !received.sourceSHA256.isEmpty else { return nil }
            if (try? FileCopy.digest(of: original).sha256) == received.sourceSHA256 { return nil }
            return Problem(item: record.id.rawValue, what: "its original in quarantine is missing or changed")
        }
    }

    private func examine(_ released: [Released]) throws -> [Problem] {
        let folder = NSTemporaryDirectory() + "/quench-verify-\(ProcessInfo.processInfo.processIdentifier)"
        try OutputFolder.makeFolder(folder, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let problems = Mutex<[Problem]>([])
        let counter = ProgressCounter(.verifying, total: released.count, listener: configuration.progress)
        try configuration.pool(temporaryFolder: folder).run(released) { file, worker in
            defer { counter.advance() }
            let found = try examine(file, with: worker)
            problems.withLock { $0 += found.map { Problem(item: file.path, what: $0) } }
        }
        guard !configuration.interruption.isRequested else {
            throw PipelineError(.interrupted, "interrupted")
        }
        return problems.withLock { $0 }
    }

    private func examine(_ file: Released, with worker: WorkerProcess) throws -> [String] {
        let path = output.path + "/" + file.path
        guard let digest = try? FileCopy.digest(of: path) else { return ["is missing"] }
        guard digest.sha256 == file.sha256 else { return ["was changed after its release"] }
        do throws(WorkerFailure) {
            switch try worker.perform(.reexamine(path: path), frames: 1000) {
            case .reexamined(let reasons): return reasons.map(\.rawValue)
            case .failed(let reason): return [reason.rawValue]
            default: return ["worker-crashed"]
            }
        } catch {
            guard let reason = error.reason else {
                try Assessment.stop(error)
                return []
            }
            return [reason.rawValue]
        }
    }
}

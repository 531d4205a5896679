import DICOMModel
import Foundation
public import HeaderDeidentification
public import Ledger
import Synchronization

/// The second look at a finished output: the chain, the files, what is in them.
public struct VerifyRun: Sendable {
    public struct Problem: Hashable, Sendable, Encodable {
        /// `ledger`, a released path, or a pseudonymous instance.
        public var item: String
        public var what: String

        public init(item: String, what: String) {
            self.item = item
            self.what = what
        }
    }

    public struct Result: Sendable, Encodable {
        public var examined: Int
        public var events: Int
        public var problems: [Problem]
    }

    private let output: OutputFolder
    private let ledger: Ledger
    private let state: LedgerState
    /// Nil where events were tampered with so that they can't be read.
    private let readable: LedgerState?
    private let configuration: RunConfiguration
    private let evidence: Evidence

    /// What the output is held against besides its own ledger.
    public struct Evidence: Sendable {
        /// Kept elsewhere since some earlier time.
        public var receipt: Receipt?
        /// Whose signature receipts must bear; nil where any will do.
        public var publicKey: PublicKey?
        /// Nil for the one that derives from the project key.
        public var quarantineKey: QuarantineKey?

        public init(receipt: Receipt? = nil, publicKey: PublicKey? = nil, quarantineKey: QuarantineKey? = nil) {
            self.receipt = receipt
            self.publicKey = publicKey
            self.quarantineKey = quarantineKey
        }
    }

    /// - Throws: `PipelineError` where the folder is no output; `LedgerError` where the ledger can't be read.
    public init(
        folder: String, key: ProjectKey, evidence: Evidence = Evidence(), workerCommand: [String], workerCount: Int,
        interruption: Interruption,
        progress: @escaping @Sendable (ProgressUpdate) -> Void
    ) throws {
        output = try OutputFolder(existing: folder)
        ledger = try Ledger.openReadOnly(path: output.ledgerPath)
        readable = try? ledger.state()
        let state = readable ?? LedgerState()
        self.state = state
        let policy = try (try? Policy.ofLastRun(in: state)) ?? Policy.builtIn()
        var configuration = RunConfiguration(
            policy: policy, key: key, workerCommand: workerCommand, workerCount: workerCount, versions: [:],
            interruption: interruption, progress: progress)
        if let key = evidence.quarantineKey { configuration.quarantineKey = key }
        self.configuration = configuration
        self.evidence = evidence
    }

    public func run() throws -> Result {
        var problems: [Problem] = []
        if readable == nil {
            problems.append(
                Problem(item: "ledger", what: "holds events that can't be read; files can't be checked against it"))
        }
        let chain = try ledger.verifyChain()
        if let problem = chain.problem {
            problems.append(Problem(item: "ledger", what: Self.sentence(problem)))
        }
        if try ledger.surplusBytes() > 0 {
            problems.append(Problem(item: "ledger", what: "has bytes behind its database that Quench didn't write"))
        }
        let stored =
            try ledger.schemaProblems() + ledger.receiptProblems() + (readable == nil ? [] : ledger.blobProblems())
        problems += stored.map { Problem(item: "ledger", what: $0) }
        problems += output.placeProblems() + output.topProblems()
        problems += try receiptProblems()
        for record in state.instances where record.outcome == nil {
            let what = "not finished; run `quench clean` again"
            problems.append(Problem(item: record.id.rawValue, what: what))
        }
        let released = state.instances.compactMap(\.released)
        if readable != nil {
            problems += additionalFiles(known: Set(released.map(\.path)))
            problems += quarantineProblems()
            problems += Self.reviewerProblems(output, state)
            problems += try fileProblems(released)
        }
        return Result(
            examined: released.count, events: state.eventCount, problems: problems.sorted { $0.item < $1.item })
    }

    private func additionalFiles(known: Set<String>) -> [Problem] {
        // A name that the ledger doesn't know may be anything; it is not repeated.
        let (files, folders) = Self.contents(below: output.releasedPath)
        // A run that was killed, or met a full disk, may have made the folders of an instance that it knew and not have
        // put the file there.
        let meant = state.instances.compactMap { $0.inspected.map { output.releasedRelativePath($0.summary) } }
        let needed = Self.folders(of: known.union(meant))
        return files.filter { !known.contains("released/" + $0) }.map { _ in
            Problem(item: "released/", what: "holds a file that the ledger doesn't know")
        }
            + folders.filter { !needed.contains("released/" + $0) }.map { _ in
                Problem(item: "released/", what: "holds a folder that the ledger doesn't know: remove it")
            }
    }

    /// Relative paths of all folders, and of all else; links are not followed.
    static func contents(below folder: String) -> (files: [String], folders: [String]) {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.reduce(into: ([], [])) { found, name in
            if OutputFolder.isFolderItself(folder + "/" + name) {
                found.1.append(name)
            } else {
                found.0.append(name)
            }
        }
    }

    /// The folders in which files with these paths lie.
    static func folders(of paths: Set<String>) -> Set<Substring> {
        var folders: Set<Substring> = []
        for path in paths {
            var folder = path[...]
            while let end = folder.lastIndex(of: "/"), folders.insert(folder[..<end]).inserted {
                folder = folder[..<end]
            }
        }
        return folders
    }

    // MARK: - Receipts

    private static func sentence(_ problem: ChainVerification.Problem) -> String {
        switch problem.kind {
        case .changed: "event \(problem.sequence) was changed"
        case .missing: "event \(problem.sequence) is missing"
        case .unlinked:
            "event \(problem.sequence) does not follow the one before it: events were reordered, put in or rewritten"
        case .cutOff: "events from \(problem.sequence) on were cut off"
        }
    }

    /// The receipt that lies with the output must be about the last event; one that was kept elsewhere, about an earlier one
    /// at least, and who signed that must have signed the other.
    private func receiptProblems() throws -> [Problem] {
        var problems: [Problem] = []
        let key = evidence.publicKey ?? evidence.receipt?.signer
        if let kept = evidence.receipt,
            let problem = try ledger.problem(with: kept, isLatest: false, expecting: evidence.publicKey)
        {
            problems.append(Problem(item: "receipt", what: "the receipt that was given " + problem))
        }
        let isFile = InputFiles.isFileItself(output.receiptPath)
        guard isFile, let data = FileManager.default.contents(atPath: output.receiptPath) else {
            guard key != nil || state.eventCount > 0 else { return problems }
            return problems + [Problem(item: "report/receipt.json", what: "is missing")]
        }
        guard let receipt = try? Receipt(json: data) else {
            return problems + [Problem(item: "report/receipt.json", what: "is no receipt")]
        }
        if let problem = try ledger.problem(with: receipt, isLatest: true, expecting: key) {
            problems.append(Problem(item: "report/receipt.json", what: problem))
        } else if try ledger.latestReceipt() != receipt {
            problems.append(Problem(item: "report/receipt.json", what: "is not the one that the ledger holds"))
        } else if try receipt.json() != data {
            problems.append(Problem(item: "report/receipt.json", what: "holds something besides the receipt"))
        }
        return problems
    }

    // MARK: - Quarantine

    /// Each original that was held and not deleted must be there, whole; each that was deleted must be gone.
    private func quarantineProblems() -> [Problem] {
        var problems = state.instances.compactMap { record in
            quarantineProblem(record).map { Problem(item: record.id.rawValue, what: $0) }
        }
        let known = Set(state.instances.filter { $0.heldSince != nil }.map(\.id.rawValue))
        let present = (try? FileManager.default.contentsOfDirectory(atPath: output.quarantinePath)) ?? []
        for name in present where !known.contains(name) {
            problems.append(Problem(item: "quarantine/", what: "holds something that the ledger doesn't know"))
        }
        return problems
    }

    private func quarantineProblem(_ record: InstanceRecord) -> String? {
        guard record.heldSince != nil, let received = record.received else { return nil }
        let path = output.sealedPath(of: record.id)
        let isThere = OutputFolder.exists(output.heldPath(of: record.id))
        if record.originalIsDeleted {
            guard isThere else { return nil }
            return OutputFolder.exists(path)
                ? "its original was to be deleted and is still there"
                : "its original was deleted, and something else lies in its place in quarantine: remove it"
        }
        // What couldn't be read may not be there; what is there must be as it was held.
        let mayBeMissing = record.heldReasons.contains("input-unreadable") || received.sourceSHA256.isEmpty
        if mayBeMissing, !isThere { return nil }
        let missing = "its original in quarantine is missing or changed"
        guard InputFiles.isFileItself(path) else { return missing }
        do {
            let digest = try SealedFile(configuration.quarantineKey).digest(of: path)
            guard digest == received.sourceSHA256 || received.sourceSHA256.isEmpty else {
                return "its original in quarantine is another file"
            }
            guard output.isAsHeld(record.id, reasons: record.heldReasons) else {
                return "what lies beside its original in quarantine is not as the ledger has it"
            }
            return nil
        } catch let error as PipelineError where error.code == .key {
            return error.message
        } catch {
            return missing
        }
    }

    // MARK: - Released files

    /// What is wrong with released files, and with the File-set, if there is one, that is to be made of them.
    private func fileProblems(_ released: [Released]) throws -> [Problem] {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let hasFileSet = FileManager.default.fileExists(atPath: output.fileSetPath)
        let problems = Mutex<[Problem]>([])
        let entries = Mutex<[Int: DirectoryEntry]>([:])
        let accepted = textAccepted
        let counter = ProgressCounter(.verifying, total: released.count, listener: configuration.progress)
        try configuration.pool(temporaryFolder: folder).run(Array(released.indices)) { index, worker in
            defer { counter.advance() }
            let file = released[index]
            let found = try examine(file, with: worker, accepted: accepted[file.path] ?? .none)
            problems.withLock { $0 += found.map { Problem(item: file.path, what: $0) } }
            guard hasFileSet else { return }
            let entry = try Self.entry(of: file, in: output, worker)
            entries.withLock { $0[index] = entry }
        }
        guard !configuration.interruption.isRequested else {
            throw PipelineError(.interrupted, "interrupted")
        }
        let listed = entries.withLock { entries in released.indices.compactMap { entries[$0] } }
        return problems.withLock { $0 } + (hasFileSet ? try fileSetProblems(released, listed) : [])
    }

    /// Nil for what isn't as it was released.
    private static func entry(
        of file: Released, in output: OutputFolder, _ worker: WorkerProcess
    ) throws -> DirectoryEntry? {
        do {
            return try FileSetContents.entry(of: file, in: output, worker)
        } catch let error as PipelineError where error.code == .integrity {
            return nil
        }
    }

    private func fileSetProblems(_ released: [Released], _ entries: [DirectoryEntry]) throws -> [Problem] {
        do {
            guard entries.count == released.count else { throw FileSetContents.notReleased }
            return try FileSetContents(of: released, entries: entries).problems(in: output)
        } catch let error as PipelineError where error.code == .integrity {
            return [Problem(item: "file-set/", what: "can't be checked: \(error.message)")]
        }
    }

    /// By released path, the text that people decided may stay.
    private var textAccepted: [String: AcceptedText] {
        var accepted: [String: AcceptedText] = [:]
        for record in state.instances {
            guard let released = record.released, let verified = record.verified else { continue }
            if let places = verified.accepted {
                accepted[released.path] = .within(places)
            } else if verified.passed.contains(Verified.acceptedText) {
                accepted[released.path] = .everything
            }
        }
        return accepted
    }

    private func examine(_ file: Released, with worker: WorkerProcess, accepted: AcceptedText) throws -> [String] {
        let path = output.path + "/" + file.path
        // What is no file may have no end.
        guard OutputFolder.exists(path) else { return ["is missing"] }
        guard InputFiles.isFileItself(path) else { return ["is a link, not a file"] }
        guard let digest = try? FileCopy.digest(of: path) else { return ["is missing"] }
        guard digest.sha256 == file.sha256 else { return ["was changed after its release"] }
        do throws(WorkerFailure) {
            switch try worker.perform(.reexamine(path: path, accepted: accepted), frames: 1000) {
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

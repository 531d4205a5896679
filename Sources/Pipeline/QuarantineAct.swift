import DICOMModel
import Foundation
import Glibc
import HeaderDeidentification
import Ledger
import Synchronization

/// One act on quarantine, from the ledger's lock to the receipt.
struct QuarantineAct: Sendable {
    let output: OutputFolder
    let configuration: RunConfiguration
    let ledger: Ledger

    /// - Parameter needsTerms: whether what the act does depends on policy, key, scripts and lists, which must be those of the
    ///   output's runs then.
    /// - Parameter isRecorded: whether it adds to the ledger, so that a receipt follows.
    /// - Throws: `LedgerError` with code `.locked` while a run or another act is at work; `PipelineError` for other terms, and
    ///   where a signed receipt would be followed by one without a signature.
    init(output: OutputFolder, configuration: RunConfiguration, needsTerms: Bool, isRecorded: Bool = true) throws {
        self.output = output
        self.configuration = configuration
        ledger = try configuration.desk.ledger(at: output.ledgerPath)
        if needsTerms { try configuration.requireSameTerms(as: try ledger.lastRun()) }
        if isRecorded { try configuration.requireSigner(as: ledger) }
        try output.prepare()
    }

    var pool: WorkerPool { configuration.pool(temporaryFolder: output.workPath) }

    /// Removes what was staged.
    func end() {
        try? output.removeWork()
    }

    /// Makes the receipt, and reports of the next run from it.
    func finish() throws {
        try ReceiptFile.issue(for: ledger, output: output, configuration: configuration)
    }

    // MARK: - Recording

    /// The event of what a person did, and where it ends the hold without a release, that end.
    func record(_ records: [InstanceRecord], _ action: Reviewed.Action, by reviewer: Reviewer, reason: String) throws {
        let entries = records.flatMap { record -> [(InstanceID?, LedgerEntry)] in
            let reviewed = Reviewed(
                action: action, by: reviewer.name, reason: reason, evidence: Self.evidence(of: record.inspected))
            let event: (InstanceID?, LedgerEntry) = (record.id, .reviewed(reviewed))
            switch action {
            case .rejected: return [event, (record.id, .rejected(Rejected(reasons: ["rejected-in-review"])))]
            case .sentBack: return [event, (record.id, .rejected(Rejected(reasons: ["sent-back"])))]
            default: return [event]
            }
        }
        try ledger.append(entries)
    }

    /// What a decision stands on.
    static func evidence(of inspected: Inspected?) -> [String] {
        guard let inspected else { return [] }
        return ["frames-examined=\(inspected.framesExamined)", "findings=\(inspected.findings.count)"]
    }

    /// First recorded, then done: what was meant to go and is still there shows in `quench verify`.
    func deleteOriginals(of records: [InstanceRecord], by reviewer: Reviewer, reason: String) throws {
        try record(records, .originalDeleted, by: reviewer, reason: reason)
        for record in records { try output.deleteHeld(record.id) }
    }

    // MARK: - Originals

    /// The original where workers can read it, as long as the result lives.
    func original(of record: InstanceRecord) throws -> OpenedOriginal {
        try OpenedOriginal(of: record.id, in: output, key: configuration.quarantineKey)
    }

    func export(_ record: InstanceRecord, to path: String) throws {
        let sealed = SealedFile(configuration.quarantineKey)
        try FileCopy.withNewFile(path) { file in
            try sealed.open(output.sealedPath(of: record.id)) { try FileCopy.require(writeAll($0, to: file)) }
        }
    }

    /// What its header says about who it is of, or what of it can be read; nil where that is nothing.
    func link(of record: InstanceRecord) throws -> LinkRecord? {
        let original = try original(of: record)
        let link = Mutex<LinkRecord?>(nil)
        try pool.run([original.path]) { path, worker in
            let file = try Self.received(path, worker)
            if let instance = file?.instance ?? file?.beginning { link.withLock { $0 = instance.link } }
        }
        return link.withLock { $0 }.flatMap { $0.saysNothing ? nil : $0 }
    }

    static func received(_ path: String, _ worker: WorkerProcess) throws -> ReceivedFile? {
        do throws(WorkerFailure) {
            guard case .received(let file) = try worker.perform(.receive(path: path)) else { return nil }
            return file
        } catch {
            try Assessment.stop(error)
            return nil
        }
    }
}

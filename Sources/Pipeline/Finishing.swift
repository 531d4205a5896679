import DICOMModel
import Foundation
import Glibc
import Ledger

/// The second half of a clean run: redact, verify and release, or hold, or reject.
struct Finishing: Sendable {
    let configuration: RunConfiguration
    let output: OutputFolder
    let pool: WorkerPool
    let journal: Journal
    let known: LedgerState

    func finish(_ decided: [DecidedInstance]) throws {
        let pending = decided.filter { !isFinal($0) }
        let pictured = Self.pictured(decided)
        let sheets = ContactSheetPlan(
            pending.compactMap(ContactSheetPlan.Member.init), rules: configuration.policy.report)
        let progress = ProgressCounter(.releasing, total: pending.count, listener: configuration.progress)
        try pool.run(pending) { instance, worker in
            let wanted = WantedPictures(pair: pictured.contains(instance.id), tiles: sheets.frames(of: instance.id))
            try finish(instance, wanted, with: worker)
            progress.advance()
        }
    }

    private func isFinal(_ instance: DecidedInstance) -> Bool { known[instance.id]?.outcome != nil }

    /// The first masked instance of each Series gets its pictures into the report, before those of which only Overlay Planes or
    /// unused bits are removed.
    private static func pictured(_ decided: [DecidedInstance]) -> Set<InstanceID> {
        func isBefore(_ one: DecidedInstance, _ other: DecidedInstance) -> Bool {
            (one.regions.isEmpty ? 1 : 0, one.id) < (other.regions.isEmpty ? 1 : 0, other.id)
        }
        let masked = decided.filter { $0.decided.outcome == .releasedMasked }
        let series = Dictionary(grouping: masked) { $0.scanned.summary.series }
        return Set(series.values.compactMap { $0.min(by: isBefore)?.id })
    }

    private struct WantedPictures {
        /// Before and after.
        var pair: Bool
        /// For the contact sheet.
        var tiles: [FrameNumber]
    }

    private func finish(_ instance: DecidedInstance, _ wanted: WantedPictures, with worker: WorkerProcess) throws {
        switch instance.decided.outcome {
        case .rejected:
            try journal.append(instance.id, .rejected(Rejected(reasons: instance.decided.reasons)))
        case .quarantined:
            try quarantine(instance, because: instance.decided.reasons)
        case .released, .releasedMasked:
            try release(instance, wanted, with: worker)
        case .notDICOM:
            try journal.append(instance.id, .notDICOM(NotDICOM(reasons: instance.decided.reasons)))
        }
    }

    /// - Parameter found: what the second look found of it besides.
    private func quarantine(
        _ instance: DecidedInstance, because reasons: [ReasonCode], found: [(InstanceID?, LedgerEntry)] = []
    ) throws {
        let reasons = Decision.distinct(reasons)
        do {
            try output.quarantine(
                instance.id, original: instance.scanned.path, reasons: reasons, key: configuration.quarantineKey)
        } catch let error as PipelineError where error.code == .input {
            // The original can't be copied: the ledger holds the fact, the input still has the file.
            let unread = Decision.distinct(reasons + ["input-unreadable"])
            return try journal.append(found + [(instance.id, .quarantined(Quarantined(reasons: unread)))])
        }
        try journal.append(found + [(instance.id, .quarantined(Quarantined(reasons: reasons)))])
    }

    // MARK: - Redact, verify, release

    private func release(_ instance: DecidedInstance, _ wanted: WantedPictures, with worker: WorkerProcess) throws {
        let staged = output.stagingPath(for: instance.id)
        defer { unlink(staged) }
        let attempt = RedactionAttempt(
            stagedPath: staged, wantsPictures: wanted.pair, tiles: wanted.tiles, accepted: .none, worker: worker,
            adding: adding)
        switch try attempt.run(instance) {
        case .verified(let verified, let file):
            try release(verified, pictures: file, found: Self.found(verified.redacted.decided, after: instance))
        case .held(let reasons, let last):
            try quarantine(instance, because: reasons, found: Self.found(last, after: instance))
        case .stopped(let failure): try Assessment.stop(failure)
        }
    }

    /// The same instance with what the second look found masked as well.
    private func adding(_ findings: [Finding], _ instance: DecidedInstance) -> DecidedInstance {
        var inspected = instance.scanned.inspected
        inspected.findings += findings
        let scanned = ScannedInstance(
            id: instance.id, path: instance.scanned.path, sha256: instance.scanned.sha256, inspected: inspected)
        return Decision(policy: configuration.policy).decide(scanned)
    }

    /// The events of what the second look found besides; none where that is nothing.
    private static func found(
        _ instance: DecidedInstance, after first: DecidedInstance
    ) -> [(InstanceID?, LedgerEntry)] {
        let (inspected, before) = (instance.scanned.inspected, first.scanned.inspected)
        guard inspected.findings.count > before.findings.count else { return [] }
        return [(instance.id, .inspected(inspected)), (instance.id, .decided(instance.decided))]
    }

    private func release(
        _ instance: VerifiedInstance, pictures file: RedactedFile, found: [(InstanceID?, LedgerEntry)]
    ) throws {
        let decided = instance.redacted.decided
        // More text may have come to light since the first decision.
        switch decided.decided.outcome {
        case .rejected: return try journal.append(decided.id, .rejected(Rejected(reasons: decided.decided.reasons)))
        case .quarantined: return try quarantine(decided, because: decided.decided.reasons, found: found)
        default: break
        }
        let (redacted, blobs) = file.named(instance.redacted.redacted)
        let path = output.releasedRelativePath(decided.scanned.summary)
        try output.release(staged: instance.redacted.stagedPath, to: path)
        let masked = decided.decided.outcome == .releasedMasked
        let released = Released(path: path, sha256: instance.redacted.sha256, masked: masked)
        try journal.append(
            found + [
                (decided.id, .redacted(redacted)), (decided.id, .verified(instance.verified)),
                (decided.id, .released(released)),
            ], storing: blobs)
    }
}

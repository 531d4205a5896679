import DICOMModel
import Glibc
import Ledger

/// The way of one instance out of quarantine.
struct QuarantineRelease: Sendable {
    let act: QuarantineAct
    let treatment: Quarantine.Treatment
    let reviewer: Reviewer
    let reason: ReviewReason
    /// Whether a second person is to confirm it in any case.
    var onlyProposes = false
    let sheets: ContactSheetPlan
    /// By the path in the output, which instance of this act goes there.
    var owners: [String: InstanceID] = [:]

    private var policy: Policy { act.configuration.policy }

    /// Lists and scripts that speak against an instance can't be overruled by a reviewer; that its number couldn't be looked
    /// up can.
    private static let binding: Set<ReasonCode> = ["opted-out", "outside-cohort", "script-rejected", "script-failed"]

    // MARK: - Inspecting

    /// The instance as if it had just come in, with what is in its pixels.
    private enum Look {
        case scanned(ScannedInstance)
        case refused([ReasonCode])
    }

    private func look(
        at record: InstanceRecord, in original: OpenedOriginal, again: Bool, with worker: WorkerProcess
    ) throws -> Look {
        guard let file = try QuarantineAct.received(original.path, worker) else { return .refused(["worker-crashed"]) }
        guard file.sha256 == record.received?.sourceSHA256 else { return .refused(["input-changed"]) }
        guard let instance = file.instance else { return .refused([file.reason ?? "unreadable-file"]) }
        let refusals = Self.binding.intersection(instance.refusals)
        guard refusals.isEmpty else { return .refused(refusals.sorted()) }
        var inspected = record.inspected
        if again || (inspected?.framesExamined ?? 0) == 0 {
            let request = WorkerRequest.inspect(path: original.path, sha256: file.sha256)
            do throws(WorkerFailure) {
                switch try worker.perform(request, frames: instance.summary.numberOfFrames ?? 1) {
                case .inspected(let result): inspected = result
                case .failed(let reason): return .refused([reason])
                default: return .refused(["worker-crashed"])
                }
            } catch {
                try Assessment.stop(error)
                return .refused([error.reason ?? "worker-crashed"])
            }
        }
        guard let inspected else { return .refused(["unreadable-file"]) }
        return .scanned(
            ScannedInstance(id: record.id, path: original.path, sha256: file.sha256, inspected: inspected))
    }

    /// Records what is found now; one that can't be inspected keeps what was known of it.
    func rescan(_ record: InstanceRecord, with worker: WorkerProcess) throws {
        let original = try act.original(of: record)
        try withExtendedLifetime(original) {
            guard case .scanned(let scanned) = try look(at: record, in: original, again: true, with: worker) else {
                return try act.ledger.append(.reviewed(reviewed(.rescanned, record.inspected)), of: record.id)
            }
            try act.ledger.append([
                (record.id, .inspected(scanned.inspected)),
                (record.id, .reviewed(reviewed(.rescanned, scanned.inspected))),
            ])
        }
    }

    // MARK: - Releasing

    func release(_ record: InstanceRecord, with worker: WorkerProcess) throws -> Quarantine.Result {
        let original = try act.original(of: record)
        return try withExtendedLifetime(original) {
            switch try look(at: record, in: original, again: false, with: worker) {
            case .refused(let reasons): return result(record, .refused, reasons)
            case .scanned(let scanned):
                if let taken = try placeIsTaken(scanned) { return result(record, .refused, [taken]) }
                let mask = mask(for: scanned)
                let isProposal = try onlyProposes || needsSecondPerson(mask, scanned, record)
                guard let regions = mask.regions else { return result(record, .refused, ["invalid-region"]) }
                guard isProposal else { return try release(decided(scanned, regions), mask, record, with: worker) }
                try propose(scanned)
                return result(record, .proposed, [])
            }
        }
    }

    /// Another instance may have been released under the same name, or be about to: a duplicate SOP Instance UID.
    private func placeIsTaken(_ scanned: ScannedInstance) throws -> ReasonCode? {
        let path = act.output.releasedRelativePath(scanned.summary)
        let isAnothers = owners[path].map { $0 != scanned.id } ?? false
        let isTaken = try act.configuration.index(of: act.output).read { $0.isTaken(path, for: scanned.id) }
        return isAnothers || isTaken ? "duplicate-sop-instance" : nil
    }

    /// Whether by policy two people have to want this, and nobody else proposed it before.
    private func needsSecondPerson(
        _ mask: ReviewedMask, _ scanned: ScannedInstance, _ record: InstanceRecord
    ) throws -> Bool {
        switch policy.quarantine.fourEyes {
        case .off: return false
        case .required: guard !mask.open.isEmpty else { return false }
        case .always: break
        }
        guard let proposal = record.proposal, mask.isCovered(by: self.mask(proposal.treatment, for: scanned)),
            policy.quarantine.fourEyes == .required || proposal.treatment == treatment
        else { return true }
        guard !reviewer.isCalled(proposal.by) else {
            throw PipelineError(
                .review, "a second person has to confirm it, not the one who proposed it",
                hint: "the policy's quarantine: four-eyes asks for it")
        }
        return false
    }

    private func propose(_ scanned: ScannedInstance) throws {
        var step = reviewed(treatment == .asItIs ? .proposed : .proposedPartly, scanned.inspected)
        step.evidence += treatment.evidence
        try act.ledger.append([(scanned.id, .inspected(scanned.inspected)), (scanned.id, .reviewed(step))])
    }

    private func mask(for scanned: ScannedInstance) -> ReviewedMask { mask(treatment, for: scanned) }

    private func mask(_ treatment: Quarantine.Treatment, for scanned: ScannedInstance) -> ReviewedMask {
        ReviewedMask(policy: policy, treatment: treatment, scanned: scanned)
    }

    private func release(
        _ decided: DecidedInstance, _ mask: ReviewedMask, _ record: InstanceRecord, with worker: WorkerProcess
    ) throws -> Quarantine.Result {
        let staged = act.output.stagingPath(for: record.id)
        defer { unlink(staged) }
        let attempt = RedactionAttempt(
            stagedPath: staged, wantsPictures: wantsPictures(of: decided), tiles: sheets.frames(of: record.id),
            accepted: mask.accepted, worker: worker, adding: adding
        )
        guard !masksTooMuchUnseen(decided, record) else {
            return try hold(decided, record, because: ["too-many-regions"])
        }
        switch try attempt.run(decided) {
        case .verified(let verified, let file):
            let last = verified.redacted.decided
            guard !masksTooMuchUnseen(last, record) else {
                return try hold(last, record, because: ["too-many-regions"])
            }
            try put(verified, file, record)
            return result(
                record, verified.redacted.redacted.regions.isEmpty ? .released : .releasedMasked, [],
                found: unseen(last, record))
        case .held(let reasons, let last):
            return try hold(last, record, because: reasons)
        case .stopped(let failure):
            try Assessment.stop(failure)
            throw PipelineError(.interrupted, "interrupted", hint: "run the same command again")
        }
    }

    /// How many findings no reviewer was shown yet.
    private func unseen(_ instance: DecidedInstance, _ record: InstanceRecord) -> Int {
        instance.scanned.inspected.findings.count - (record.inspected?.findings.count ?? 0)
    }

    /// What is found on the way may be masked unseen as long as that leaves the picture that the reviewer had in mind: to go
    /// beyond the policy's `maximum-masked-share` is for a person who knows what is masked.
    private func masksTooMuchUnseen(_ instance: DecidedInstance, _ record: InstanceRecord) -> Bool {
        guard unseen(instance, record) > 0 else { return false }
        var seen = instance.scanned.inspected
        seen.findings = record.inspected?.findings ?? []
        let scanned = ScannedInstance(
            id: instance.id, path: instance.scanned.path, sha256: instance.scanned.sha256, inspected: seen)
        let plan = MaskPlan(policy: policy, summary: scanned.summary, findings: instance.scanned.inspected.findings)
        let share = plan.maskedShare(of: instance.regions)
        return share > policy.maximumMaskedShare
            && share > plan.maskedShare(of: mask(for: scanned).regions ?? [])
    }

    /// It stays held; what was found on the way is there for the reviewer to see.
    private func hold(
        _ instance: DecidedInstance, _ record: InstanceRecord, because reasons: [ReasonCode]
    ) throws -> Quarantine.Result {
        let found = unseen(instance, record)
        if found > 0 { try act.ledger.append(.inspected(instance.scanned.inspected), of: record.id) }
        return result(record, .refused, reasons, found: found)
    }

    private func wantsPictures(of decided: DecidedInstance) -> Bool {
        !decided.regions.isEmpty || decided.scanned.inspected.findings.contains { $0.source != .pixels }
    }

    private func decided(_ scanned: ScannedInstance, _ regions: [MaskedRegion]) -> DecidedInstance {
        let outcome: Outcome = regions.isEmpty ? .released : .releasedMasked
        return DecidedInstance(
            scanned: scanned, decided: Decided(outcome: outcome, reasons: ["released-in-review"]), regions: regions)
    }

    private func adding(_ findings: [Finding], _ instance: DecidedInstance) -> DecidedInstance {
        var inspected = instance.scanned.inspected
        inspected.findings += findings
        let scanned = ScannedInstance(
            id: instance.id, path: instance.scanned.path, sha256: instance.scanned.sha256, inspected: inspected)
        return decided(scanned, mask(for: scanned).regions ?? instance.regions)
    }

    /// The rename, then the events of it in one transaction, as a run does.
    private func put(_ verified: VerifiedInstance, _ file: RedactedFile, _ record: InstanceRecord) throws {
        let decided = verified.redacted.decided
        let (redacted, blobs) = file.named(verified.redacted.redacted)
        let masked = !redacted.regions.isEmpty
        let path = act.output.releasedRelativePath(decided.scanned.summary)
        try act.output.release(staged: verified.redacted.stagedPath, to: path)
        let action: Reviewed.Action = masked ? .releasedMasked : .releasedAsIs
        var step = reviewed(action, decided.scanned.inspected)
        step.evidence += treatment.evidence
        if let proposal = record.proposal, !reviewer.isCalled(proposal.by),
            proposal.treatment == treatment || !mask(for: decided.scanned).open.isEmpty
        {
            step.evidence.append("first=\(proposal.by)")
        }
        if masked { step.evidence.append("masks=\(redacted.regions.count)") }
        try act.ledger.append(
            [
                (decided.id, .inspected(decided.scanned.inspected)), (decided.id, .decided(decided.decided)),
                (decided.id, .redacted(redacted)), (decided.id, .verified(verified.verified)),
                (decided.id, .reviewed(step)),
                (decided.id, .released(Released(path: path, sha256: verified.redacted.sha256, masked: masked))),
            ], storing: blobs)
    }

    private func reviewed(_ action: Reviewed.Action, _ inspected: Inspected?) -> Reviewed {
        var evidence = QuarantineAct.evidence(of: inspected)
        if let version = act.configuration.versions["quench"] { evidence.append("quench=\(version)") }
        return Reviewed(action: action, by: reviewer.name, reason: reason.text, evidence: evidence)
    }

    private func result(
        _ record: InstanceRecord, _ status: Quarantine.Result.Status, _ reasons: [ReasonCode], found: Int = 0
    ) -> Quarantine.Result {
        Quarantine.Result(id: record.id.rawValue, status: status, reasons: reasons.map(\.rawValue), found: found)
    }
}

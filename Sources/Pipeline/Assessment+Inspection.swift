import DICOMModel
import Foundation
import Ledger
import Synchronization

extension Assessment {
    /// What the header of a file led to, before its pixels are looked at.
    enum Candidate: Sendable {
        /// Its pixels are to be looked at.
        case inspect(ReceivedInput)
        /// Decided already: by the kind of its Series, as a duplicate, or because it can't be read.
        case settled(DecidedInstance)
        case scanned(ScannedInstance)
    }

    // MARK: - Inspect

    /// Candidates for all DICOM files, in the order of the inputs, each inspected where policy asks for it.
    func inspect(_ inputs: [ReceivedInput]) throws -> [Candidate] {
        var candidates = triage(inputs)
        let pending = candidates.indices.filter { index in
            guard case .inspect = candidates[index] else { return false }
            return true
        }
        let results = Mutex<[Int: Candidate]>([:])
        let progress = ProgressCounter(.inspecting, total: pending.count, listener: configuration.progress)
        let work = candidates
        try pool.run(Self.pieces(of: pending, in: work)) { piece, worker in
            for index in piece {
                guard case .inspect(let input) = work[index], !configuration.interruption.isRequested else { return }
                guard let result = try inspect(input, with: worker) else { return }
                if case .scanned(let scanned) = result {
                    try journal.append(scanned.id, .inspected(scanned.inspected))
                }
                results.withLock { $0[index] = result }
                progress.advance()
            }
        }
        results.withLock { values in
            for (index, candidate) in values { candidates[index] = candidate }
        }
        return candidates
    }

    /// Applies what the header alone decides.
    private func triage(_ inputs: [ReceivedInput]) -> [Candidate] {
        let decision = Decision(policy: configuration.policy)
        let admitted = inputs.filter { input in
            input.file.instance.map { decision.admissionAction(refusals: $0.refusals) == nil } ?? false
        }
        let bySeries = Dictionary(grouping: admitted) {
            $0.file.instance?.summary.series ?? ""
        }
        var actions: [InstanceID: (action: Policy.SeriesAction, reason: ReasonCode?)] = [:]
        for members in bySeries.values {
            let decided = decision.seriesActions(
                kinds: members.map { $0.file.instance?.summary.seriesKind ?? "" },
                rules: members.map { $0.file.instance?.rules ?? .inspect })
            for (member, action) in zip(members, decided) { actions[member.id] = action }
        }
        return inputs.compactMap { input -> Candidate? in
            guard let instance = input.file.instance else {
                guard let reason = input.file.reason, !ReceivedInput.isNotDICOM(reason) else { return nil }
                return .settled(settle(input, input.file.beginning, as: .quarantined, because: [reason]))
            }
            if let refused = decision.admissionAction(refusals: instance.refusals) {
                return .settled(refuse(input, instance, refused, policy: decision.policy))
            }
            if input.isDuplicate {
                return .settled(settle(input, instance, as: .rejected, because: ["duplicate-identical"]))
            }
            if let action = actions[input.id], action.action != .inspect {
                let outcome: Outcome = action.action == .reject ? .rejected : .quarantined
                let reasons = instance.reasons + (action.reason.map { [$0] } ?? [])
                return .settled(settle(input, instance, as: outcome, because: reasons))
            }
            if let inspected = known[input.id]?.inspected {
                return .scanned(
                    ScannedInstance(id: input.id, path: input.path, sha256: input.file.sha256, inspected: inspected))
            }
            return .inspect(input)
        }
    }

    /// Of a patient who may not be used nothing is said, not even a pseudonym.
    private func refuse(
        _ input: ReceivedInput, _ instance: ReceivedInstance,
        _ refused: (action: Policy.SeriesAction, reasons: [ReasonCode]), policy: Policy
    ) -> DecidedInstance {
        let isRejectedKind = policy.series[instance.summary.seriesKind] == .reject
        let outcome: Outcome = refused.action == .reject || isRejectedKind ? .rejected : .quarantined
        let isNamed = !refused.reasons.contains("opted-out")
        return settle(input, isNamed ? instance : nil, as: outcome, because: refused.reasons)
    }

    private func settle(
        _ input: ReceivedInput, _ instance: ReceivedInstance?, as outcome: Outcome, because reasons: [ReasonCode]
    ) -> DecidedInstance {
        let inspected = Inspected(
            summary: instance?.summary ?? .unknown, framesExamined: 0, findings: [], reasons: [],
            notChecked: reasons.sorted(), smallestGlyphHeight: nil, milliseconds: 0)
        let scanned = ScannedInstance(
            id: input.id, path: input.path, sha256: input.file.sha256, inspected: inspected)
        return Decision.hold(scanned, as: outcome, because: reasons)
    }

    /// Neighbours in a Series go to the same worker, which has their banner in mind; long Series are shared out.
    private static func pieces(of pending: [Int], in candidates: [Candidate]) -> [[Int]] {
        func place(_ index: Int) -> (String, Int, String) {
            guard case .inspect(let input) = candidates[index], let instance = input.file.instance else {
                return ("", 0, "")
            }
            return (instance.summary.series, instance.instanceNumber, input.id.rawValue)
        }
        let ordered = pending.map { (place($0), $0) }.sorted { $0.0 < $1.0 }
        var pieces: [[Int]] = []
        var series = ""
        for ((name, _, _), index) in ordered {
            if name == series, let last = pieces.indices.last, pieces[last].count < 32 {
                pieces[last].append(index)
            } else {
                pieces.append([index])
                series = name
            }
        }
        return pieces
    }

    /// Nil when the run is interrupted.
    private func inspect(_ input: ReceivedInput, with worker: WorkerProcess) throws -> Candidate? {
        let frames = input.file.instance?.summary.numberOfFrames ?? 1
        let reason: ReasonCode
        do throws(WorkerFailure) {
            switch try worker.perform(.inspect(path: input.path, sha256: input.file.sha256), frames: frames) {
            case .inspected(let inspected):
                return .scanned(
                    ScannedInstance(id: input.id, path: input.path, sha256: input.file.sha256, inspected: inspected))
            case .failed(let code): reason = code
            default: reason = "worker-crashed"
            }
        } catch {
            guard let code = error.reason else {
                try Self.stop(error)
                return nil
            }
            reason = code
        }
        return .settled(settle(input, input.file.instance, as: .quarantined, because: [reason]))
    }

    // MARK: - Decide

    func decide(_ candidates: [Candidate]) throws -> [DecidedInstance] {
        let decision = Decision(policy: configuration.policy)
        var result: [DecidedInstance] = candidates.compactMap { candidate in
            switch candidate {
            case .inspect: nil
            case .settled(let decided): decided
            case .scanned(let scanned): decision.decide(scanned)
            }
        }
        holdConflicts(in: &result)
        // Where a list names the studies, it says as well whose they are.
        if configuration.sources.cohort == nil { holdDividedStudies(in: &result) }
        if configuration.policy.quarantine.hold == .series { holdSeries(in: &result) }
        var entries: [(InstanceID?, LedgerEntry)] = []
        for instance in result where known[instance.id]?.decided == nil {
            // What was settled by its header has no inspection of its own in the ledger yet.
            if known[instance.id]?.inspected == nil, instance.scanned.inspected.framesExamined == 0 {
                entries.append((instance.id, .inspected(instance.scanned.inspected)))
            }
            entries.append((instance.id, .decided(instance.decided)))
        }
        for batch in stride(from: 0, to: entries.count, by: 500) {
            try journal.append(Array(entries[batch..<min(batch + 500, entries.count)]))
        }
        return result
    }

    /// One suspect instance holds its whole Series, but for what left before and for what is rejected.
    private func holdSeries(in result: inout [DecidedInstance]) {
        var held = Set(result.lazy.filter { $0.decided.outcome == .quarantined }.map { $0.scanned.summary.seriesKey })
        for record in known.instances where record.decided?.outcome == .quarantined {
            if record.reviewState?.isOpen == true, let summary = record.inspected?.summary {
                held.insert(summary.seriesKey)
            }
        }
        for index in result.indices {
            let instance = result[index]
            let summary = instance.scanned.summary
            guard instance.decided.outcome.isReleased, !summary.series.isEmpty,
                held.contains(summary.seriesKey), known[instance.id]?.outcome == nil
            else { continue }
            result[index] = Decision.hold(instance.scanned, as: .quarantined, because: ["suspect-series"])
        }
    }

    /// A Study is one patient's (PS3.3 A.1.2). Where its objects name two, the one whose objects left before goes on, else
    /// none: a mistake, or an issuer of the Patient ID that only some of them have.
    private func holdDividedStudies(in result: inout [DecidedInstance]) {
        var released: [String: Set<String>] = [:]
        for record in known.instances where record.outcome?.isReleased == true {
            if let summary = record.inspected?.summary { released[summary.study, default: []].insert(summary.patient) }
        }
        var patients = released
        for instance in result where instance.decided.outcome.isReleased {
            let summary = instance.scanned.summary
            patients[summary.study, default: []].insert(summary.patient)
        }
        for index in result.indices {
            let instance = result[index]
            let summary = instance.scanned.summary
            guard instance.decided.outcome.isReleased, !summary.study.isEmpty, known[instance.id]?.outcome == nil,
                (patients[summary.study]?.count ?? 0) > 1, released[summary.study] != [summary.patient]
            else { continue }
            result[index] = Decision.hold(instance.scanned, as: .quarantined, because: ["study-of-two-patients"])
        }
    }

    /// Two different files with one SOP Instance UID: the one that was released before, else the first, goes on; the
    /// others are held, since one would take the other's place.
    private func holdConflicts(in result: inout [DecidedInstance]) {
        var owners: [String: InstanceID] = [:]
        for record in known.instances where record.outcome?.isReleased == true {
            if let summary = record.inspected?.summary { owners[summary.instance] = record.id }
        }
        for index in result.indices {
            let instance = result[index]
            guard instance.decided.outcome.isReleased else { continue }
            let name = instance.scanned.summary.instance
            if let owner = owners[name], owner != instance.id {
                result[index] = Decision.hold(instance.scanned, as: .quarantined, because: ["duplicate-sop-instance"])
            } else {
                owners[name] = instance.id
            }
        }
    }
}

extension InstanceSummary {
    /// Of a file whose header can't be read.
    static let unknown = InstanceSummary(
        patient: "", study: "", series: "", instance: "", modality: "", sopClassUID: "", transferSyntaxUID: "",
        seriesKind: "", manufacturer: "", model: "", rows: nil, columns: nil, numberOfFrames: nil,
        photometricInterpretation: nil)
}

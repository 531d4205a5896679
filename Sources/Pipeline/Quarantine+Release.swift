import DICOMModel
import Foundation
import Glibc
import Ledger
import Synchronization

extension Quarantine {
    /// What became of one instance.
    public struct Result: Hashable, Sendable, Encodable {
        public enum Status: String, Hashable, Sendable, Encodable {
            case released
            case releasedMasked = "released-masked"
            /// A second person has to confirm.
            case proposed = "second-person-needed"
            /// It stays held.
            case refused
            /// What was released is taken back and waits for a person again.
            case heldAgain = "held-again"
            /// What was released is taken back, and nothing of it is left.
            case withdrawn
        }

        public var id: String
        public var status: Status
        /// Why it stays held.
        public var reasons: [String]
        /// How many regions of text were found on the way that no reviewer was shown: masked where it was released, else to be
        /// looked at.
        public var found = 0
    }

    /// Releases held instances by the way that a run takes: redaction, header, second look, atomic rename. What the second
    /// look refuses stays held.
    ///
    /// Where text stays that policy would mask, it takes two people, unless policy says otherwise: the first call proposes, the
    /// second, by somebody else, releases.
    ///
    /// - Parameters:
    ///   - exceptions: what is to be done to single instances instead, by their `HeldInstance.id`.
    ///   - alike: whether all other held Series of the same device and size are released so as well; see `series(like:)`.
    ///   - proposing: nothing is released yet: it is left to a second person to confirm.
    /// - Throws: `PipelineError` with code `.review` where nothing is held by that name, or where no instance has a region that
    ///   is to be switched off.
    public func release(
        _ name: String, _ treatment: Treatment, except exceptions: [String: Treatment] = [:], alike: Bool = false,
        proposing: Bool = false, by reviewer: Reviewer, because reason: ReviewReason
    ) throws -> [Result] {
        let results = try released(
            name, treatment, except: exceptions, alike: alike, proposing: proposing, by: reviewer, because: reason)
        let isReleased = results.contains { [.released, .releasedMasked].contains($0.status) }
        if isReleased, OutputFolder.exists(output.fileSetPath) { try makeFileSet() }
        return results
    }

    private func released(
        _ name: String, _ treatment: Treatment, except exceptions: [String: Treatment], alike: Bool, proposing: Bool,
        by reviewer: Reviewer, because reason: ReviewReason
    ) throws -> [Result] {
        let act = try act(configuration, needsTerms: true)
        defer { act.end() }
        let open = try index.read { held in try alike ? held.openAlike(name) : held.open(name) }
        for (treatment, records) in Dictionary(grouping: open, by: { exceptions[$0.id.rawValue] ?? treatment }) {
            try require(treatment, in: records)
        }
        let members = open.compactMap { record in
            record.inspected.map { inspected in
                let isMasked = (exceptions[record.id.rawValue] ?? treatment) != .asItIs
                return ContactSheetPlan.Member(record.id, inspected.summary, isMasked: isMasked)
            }
        }
        let sheets = ContactSheetPlan(members, rules: configuration.policy.report)
        let paths = open.compactMap { record in
            record.inspected.map { (act.output.releasedRelativePath($0.summary), record.id) }
        }
        let owners = Dictionary(paths, uniquingKeysWith: { first, _ in first })
        let results = Mutex<[Result]>([])
        try act.pool.run(open) { record, worker in
            let release = QuarantineRelease(
                act: act, treatment: exceptions[record.id.rawValue] ?? treatment, reviewer: reviewer, reason: reason,
                onlyProposes: proposing, sheets: sheets, owners: owners)
            let result = try release.release(record, with: worker)
            results.withLock { $0.append(result) }
        }
        try act.finish()
        return results.withLock { $0.sorted { $0.id < $1.id } }
    }

    /// A region that is to be switched off must be there, so that a slip of the pen isn't taken for a decision.
    private func require(_ treatment: Treatment, in records: [InstanceRecord]) throws {
        guard case .masked(_, let without) = treatment else { return }
        let known = records.flatMap { $0.inspected?.findings ?? [] }
            .map { HeldFinding($0, policy: configuration.policy) }
            .filter { $0.masking == .switchable }
        guard let missing = without.subtracting(known.map(\.id)).sorted().first else { return }
        throw PipelineError(
            .review, "there is no region \(missing.rawValue) that could be switched off",
            hint: "`quench quarantine show` lists the regions; `rescan` finds those of what was never inspected")
    }

    /// Inspects held instances again, with today's policy of the output and today's models; nothing is released by it.
    public func rescan(_ name: String, by reviewer: Reviewer, because reason: ReviewReason) throws {
        let act = try act(configuration, needsTerms: true)
        defer { act.end() }
        let open = try index.read { try $0.open(name) }
        let release = QuarantineRelease(
            act: act, treatment: .byPolicy, reviewer: reviewer, reason: reason,
            sheets: ContactSheetPlan([], rules: configuration.policy.report))
        try act.pool.run(open) { record, worker in try release.rescan(record, with: worker) }
        try act.finish()
    }
}

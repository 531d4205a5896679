import DICOMModel
public import Foundation
public import HeaderDeidentification
import Ledger

/// What is held in an output, and what people decide about it.
///
/// Each act takes the ledger's lock, writes what it did into the ledger with who and why, and makes a new receipt. Reports are
/// left to the caller.
public struct Quarantine: Sendable {
    let output: OutputFolder
    let configuration: RunConfiguration
    /// What is held; as it is now, also while an act is at work.
    let index: QuarantineIndex

    /// - Parameters:
    ///   - configuration: the policy, key, scripts and lists of the output's runs; see `policy(of:)`.
    ///   - isOfHeldAlone: for a process that does one thing and ends: nothing of the ledger is read but what is held. Not for
    ///     `withdraw`.
    /// - Throws: `PipelineError` where the folder is no output, or scripts and lists can't be read.
    public init(folder: String, configuration: RunConfiguration, isOfHeldAlone: Bool = false) throws {
        try configuration.checkSources()
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
        index =
            isOfHeldAlone
            ? QuarantineIndex(path: output.ledgerPath, policy: configuration.policy, isOfHeldAlone: true) { nil }
            : configuration.index(of: output)
    }

    /// The policy that an output was made with; the built-in one for an output of no run.
    public static func policy(of folder: String) throws -> Policy {
        try Policy.of(try Ledger.openReadOnly(path: try OutputFolder(existing: folder).ledgerPath).lastRun())
    }

    /// - Throws: `PipelineError` unless policy, key, scripts and lists are those of the output's runs, and there is a signing key
    ///   where its receipt is signed.
    public func requireSameTerms() throws {
        let ledger = try Ledger.openReadOnly(path: output.ledgerPath)
        try configuration.requireSameTerms(as: try ledger.lastRun())
        try configuration.requireSigner(as: ledger)
    }

    // MARK: - Looking

    /// Everything that is or was held, what has waited longest first.
    public func series() throws -> [HeldSeries] {
        try index.read { $0.series }
    }

    /// The Series of that name, or the one instance of it that is named. Six characters at the beginning or the end of a name
    /// are enough where they tell it from all others.
    ///
    /// - Throws: `PipelineError` with code `.review` where nothing, or more than one thing, is called so.
    public func series(named name: String) throws -> HeldSeries {
        try index.read { try $0.find(name).series }
    }

    /// The held Series, that of the name among them, whose images are all of the same device and size: modality, maker, model,
    /// rows and columns; so a banner stands at the same place on them.
    ///
    /// - Throws: `PipelineError` with code `.review` where nothing is called so, or where it is itself of more than one.
    public func series(like name: String) throws -> [HeldSeries] {
        try index.read { try $0.series(like: name) }
    }

    /// What the patient and the study of held instances are really called.
    public struct Identities: Sendable {
        /// Each once.
        public var links: [LinkRecord] = []
        /// Instances, by `HeldInstance.id`, of which nothing of the kind could be read, or whose original was deleted.
        public var unknown: [String] = []
    }

    /// Recorded, as every look is.
    ///
    /// - Throws: `PipelineError` with code `.key` where it isn't the key that they were sealed with.
    public func identities(of name: String, by reviewer: Reviewer) throws -> Identities {
        var configuration = configuration
        configuration.sources.wantsLinks = true
        let act = try act(configuration, needsTerms: true)
        defer { act.end() }
        let (_, records) = try index.read { try $0.find(name) }
        var identities = Identities()
        for record in records {
            if !record.originalIsDeleted, let link = try act.link(of: record) {
                if !identities.links.contains(link) { identities.links.append(link) }
            } else {
                identities.unknown.append(record.id.rawValue)
            }
        }
        try act.record(records, .lookedAt, by: reviewer, reason: "identity shown")
        try act.finish()
        return identities
    }

    /// Writes an original to a new file of mode 0600 outside the output, for a viewer. Recorded, as every look is.
    public func export(_ name: String, to path: String, by reviewer: Reviewer) throws {
        let act = try act(configuration)
        defer { act.end() }
        let (_, records) = try index.read { try $0.find(name) }
        guard let record = records.first, records.count == 1 else {
            throw PipelineError(.review, "name one instance to export, not a whole series")
        }
        try act.record([record], .lookedAt, by: reviewer, reason: "original exported")
        try act.export(record, to: path)
        try act.finish()
    }

    // MARK: - Deciding

    /// Marks what is held as under review.
    public func takeUp(_ name: String, by reviewer: Reviewer, because reason: ReviewReason) throws {
        try decide(name, .takenUp, by: reviewer, because: reason, deletingOriginals: false)
    }

    /// Keeps it out for good; its originals are deleted at once where that is asked for, else after the retention time.
    public func reject(
        _ name: String, by reviewer: Reviewer, because reason: ReviewReason, deletingOriginals: Bool
    ) throws {
        try decide(name, .rejected, by: reviewer, because: reason, deletingOriginals: deletingOriginals)
    }

    /// Keeps it out: whoever sent it is to correct it and send it again.
    public func sendBack(
        _ name: String, by reviewer: Reviewer, because reason: ReviewReason, deletingOriginals: Bool
    ) throws {
        try decide(name, .sentBack, by: reviewer, because: reason, deletingOriginals: deletingOriginals)
    }

    private func decide(
        _ name: String, _ action: Reviewed.Action, by reviewer: Reviewer, because reason: ReviewReason,
        deletingOriginals: Bool
    ) throws {
        let act = try act(configuration)
        defer { act.end() }
        let records = try index.read { try $0.open(name) }
        try act.record(records, action, by: reviewer, reason: reason.text)
        if deletingOriginals { try act.deleteOriginals(of: records, by: reviewer, reason: reason.text) }
        try act.finish()
    }

    /// Deletes the originals of what was decided, on request, and records it. What was to be deleted before and is still there
    /// goes as well.
    ///
    /// - Returns: how many.
    /// - Throws: `PipelineError` with code `.review` where a person still has to decide, or where there is none.
    public func delete(_ name: String, by reviewer: Reviewer, because reason: ReviewReason) throws -> Int {
        let act = try act(configuration)
        defer { act.end() }
        let (_, records) = try index.read { try $0.find(name) }
        guard !records.contains(where: \.isOpen) else {
            throw PipelineError(
                .review, "it waits for a decision: its original may still be needed",
                hint: "`quench quarantine reject` or `send-back` first; both take --delete")
        }
        let there = records.filter { !$0.originalIsDeleted }
        let left = records.filter { $0.originalIsDeleted && OutputFolder.exists(output.heldPath(of: $0.id)) }
        guard !(there + left).isEmpty else { throw PipelineError(.review, "there is no original of it in quarantine") }
        try act.deleteOriginals(of: there, by: reviewer, reason: reason.text)
        for record in left { try output.deleteHeld(record.id) }
        try act.finish()
        return there.count + left.count
    }

    /// Deletes the originals of what was decided longer ago than policy keeps them, and records it; also pictures that a
    /// withdrawal which was killed left in the ledger.
    ///
    /// - Returns: how many.
    public func purge(by reviewer: Reviewer, now: Date = Date()) throws -> Int {
        let act = try act(configuration)
        defer { act.end() }
        let days = configuration.policy.quarantine.retentionDays
        let oldest = now.addingTimeInterval(-86_400 * Double(days))
        let due = try index.read { $0.state }.instances.filter { record in
            guard record.reviewState?.isOpen == false, !record.originalIsDeleted,
                let decision = record.reviews.last(where: { $0.reviewed.action.isDecision })
            else { return false }
            return
                (try? Date(
                    decision.time, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)))
                .map { $0 <= oldest } ?? false
        }
        try act.deleteOriginals(of: due, by: reviewer, reason: "retention of \(days) days is over")
        try act.ledger.removeUnnamedBlobs()
        try act.finish()
        return due.count
    }

    func act(_ configuration: RunConfiguration, needsTerms: Bool = false) throws -> QuarantineAct {
        try QuarantineAct(output: output, configuration: configuration, needsTerms: needsTerms)
    }
}

internal import DICOMModel
public import Ledger

/// What became of the same files in two outputs. Files are matched by the SHA-256 of their content, so the two need not
/// share a key.
public struct ReportComparison: Hashable, Sendable, Encodable {
    /// A decision that turned out otherwise, and for how many files.
    public struct Change: Hashable, Sendable, Encodable {
        public var before: String
        public var after: String
        public var files: Int
    }

    /// A file that was decided otherwise.
    public struct Difference: Hashable, Sendable, Encodable {
        public var sourceSHA256: String
        public var modality: String
        public var before: String
        public var after: String
        public var reasonsBefore: [String]
        public var reasonsAfter: [String]
    }

    public var same = 0
    /// SHA-256 of files that were decided alike, with the same reasons, and masked in other places; ascending.
    public var maskedOtherwise: [String] = []
    public var onlyBefore = 0
    public var onlyAfter = 0
    public var policyChanged: Bool
    /// Names of software and models whose version isn't the same.
    public var versionsChanged: [String]
    /// The most frequent first.
    public var changes: [Change] = []
    /// By SHA-256.
    public var differences: [Difference] = []

    public init(before: LedgerState, after: LedgerState) {
        let (first, second) = (before.runs.last?.started, after.runs.last?.started)
        policyChanged = first?.policyDigest != second?.policyDigest
        let versions = (first?.versions ?? [:], second?.versions ?? [:])
        versionsChanged = Set(versions.0.keys).union(versions.1.keys).filter { versions.0[$0] != versions.1[$0] }
            .sorted()
        let (old, new) = (Self.byContent(before), Self.byContent(after))
        onlyBefore = old.keys.count { new[$0] == nil }
        onlyAfter = new.keys.count { old[$0] == nil }
        var counts: [Change: Int] = [:]
        for (content, record) in old.sorted(by: { $0.key < $1.key }) {
            guard let other = new[content] else { continue }
            let (was, became) = (Self.decision(record), Self.decision(other))
            if was == became, record.reasons == other.reasons {
                if Self.masks(record) == Self.masks(other) { same += 1 } else { maskedOtherwise.append(content) }
                continue
            }
            counts[Change(before: was, after: became, files: 0), default: 0] += 1
            differences.append(
                Difference(
                    sourceSHA256: content,
                    modality: record.inspected?.summary.modality ?? other.inspected?.summary.modality ?? "",
                    before: was,
                    after: became, reasonsBefore: record.reasons.map(\.rawValue),
                    reasonsAfter: other.reasons.map(\.rawValue)))
        }
        changes = counts.map { Change(before: $0.key.before, after: $0.key.after, files: $0.value) }
            .sorted { ($1.files, $0.before, $0.after) < ($0.files, $1.before, $1.after) }
    }

    /// A line for each kind of change, then the sum.
    public var text: String {
        var lines = changes.map { change in
            let what =
                change.before == change.after
                ? "\(change.before), for other reasons" : "\(change.before) -> \(change.after)"
            return "\(ReportHeadline.grouped(change.files))  \(what)"
        }
        let masked = maskedOtherwise.isEmpty ? "" : "\(maskedOtherwise.count) masked otherwise, "
        lines.append(
            "\(same) files as before, \(differences.count) decided otherwise, \(masked)\(onlyBefore) only in the first, "
                + "\(onlyAfter) only in the second.")
        lines.append(policyChanged ? "The policies differ." : "The policies are the same.")
        if !versionsChanged.isEmpty { lines.append("Other versions: " + versionsChanged.joined(separator: ", ")) }
        return lines.joined(separator: "\n")
    }

    /// Of equal files the first one counts: the others are duplicates of it.
    private static func byContent(_ state: LedgerState) -> [String: InstanceRecord] {
        var records: [String: InstanceRecord] = [:]
        for record in state.instances {
            guard let content = record.received?.sourceSHA256, !content.isEmpty else { continue }
            if let known = records[content], known.reasons != ["duplicate-identical"] { continue }
            records[content] = record
        }
        return records
    }

    private static func masks(_ record: InstanceRecord) -> Set<MaskedRegion> { Set(record.redacted?.regions ?? []) }

    private static func decision(_ record: InstanceRecord) -> String { record.outcome?.rawValue ?? "unfinished" }
}

import DICOMModel
import DeviceRules
public import Ledger
import Synchronization

/// What is held, kept in memory and brought up to date by reading only what the ledger got since: for a page that is open
/// while the ledger grows.
public final class QuarantineIndex: Sendable {
    private let ledger: Ledger
    private let policy: Policy
    private let content = Mutex(Content())

    private struct Content {
        var state = LedgerState()
        var head: LedgerHead?
        /// By what makes a Series: its instances, and its place in `series`.
        var groups: [[String]: [InstanceID]] = [:]
        var places: [[String]: Int] = [:]
        var keys: [InstanceID: [String]] = [:]
        /// What has waited longest first.
        var series: [HeldSeries] = []
        /// Changes with `series`.
        var revision = 0
    }

    /// - Throws: `PipelineError` where the folder is no output, `LedgerError` where its ledger can't be read.
    public init(folder: String, policy: Policy) throws {
        ledger = try Ledger.openReadOnly(path: try OutputFolder(existing: folder).ledgerPath)
        self.policy = policy
    }

    /// Everything that is or was held, a number that changes with it, and what the ledger adds up to.
    ///
    /// - Throws: `LedgerError`.
    public func current() throws -> (series: [HeldSeries], revision: Int, state: LedgerState) {
        try content.withLock { content in
            try refresh(&content)
            return (content.series, content.revision, content.state)
        }
    }

    /// How many other Series wait whose images are all of the same device and size as those of this one.
    public func alike(_ series: HeldSeries) throws -> Int {
        let (all, _, state) = try current()
        guard let format = DeviceFormat(of: series, in: state) else { return 0 }
        return all.count { $0.name != series.name && format.isOfOpen($0, in: state) }
    }

    private func refresh(_ content: inout Content) throws {
        // A ledger that was rolled back, or written anew, is read from the beginning.
        if let head = content.head, try !ledger.holds(head) { content = Content(revision: content.revision + 1) }
        var changed: Set<InstanceID> = []
        let first = content.head?.sequence ?? 0
        guard let head = try ledger.head(), head != content.head else { return }
        try ledger.forEachEvent(after: first) { event in
            guard event.sequence <= head.sequence else { return }
            try content.state.apply(event)
            if let id = event.instance, event.entry.kind != .viewed { changed.insert(id) }
        }
        content.head = head
        regroup(changed, in: &content)
    }

    private func regroup(_ changed: Set<InstanceID>, in content: inout Content) {
        var keys: Set<[String]> = []
        for id in changed {
            guard let record = content.state[id], record.heldSince != nil else { continue }
            let key = record.seriesKey
            keys.insert(key)
            let old = content.keys.updateValue(key, forKey: id)
            guard old != key else { continue }
            content.groups[key, default: []].append(id)
            // Until its header was read, it was a Series by itself.
            if let old { content.groups[old] = nil }
        }
        guard !keys.isEmpty else { return }
        content.revision += 1
        var isOrdered = content.places.count == content.groups.count
        for key in keys {
            let records = (content.groups[key] ?? []).compactMap { content.state[$0] }
            let series = HeldSeries(records, policy: policy)
            if let place = content.places[key] {
                content.series[place] = series
            } else {
                content.places[key] = content.series.count
                content.series.append(series)
                isOrdered = false
            }
        }
        if !isOrdered { Self.order(&content) }
    }

    private static func order(_ content: inout Content) {
        let kept = content.places.filter { content.groups[$0.key] != nil }
        let ordered = kept.map { (key: $0.key, series: content.series[$0.value]) }
            .sorted { ($0.series.heldSince, $0.series.name) < ($1.series.heldSince, $1.series.name) }
        content.series = ordered.map(\.series)
        content.places = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.key, $0) })
    }
}

extension InstanceRecord {
    /// What tells its Series from others: pseudonyms, or its own name where its header couldn't be read.
    var seriesKey: [String] {
        guard let summary = inspected?.summary, !summary.series.isEmpty else { return [id.rawValue] }
        return summary.seriesKey
    }
}

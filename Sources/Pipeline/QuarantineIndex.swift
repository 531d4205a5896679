import DICOMModel
import DeviceRules
public import Ledger
import Synchronization

/// What is held, kept in memory and brought up to date by reading only what the ledger got since: for a page that is open
/// while the ledger grows.
public final class QuarantineIndex: Sendable {
    /// What is held, as the ledger has it at some moment.
    public struct Held: Sendable {
        /// What the ledger adds up to.
        public fileprivate(set) var state = LedgerState()
        /// Everything that is or was held, what has waited longest first.
        public fileprivate(set) var series: [HeldSeries] = []
        /// Changes with `series`.
        public fileprivate(set) var revision = 0
        fileprivate var head: LedgerHead?
        /// By what makes a Series: its instances, and its place in `series`.
        fileprivate var groups: [[String]: [InstanceID]] = [:]
        fileprivate var places: [[String]: Int] = [:]
        fileprivate var keys: [InstanceID: [String]] = [:]
    }

    private let ledger: Ledger
    private let policy: Policy
    private let held = Mutex(Held())

    /// - Throws: `PipelineError` where the folder is no output, `LedgerError` where its ledger can't be read.
    public init(folder: String, policy: Policy) throws {
        ledger = try Ledger.openReadOnly(path: try OutputFolder(existing: folder).ledgerPath)
        self.policy = policy
    }

    /// Calls `body` with what is held now; nobody else is answered meanwhile, and a copy that is kept makes the next change dear.
    ///
    /// - Throws: `LedgerError`, and what `body` throws.
    public func read<Result>(_ body: (Held) throws -> Result) throws -> Result {
        try held.withLock { held in
            do {
                try refresh(&held)
            } catch {
                // Some of the events are in it already, and its head doesn't say so: the next time begins anew.
                held = Held(revision: held.revision + 1)
                throw error
            }
            return try body(held)
        }
    }

    private func refresh(_ held: inout Held) throws {
        // A ledger that was rolled back, or written anew, is read from the beginning.
        if let head = held.head, try !ledger.holds(head) { held = Held(revision: held.revision + 1) }
        var changed: Set<InstanceID> = []
        let first = held.head?.sequence ?? 0
        guard let head = try ledger.head(), head != held.head else { return }
        try ledger.forEachEvent(after: first) { event in
            guard event.sequence <= head.sequence else { return }
            try held.state.apply(event)
            if let id = event.instance, event.entry.kind != .viewed { changed.insert(id) }
        }
        held.head = head
        held.regroup(changed, policy: policy)
    }
}

extension QuarantineIndex.Held {
    fileprivate init(revision: Int) {
        self.revision = revision
    }

    /// How many other Series wait whose images are all of the same device and size as those of this one.
    package func alike(_ series: HeldSeries) -> Int {
        guard let format = DeviceFormat(of: series, in: state) else { return 0 }
        return self.series.count { $0.name != series.name && format.isOfOpen($0, in: state) }
    }

    fileprivate mutating func regroup(_ changed: Set<InstanceID>, policy: Policy) {
        var keys: Set<[String]> = []
        for id in changed {
            guard let record = state[id], record.heldSince != nil else { continue }
            let key = record.seriesKey
            keys.insert(key)
            let old = self.keys.updateValue(key, forKey: id)
            guard old != key else { continue }
            groups[key, default: []].append(id)
            // Until its header was read, it was a Series by itself.
            if let old { groups[old] = nil }
        }
        guard !keys.isEmpty else { return }
        revision += 1
        var isOrdered = places.count == groups.count
        for key in keys {
            let records = (groups[key] ?? []).compactMap { state[$0] }
            let series = HeldSeries(records, policy: policy)
            if let place = places[key] {
                self.series[place] = series
            } else {
                places[key] = self.series.count
                self.series.append(series)
                isOrdered = false
            }
        }
        if !isOrdered { order() }
    }

    private mutating func order() {
        let ordered = places.filter { groups[$0.key] != nil }
            .map { (key: $0.key, series: series[$0.value]) }
            .sorted { ($0.series.heldSince, $0.series.name) < ($1.series.heldSince, $1.series.name) }
        series = ordered.map(\.series)
        places = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.key, $0) })
    }
}

extension InstanceRecord {
    /// What tells its Series from others: pseudonyms, or its own name where its header couldn't be read.
    var seriesKey: [String] {
        guard let summary = inspected?.summary, !summary.series.isEmpty else { return [id.rawValue] }
        return summary.seriesKey
    }
}

import DICOMModel
import DeviceRules
public import Ledger

extension QuarantineIndex {
    /// What is held, as the ledger has it at some moment.
    public struct Held: Sendable {
        let policy: Policy
        /// What the ledger adds up to.
        public private(set) var state = LedgerState()
        /// Everything that is or was held, what has waited longest first.
        public private(set) var series: [HeldSeries] = []
        /// Changes with `series`.
        public private(set) var revision: Int
        /// By what makes a Series: its instances, and its place in `series`.
        private var groups: [[String]: [InstanceID]] = [:]
        private var places: [[String]: Int] = [:]
        private var keys: [InstanceID: [String]] = [:]
        /// By the path in the output.
        private var released: [String: InstanceID] = [:]

        init(policy: Policy, revision: Int = 0) {
            self.policy = policy
            self.revision = revision
        }
    }
}

// MARK: - Asking

extension QuarantineIndex.Held {
    /// The Series of that name, or the one instance of it that is named, with its records. Six characters at the beginning, or
    /// behind `2.25.`, or at the end of a name are enough where they tell it from all others; an instance is also found by the first digits of its
    /// input's SHA-256.
    ///
    /// - Throws: `PipelineError` with code `.review` where nothing, or more than one thing, is called so.
    func find(_ name: String) throws -> (series: HeldSeries, records: [InstanceRecord]) {
        var found = series.filter { Self.isMeant($0.name, by: name) }.map { $0.instances.map(\.id) }
        if found.isEmpty {
            found = series.flatMap { series in
                series.instances.filter { Self.isMeant($0.id, by: name) || Self.isMeant($0.instance, by: name) }
                    .map { [$0.id] }
            }
        }
        if found.isEmpty {
            // As the report names what is held: by the first digits of the input's SHA-256.
            found = series.flatMap { series in
                series.instances.filter { isInput(name, of: state[InstanceID(rawValue: $0.id)]) }.map { [$0.id] }
            }
        }
        guard let ids = found.first, found.count == 1 else {
            throw Self.unclear(found.count, "held", hint: "`quench quarantine list` shows the names")
        }
        let records = ids.compactMap { state[InstanceID(rawValue: $0)] }
        return (HeldSeries(records, policy: policy), records)
    }

    /// What was released by that name: of a whole Series, or one instance; found as `find` finds.
    ///
    /// - Throws: `PipelineError` with code `.review` where nothing, or more than one thing, is called so.
    func released(_ name: String) throws -> [InstanceRecord] {
        let released = state.instances.filter { $0.released != nil }
        var found = Dictionary(
            grouping: released.filter { Self.isMeant($0.inspected?.summary.series, by: name) }, by: \.seriesKey
        ).values.map { $0 }
        if found.isEmpty {
            found = released.filter {
                Self.isMeant($0.id.rawValue, by: name) || Self.isMeant($0.inspected?.summary.instance, by: name)
            }.map { [$0] }
        }
        if found.isEmpty { found = released.filter { isInput(name, of: $0) }.map { [$0] } }
        guard let records = found.first, found.count == 1 else {
            throw Self.unclear(
                found.count, "released", hint: "`report/instances.csv` and `quench sample status` show the names")
        }
        return records
    }

    private static func isMeant(_ other: String?, by name: String) -> Bool {
        guard let other, !other.isEmpty else { return false }
        return other == name
            || name.count >= 6
                && (other.hasPrefix(name) || other.hasSuffix(name) || other.hasPrefix("2.25." + name))
    }

    private func isInput(_ name: String, of record: InstanceRecord?) -> Bool {
        guard name.count >= 6, let received = record?.received else { return false }
        return received.sourceSHA256.hasPrefix(name)
    }

    private static func unclear(_ count: Int, _ what: String, hint: String) -> PipelineError {
        PipelineError(
            .review, count == 0 ? "nothing that is \(what) has this name" : "more than one thing has this name",
            hint: hint)
    }

    /// What of a name still waits for a person.
    ///
    /// - Throws: `PipelineError` with code `.review`, as `find` does, and where all of it is decided.
    func open(_ name: String) throws -> [InstanceRecord] {
        let open = try find(name).records.filter(\.isOpen)
        guard !open.isEmpty else {
            throw PipelineError(
                .review, "it was decided before", hint: "`quench quarantine show` says by whom")
        }
        return open
    }

    /// The held Series, that of the name among them, whose images are all of the same device and size.
    ///
    /// - Throws: `PipelineError` with code `.review` where nothing is called so, or where it is itself of more than one.
    func series(like name: String) throws -> [HeldSeries] {
        guard let format = DeviceFormat(of: try find(name).series, in: state) else {
            throw PipelineError(.review, "not all of its images are of one device and one size")
        }
        return series.filter { format.isOfOpen($0, in: state) }
    }

    /// What still waits of a name, and of all Series that are like it.
    ///
    /// - Throws: as `open` and `series(like:)` do.
    func openAlike(_ name: String) throws -> [InstanceRecord] {
        let named = try open(name)
        let ids = Set(named.map(\.id))
        let others = try series(like: name).flatMap(\.instances).compactMap { state[InstanceID(rawValue: $0.id)] }
        return named + others.filter { $0.isOpen && !ids.contains($0.id) }
    }

    /// How many other Series wait whose images are all of the same device and size as those of this one.
    package func alike(_ series: HeldSeries) -> Int {
        guard let format = DeviceFormat(of: series, in: state) else { return 0 }
        return self.series.count { $0.name != series.name && format.isOfOpen($0, in: state) }
    }

    /// Whether another instance was released under this path.
    func isTaken(_ path: String, for id: InstanceID) -> Bool { released[path].map { $0 != id } ?? false }
}

// MARK: - Following the ledger

extension QuarantineIndex.Held {
    /// Takes in the next event; `regroup` has to follow once all are in.
    mutating func apply(_ event: LedgerEvent) throws {
        if case .reviewed(let reviewed) = event.entry, reviewed.action == .withdrawn,
            let file = event.instance.flatMap({ state[$0] })?.released
        {
            released[file.path] = nil
        }
        try state.apply(event)
        if case .released(let file) = event.entry { released[file.path] = event.instance }
    }

    mutating func regroup(_ changed: [InstanceID]) {
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
    fileprivate var seriesKey: [String] {
        guard let summary = inspected?.summary, !summary.series.isEmpty else { return [id.rawValue] }
        return summary.seriesKey
    }

    /// Whether a person still has to decide about it.
    var isOpen: Bool { reviewState?.isOpen == true }
}

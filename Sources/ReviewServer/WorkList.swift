import Ledger
import Pipeline

/// The held Series as a list to work through, with what it can be filtered by.
struct WorkList: Sendable {
    /// One Series.
    struct Row: Sendable, Encodable {
        var name: String
        var modality: String
        var kind: String
        var device: String
        /// ISO 8601, UTC.
        var heldSince: String
        var reasons: [String]
        /// `held`, `under-review`, `second-person-needed`, `decided`.
        var state: String
        var instances: Int
        /// The most frames that one of them has.
        var frames: Int
        /// Who wait for a second person.
        var proposedBy: [String]

        var isOpen: Bool { state != "decided" }
    }

    /// What a reader chose; nil and empty leave all.
    struct Filter: Sendable {
        var state: String?
        var reason: String?
        var modality: String?
        var device: String?
        /// Part of a name, a kind or a device.
        var text: String?
    }

    /// Values with how many open Series have them, most first.
    struct Facet: Sendable, Encodable {
        var value: String
        var count: Int
    }

    /// What the page gets.
    struct Part: Sendable, Encodable {
        var rows: [Row]
        /// How many pass the filter.
        var total: Int
        var open: Int
        var decided: Int
        var reasons: [Facet]
        var modalities: [Facet]
        var devices: [Facet]
    }

    static let partSize = 100

    private let rows: [Row]
    private let open: Int
    private let reasons: [Facet]
    private let modalities: [Facet]
    private let devices: [Facet]

    /// - Parameter series: what has waited longest first.
    init(_ series: [HeldSeries]) {
        rows = series.map(Row.init)
        let waiting = rows.filter(\.isOpen)
        open = waiting.count
        reasons = Self.facets(waiting.lazy.flatMap(\.reasons))
        modalities = Self.facets(waiting.lazy.map(\.modality))
        devices = Self.facets(waiting.lazy.map(\.device))
    }

    func part(_ filter: Filter, from offset: Int) -> Part {
        let words = (filter.text ?? "").lowercased()
        let found = rows.filter { row in
            let isOfState =
                switch filter.state ?? "open" {
                case "open": row.isOpen
                case "all": true
                case let state: row.state == state
                }
            return isOfState && (filter.reason.map(row.reasons.contains) ?? true)
                && (filter.modality.map { $0 == row.modality } ?? true)
                && (filter.device.map { $0 == row.device } ?? true) && (words.isEmpty || row.holds(words))
        }
        return Part(
            rows: Array(found.dropFirst(offset).prefix(Self.partSize)), total: found.count, open: open,
            decided: rows.count - open, reasons: reasons, modalities: modalities, devices: devices)
    }

    private static func facets(_ values: some Sequence<String>) -> [Facet] {
        var counts: [String: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.map { Facet(value: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.value) < ($0.count, $1.value) }
    }
}

extension WorkList.Row {
    init(_ series: HeldSeries) {
        name = series.name
        modality = series.modality
        kind = series.kind
        device = series.device
        heldSince = series.heldSince
        reasons = series.reasons
        instances = series.instances.count
        frames = series.instances.compactMap(\.frames).max() ?? 0
        proposedBy = Set(series.instances.compactMap(\.proposedBy)).sorted()
        let open = series.instances.filter(\.state.isOpen)
        state =
            if open.isEmpty {
                "decided"
            } else if !proposedBy.isEmpty {
                "second-person-needed"
            } else {
                open.contains { $0.state == .underReview } ? "under-review" : "held"
            }
    }

    fileprivate func holds(_ words: String) -> Bool {
        [name, kind, device].contains { $0.lowercased().contains(words) }
    }
}

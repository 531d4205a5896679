import Ledger

/// What images must have in common for a banner to stand at the same place on them.
struct DeviceFormat: Hashable, Sendable {
    var modality: String
    var manufacturer: String
    var model: String
    var rows: Int
    var columns: Int

    /// Nil for what has no pixels, or a header that can't be read.
    init?(_ summary: InstanceSummary) {
        guard let rows = summary.rows, let columns = summary.columns else { return nil }
        modality = summary.modality
        manufacturer = summary.manufacturer
        model = summary.model
        self.rows = rows
        self.columns = columns
    }

    init?(_ record: InstanceRecord) {
        guard let summary = record.inspected?.summary else { return nil }
        self.init(summary)
    }
}

extension DeviceFormat {
    /// What all instances of a Series have in common; nil where they don't.
    init?(of series: HeldSeries, in state: LedgerState) {
        let formats = Set(series.instances.map { state[InstanceID(rawValue: $0.id)].flatMap(DeviceFormat.init) })
        guard let format = formats.first ?? nil, formats.count == 1 else { return nil }
        self = format
    }

    /// Whether all that waits for a person in a Series is of it.
    func isOfOpen(_ series: HeldSeries, in state: LedgerState) -> Bool {
        let open = series.instances.filter(\.state.isOpen)
        return !open.isEmpty
            && open.allSatisfy { state[InstanceID(rawValue: $0.id)].flatMap(DeviceFormat.init) == self }
    }
}

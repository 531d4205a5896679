import DeviceRules
import Ledger

extension DeviceFormat {
    init(_ summary: InstanceSummary) {
        self.init(
            modality: summary.modality, manufacturer: summary.manufacturer, model: summary.model, rows: summary.rows,
            columns: summary.columns)
    }

    /// Nil for what has no pixels, or a header that can't be read.
    init?(_ record: InstanceRecord) {
        guard let summary = record.inspected?.summary, summary.rows != nil, summary.columns != nil else { return nil }
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

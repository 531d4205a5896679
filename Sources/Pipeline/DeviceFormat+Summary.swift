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

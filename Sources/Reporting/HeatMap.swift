internal import DICOMModel
internal import Ledger

/// Where text was masked on the images of one kind of device: how many instances had a mask in each cell of a grid that is
/// laid over the image, whatever its size.
struct HeatMap {
    struct Key: Hashable, Comparable {
        var modality: String
        var manufacturer: String
        var model: String

        var text: String {
            [modality, manufacturer, model].filter { !$0.isEmpty }.joined(separator: " ")
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.modality, left.manufacturer, left.model) < (right.modality, right.manufacturer, right.model)
        }
    }

    static let columns = 32
    static let rows = 24

    /// Row by row from the top left.
    private(set) var counts = [Int](repeating: 0, count: columns * rows)
    private(set) var instances = 0

    mutating func add(_ regions: [PixelRegion], rows imageRows: Int?, columns imageColumns: Int?) {
        guard let imageRows, let imageColumns, imageRows > 0, imageColumns > 0, !regions.isEmpty else { return }
        instances += 1
        var touched: Set<Int> = []
        for region in regions where !region.isEmpty {
            let across = Self.cells(region.x, region.width, of: imageColumns, in: Self.columns)
            let down = Self.cells(region.y, region.height, of: imageRows, in: Self.rows)
            for row in down { for column in across { touched.insert(row * Self.columns + column) } }
        }
        for cell in touched { counts[cell] += 1 }
    }

    /// The cells that a stretch of an image meets; empty for one that lies outside, as a damaged ledger may have it.
    private static func cells(_ start: Int, _ length: Int, of size: Int, in count: Int) -> Range<Int> {
        guard start < size, length > 0 else { return 0..<0 }
        let first = max(0, start)
        let (end, overflow) = start.addingReportingOverflow(length)
        let last = min(size, overflow ? size : end)
        guard last > first else { return 0..<0 }
        let scale = Double(count) / Double(size)
        let low = Int(Double(first) * scale)
        let high = Int((Double(last) * scale).rounded(.up))
        return low..<max(low, min(count, high))
    }
}

/// How long each stage took, over all instances, in milliseconds of one worker.
struct StageTimes {
    private(set) var inspecting = 0
    private(set) var redacting = 0
    private(set) var verifying = 0

    mutating func add(_ record: InstanceRecord) {
        inspecting = inspecting.addingClamped(record.inspected?.milliseconds ?? 0)
        redacting = redacting.addingClamped(record.redacted?.milliseconds ?? 0)
        verifying = verifying.addingClamped(record.verified?.milliseconds ?? 0)
    }
}

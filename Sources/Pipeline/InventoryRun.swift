import DICOMModel
import Foundation
import HeaderDeidentification
import Synchronization

/// `quench inventory`: every distinct Attribute of a set of files, for the check that people do by eye.
public struct InventoryRun: Sendable {
    /// One Attribute, wherever it stands in the same sequences.
    public struct Row: Sendable, Encodable {
        /// `(0008,1140)/(0008,1155)`, without the numbers of items.
        public var path: String
        public var keyword: String?
        public var vr: String
        /// Files that have it.
        public var files: Int
        /// How often it stands there.
        public var count: Int
        /// Different values, the empty one included.
        public var distinctValues: Int
        /// Detector → how many of the different values trip it.
        public var detectors: [String: Int]
        /// At most 20, only where values were asked for.
        public var values: [String]?
    }

    public struct Result: Sendable, Encodable {
        public var rows: [Row]
        public var files: Int
        public var notDICOM: Int
        /// Files that could not be read: nothing is known of them.
        public var failed: Int
    }

    private let configuration: RunConfiguration
    private let paths: [String]

    /// - Throws: `PipelineError` with code `.input` for paths that don't exist.
    public init(paths: [String], configuration: RunConfiguration) throws {
        self.configuration = configuration
        self.paths = try InputFiles(paths).paths
    }

    public func run(showsValues: Bool) throws -> Result {
        let table = Mutex(InventoryTable(showsValues: showsValues))
        let progress = ProgressCounter(.inspecting, total: paths.count, listener: configuration.progress)
        try configuration.ask(
            paths, progress: progress, question: { .inventory(path: $0, showsValues: showsValues) },
            each: { _, response in table.withLock { $0.add(response) } })
        guard !configuration.interruption.isRequested else { throw PipelineError(.interrupted, "interrupted") }
        return table.withLock { $0.result }
    }
}

/// Adds up what workers say of single files.
struct InventoryTable {
    private struct Key: Hashable {
        let path: String
        let vr: String
    }

    private struct Sum {
        var keyword: String?
        var files = 0
        var count = 0
        /// Token → the detectors that its value trips.
        var values: [String: [String]] = [:]
        var shown: Set<String> = []
    }

    private static let shownValues = 20

    let showsValues: Bool
    private var sums: [Key: Sum] = [:]
    private var files = 0
    private var notDICOM = 0
    private var failed = 0

    init(showsValues: Bool) {
        self.showsValues = showsValues
    }

    mutating func add(_ response: WorkerResponse) {
        switch response {
        case .inventoried(let entries):
            files += 1
            for entry in entries { add(entry) }
        case .failed("not-dicom"): notDICOM += 1
        default: failed += 1
        }
    }

    private mutating func add(_ entry: InventoryEntry) {
        var sum = sums[Key(path: entry.path, vr: entry.vr)] ?? Sum(keyword: entry.keyword)
        sum.files += 1
        sum.count += entry.count
        for value in entry.values {
            sum.values[value.token] = value.detectors
            if let text = value.text, sum.shown.count < Self.shownValues { sum.shown.insert(text) }
        }
        sums[Key(path: entry.path, vr: entry.vr)] = sum
    }

    var result: InventoryRun.Result {
        let rows = sums.map { key, sum in
            InventoryRun.Row(
                path: key.path, keyword: sum.keyword, vr: key.vr, files: sum.files, count: sum.count,
                distinctValues: sum.values.count,
                detectors: sum.values.values.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 },
                values: showsValues ? sum.shown.sorted() : nil)
        }
        return InventoryRun.Result(
            rows: rows.sorted { ($0.path, $0.vr) < ($1.path, $1.vr) }, files: files, notDICOM: notDICOM, failed: failed)
    }
}

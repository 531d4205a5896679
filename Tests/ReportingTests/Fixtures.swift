import DICOMModel
import Foundation
import Ledger
import Reporting

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/quench-report-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }
}

/// One instance of a made-up run.
struct Sample {
    var series: String
    var instance: String
    var modality = "CT"
    var manufacturer = "Maker"
    var kind = "image"
    var frames = 1
    var findings: [Finding] = []
    var notChecked: [ReasonCode] = []
    /// Nil for an instance whose way the run never ended.
    var outcome: Outcome?
    var reasons: [ReasonCode] = []
    var regions: [MaskedRegion] = []
    var changes: [String] = []
    var pictures: Pictures?

    var id: InstanceID { InstanceID(rawValue: "id-" + series + "-" + instance) }

    var events: [(InstanceID?, LedgerEntry)] {
        let summary = InstanceSummary(
            patient: "Q-" + String(series.prefix(1)), study: "study-" + String(series.prefix(1)), series: series,
            instance: instance, modality: modality, sopClassUID: "1.2.840.10008.5.1.4.1.1.2",
            transferSyntaxUID: "1.2.840.10008.1.2.1", seriesKind: kind, manufacturer: manufacturer, model: "M1",
            rows: 512, columns: 512, numberOfFrames: frames, photometricInterpretation: "MONOCHROME2")
        var events: [LedgerEntry] = [.received(Received(sourceSHA256: "sha-" + instance, byteCount: 10))]
        if outcome != .notDICOM {
            events.append(
                .inspected(
                    Inspected(
                        summary: summary, framesExamined: frames, findings: findings, reasons: [],
                        notChecked: notChecked, smallestGlyphHeight: 7, milliseconds: 5)))
            events.append(.decided(Decided(outcome: outcome ?? .released, reasons: reasons)))
        }
        switch outcome {
        case .released, .releasedMasked:
            events.append(
                .redacted(
                    Redacted(
                        transferSyntaxUID: "1.2.840.10008.1.2.1", regions: regions, changedFrames: 0, changes: changes,
                        pictures: pictures, milliseconds: 5)))
            events.append(
                .released(
                    Released(
                        path: "released/\(series)/\(instance).dcm", sha256: "out", masked: outcome == .releasedMasked)))
        case .quarantined: events.append(.quarantined(Quarantined(reasons: reasons)))
        case .rejected: events.append(.rejected(Rejected(reasons: reasons)))
        case .notDICOM: events.append(.notDICOM(NotDICOM(reasons: reasons)))
        case nil: break
        }
        return events.map { (id, $0) }
    }
}

enum Samples {
    static let runStarted = RunStarted(
        versions: ["quench": "0.1.0", "model:eng": "feed"], policyDigest: "c0ffee",
        policy: "findings:\n  marker: keep\n",
        keyID: "k1", deidentification: ["113100": "Basic Application Confidentiality Profile"])

    static func finding(
        _ category: FindingCategory, _ region: PixelRegion = PixelRegion(x: 10, y: 10, width: 100, height: 12),
        frames: [Int] = [1]
    ) -> Finding {
        Finding(
            region: region, frames: frames.compactMap { FrameNumber($0) }, category: category, source: .pixels,
            engine: "tesseract", score: 0.5)
    }

    /// Five series: two released, one of them masked; one rejected; one held; one in part; and a text file.
    static let mixed: [Sample] = [
        Sample(series: "a1", instance: "1", outcome: .released),
        Sample(series: "a1", instance: "2", outcome: .released),
        Sample(
            series: "b1", instance: "3", modality: "US", frames: 3, findings: [finding(.identifier), finding(.marker)],
            outcome: .releasedMasked, reasons: ["text-found"],
            regions: [
                MaskedRegion(frames: [FrameNumber(index: 0)], region: PixelRegion(x: 8, y: 8, width: 104, height: 16))
            ]),
        Sample(series: "b2", instance: "4", kind: "dose-page", outcome: .rejected, reasons: ["dose-page"]),
        Sample(
            series: "b3", instance: "5", modality: "ES", notChecked: ["video"], outcome: .quarantined,
            reasons: ["video"]),
        Sample(series: "c1", instance: "6", outcome: .released),
        Sample(series: "c1", instance: "7", outcome: .quarantined, reasons: ["truncated", "text-left"]),
        Sample(series: "", instance: "8", outcome: .notDICOM, reasons: ["no-dicom-header"]),
    ]

    static func ledger(_ samples: [Sample], inputs: Int? = nil, interrupted: Bool = false) throws -> Ledger {
        let ledger = try Ledger.inMemory()
        try ledger.append([(nil, .runStarted(runStarted))] + samples.flatMap(\.events))
        try ledger.append(.runFinished(RunFinished(inputs: inputs ?? samples.count, interrupted: interrupted)))
        return ledger
    }

    /// Writes the report of a run over `samples` and gives the folder.
    static func write(_ samples: [Sample], options: ReportOptions = ReportOptions()) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Report(ledger: try ledger(samples), options: options).write(to: folder.path)
        return folder
    }
}

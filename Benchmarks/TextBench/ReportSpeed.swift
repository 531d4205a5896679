import DICOMModel
import Foundation
import Ledger
import Reporting

/// Fills a ledger with made-up instances, forty to a Series, a tenth of them masked and a hundredth held, and prints how long
/// it takes to replay and verify it and to write the report.
func measureReport(instances count: Int) throws {
    let folder = NSTemporaryDirectory() + "/quench-bench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder + "/report", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clock = ContinuousClock()
    func timed<Result>(_ what: String, _ body: () throws -> Result) rethrows -> Result {
        let start = clock.now
        defer {
            print(
                "\(what): \((clock.now - start).formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 2))))"
            )
        }
        return try body()
    }
    let ledger = try Ledger(path: folder + "/ledger.sqlite")
    try timed("filling the ledger, \(count) instances") {
        let started = RunStarted(
            versions: ["quench": "bench"], policyDigest: "00", policy: "version: 1\n", keyID: "00",
            deidentification: [:])
        try ledger.append(.runStarted(started))
        for start in stride(from: 0, to: count, by: 500) {
            try ledger.append((start..<min(start + 500, count)).flatMap(syntheticEvents))
        }
        try ledger.append(.runFinished(RunFinished(inputs: count, interrupted: false)))
    }
    let report = try timed("replaying, verifying, adding up") { try Report(ledger: ledger) }
    try timed("writing the report") { try report.write(to: folder + "/report") }
    print(report.headline)
}

func syntheticEvents(_ number: Int) -> [(InstanceID?, LedgerEntry)] {
    let id = InstanceID(rawValue: "id-\(number)")
    let series = number / 40
    let isMasked = number % 10 == 0
    let summary = InstanceSummary(
        patient: "Q-\(series / 20)", study: "2.25.1.\(series / 5)", series: "2.25.2.\(series)",
        instance: "2.25.3.\(number)",
        modality: ["CT", "MR", "US", "CR"][series % 4], sopClassUID: "1.2.840.10008.5.1.4.1.1.2",
        transferSyntaxUID: "1.2.840.10008.1.2.1", seriesKind: "image", manufacturer: "MAKER", model: "M\(series % 7)",
        rows: 512, columns: 512, numberOfFrames: 1, photometricInterpretation: "MONOCHROME2")
    let frame = [FrameNumber(index: 0)]
    let region = PixelRegion(x: number % 300, y: number % 17, width: 120, height: 14)
    let findings =
        isMasked
        ? [Finding(region: region, frames: frame, category: .identifier, source: .pixels, engine: "bench", score: 0.9)]
        : []
    var events: [LedgerEntry] = [
        .received(Received(sourceSHA256: "sha-\(number)", byteCount: 500_000)),
        .inspected(
            Inspected(
                summary: summary, framesExamined: 1, findings: findings, reasons: [], notChecked: [],
                smallestGlyphHeight: 6,
                milliseconds: 40)),
        .decided(Decided(outcome: isMasked ? .releasedMasked : .released, reasons: isMasked ? ["text-masked"] : [])),
    ]
    if number % 100 == 1 {
        events.append(.quarantined(Quarantined(reasons: ["too-many-regions"])))
    } else {
        events += [
            .redacted(
                Redacted(
                    transferSyntaxUID: "1.2.840.10008.1.2.1",
                    regions: isMasked ? [MaskedRegion(frames: frame, region: region)] : [],
                    changedFrames: isMasked ? 1 : 0,
                    changes: [], pictures: nil, milliseconds: 20)),
            .verified(Verified(passed: ["outside-identical", "text-again"], failed: [], milliseconds: 40)),
            .released(Released(path: "released/\(series)/\(number).dcm", sha256: "r-\(number)", masked: isMasked)),
        ]
    }
    return events.map { (id, $0) }
}

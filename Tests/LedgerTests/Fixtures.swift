import DICOMModel
import Foundation
import GRDB
import Ledger

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/quench-ledger-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var ledgerPath: String { path + "/ledger.sqlite" }

    /// The database as anyone could open it, with the ledger's own triggers out of the way.
    func tamper(_ body: (Database) throws -> Void) throws {
        let database = try DatabaseQueue(path: ledgerPath)
        try database.write { database in
            let triggers = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            for name in triggers {
                try database.execute(sql: "DROP TRIGGER IF EXISTS \(name)")
            }
            try body(database)
        }
        try database.close()
    }
}

enum Fixtures {
    static let runStarted = RunStarted(
        versions: ["quench": "0.1.0", "model:eng": String(repeating: "ab", count: 32)], policyDigest: "00ff",
        policy: "version: 1\nseries: []\n", keyID: "k1", deidentification: ["113100": "Basic Profile"])

    static func summary(_ instance: String, photometricInterpretation: String? = "MONOCHROME2") -> InstanceSummary {
        InstanceSummary(
            patient: "Q-1", study: "2.25.1", series: "2.25.2", instance: instance, modality: "CT",
            sopClassUID: "1.2.840.10008.5.1.4.1.1.2", transferSyntaxUID: "1.2.840.10008.1.2.1", seriesKind: "image",
            manufacturer: "Ma\"ker \\ & S\u{F6}hne/\u{1F600}", model: "",
            rows: photometricInterpretation == nil ? nil : 512,
            columns: photometricInterpretation == nil ? nil : 256,
            numberOfFrames: photometricInterpretation.map { _ in 3 },
            photometricInterpretation: photometricInterpretation)
    }

    static func finding(_ category: FindingCategory) -> Finding {
        Finding(
            region: PixelRegion(x: -2, y: 10, width: 120, height: 18), frames: frames, category: category,
            source: .unusedBits, rules: ["header-name", "nhs-number"], engine: "tesseract", score: 0.1)
    }

    static let frames = [1, 2, 17].compactMap { FrameNumber($0) }

    static func id(_ number: Int) -> InstanceID { InstanceID(rawValue: "id-\(number)") }

    static func received(_ number: Int) -> LedgerEntry {
        .received(Received(sourceSHA256: "sha-\(number)", byteCount: number))
    }

    static let masked = LedgerEntry.redacted(
        Redacted(
            transferSyntaxUID: "1.2.840.10008.1.2.4.50",
            regions: [MaskedRegion(frames: frames, region: PixelRegion(x: 0, y: 8, width: 128, height: 24))],
            changedFrames: 3, changes: ["overlay-removed"], pictures: Pictures(before: "aa", after: "bb"),
            milliseconds: 12))

    /// The whole way of a masked instance.
    static func wayOfMasked(_ number: Int, simple: Bool = false) -> [(InstanceID?, LedgerEntry)] {
        var summary = summary("2.25.3.\(number)")
        if simple { summary.manufacturer = "Maker" }
        return [
            received(number),
            .inspected(
                Inspected(
                    summary: summary, framesExamined: 3, findings: FindingCategory.allCases.map(finding),
                    reasons: [], notChecked: ["video"], smallestGlyphHeight: 7, milliseconds: 300)),
            .decided(Decided(outcome: .releasedMasked, reasons: ["text-found"])),
            masked,
            .verified(Verified(passed: ["outside-identical", "inside-fill"], failed: [], milliseconds: 1)),
            .released(Released(path: "released/Q-1/\(number).dcm", sha256: "r-\(number)", masked: true)),
        ].map { (id(number), $0) }
    }

    /// One of each kind of event, with and without what is optional.
    static var everything: [(InstanceID?, LedgerEntry)] {
        let bare = Inspected(
            summary: summary("2.25.4", photometricInterpretation: nil), framesExamined: 0, findings: [],
            reasons: ["structured-report"], notChecked: [], smallestGlyphHeight: nil, milliseconds: 0)
        return [(nil, .runStarted(runStarted))] + wayOfMasked(1) + wayOfMasked(2, simple: true) + [
            (id(3), received(3)), (id(3), .inspected(bare)),
            (
                id(3),
                .redacted(
                    Redacted(
                        transferSyntaxUID: "1.2", regions: [], changedFrames: 0, changes: [], pictures: nil,
                        milliseconds: 0))
            ),
            (id(3), .verified(Verified(passed: [], failed: ["text-left"], milliseconds: 5))),
            (id(3), .quarantined(Quarantined(reasons: ["text-left"]))),
            (id(4), received(4)), (id(4), .rejected(Rejected(reasons: ["dose-page", "z"]))),
            (id(5), received(5)), (id(5), .notDICOM(NotDICOM(reasons: []))),
            (id(6), received(6)), (id(6), .released(Released(path: "p", sha256: "s", masked: false))),
            (nil, .runFinished(RunFinished(inputs: 6, interrupted: true))),
        ]
    }

    /// What people do after a run.
    static let review: [(InstanceID?, LedgerEntry)] = [
        (id(3), .reviewed(Reviewed(action: .lookedAt, by: "Ann S\u{F6}hne", reason: "why", evidence: ["findings=3"]))),
        (nil, .sampled(Sampled(seed: "s1", population: 3, instances: [id(1)]))),
        (id(1), .judged(Judged(sample: 1, verdict: .unsure, by: "Ann"))),
        (id(1), .viewed(Viewed(by: "Ann", session: "s1", picture: .released, frames: 1...1))),
        (nil, .accessed(Accessed(action: .signedIn, by: "Ann", evidence: ["session=s1", "by=password"]))),
    ]
}

/// Runs a program to its end; nil where it isn't installed.
func output(of program: String, _ arguments: [String]) throws -> (status: Int32, text: String)? {
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// The code of the `LedgerError` that `body` throws.
func code<Result>(_ body: () throws -> Result) -> LedgerError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? LedgerError)?.code
    }
}

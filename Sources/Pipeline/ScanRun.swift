import DICOMModel
import Foundation
public import Ledger

/// The pre-flight scan: reads only, decides, and keeps what it learnt in memory.
public struct ScanRun: Sendable {
    private let configuration: RunConfiguration
    private let inputs: InputFiles

    /// - Throws: `PipelineError` with code `.input` for paths that don't exist.
    public init(inputs: [String], configuration: RunConfiguration) throws {
        try configuration.checkSources()
        self.configuration = configuration
        self.inputs = try InputFiles(inputs)
    }

    /// The ledger that a report can be made from; it exists in memory alone.
    public func run() throws -> Ledger {
        let ledger = try Ledger.inMemory()
        let journal = Journal(ledger: ledger, runStarted: configuration.runStarted)
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let assessment = Assessment(
            configuration: configuration, pool: configuration.pool(temporaryFolder: folder), journal: journal,
            known: try ledger.state())
        defer { withExtendedLifetime(assessment.keeper) {} }
        let result = try assessment.assess(paths: inputs.paths)
        try journal.append([
            (nil, .runFinished(RunFinished(inputs: result.inputs.count, interrupted: false)))
        ])
        return ledger
    }
}

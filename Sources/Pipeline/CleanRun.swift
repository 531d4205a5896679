public import DICOMModel
import Foundation
import HeaderDeidentification
import Ledger
import Synchronization

/// The main job: receive, inspect, decide, redact, verify, release.
public struct CleanRun: Sendable {
    public struct Summary: Sendable {
        /// What became of the inputs of this run, earlier runs on the same output included.
        public var outcomes: [Outcome: Int]
        public var inputs: Int
        /// False where everything had been done before.
        public var didSomething: Bool
    }

    private let configuration: RunConfiguration
    private let inputs: InputFiles
    private let output: OutputFolder

    /// - Throws: `PipelineError` for inputs that don't exist and outputs that can't be used.
    public init(inputs: [String], output: String, configuration: RunConfiguration) throws {
        try configuration.checkSources()
        self.configuration = configuration
        self.inputs = try InputFiles(inputs)
        self.output = try OutputFolder(path: output, inputs: self.inputs.roots)
        try configuration.linkTable?.requireOutside([self.output.path] + self.inputs.roots)
    }

    public var outputPath: String { output.path }

    /// Does what is left to do. Interrupted or killed at any moment, the next call goes on where this one was.
    public func run() throws -> Summary {
        let ledger = try Ledger(path: output.ledgerPath)
        let known = try ledger.state()
        try configuration.requireSameTerms(as: known.runs.last?.started)
        try configuration.requireSigner(as: ledger)
        try output.prepare()
        defer { try? output.removeWork() }
        let journal = Journal(ledger: ledger, runStarted: configuration.runStarted)
        let pool = configuration.pool(temporaryFolder: output.workPath)
        let assessment = Assessment(
            configuration: configuration, pool: pool, journal: journal, known: known)
        defer { withExtendedLifetime(assessment.keeper) {} }
        do {
            let result = try assessment.assess(paths: inputs.paths)
            let finishing = Finishing(
                configuration: configuration, output: output, pool: pool, journal: journal, known: known)
            try finishing.finish(result.decided)
            try writeLinks(of: result.inputs, ledger: ledger)
            guard !configuration.interruption.isRequested else {
                throw PipelineError(.interrupted, "interrupted", hint: "run the same command again to go on")
            }
            try journal.finish(inputs: Self.count(result.inputs, known), interrupted: false)
            try seal(ledger)
            return try summary(of: result, ledger: ledger, didSomething: journal.wroteSomething)
        } catch let error as PipelineError where error.code == .interrupted {
            try journal.finish(inputs: known.instances.count, interrupted: true)
            try seal(ledger)
            throw error
        }
    }

    /// After the last event of a run.
    private func seal(_ ledger: Ledger) throws {
        try ReceiptFile.issue(for: ledger, output: output, configuration: configuration)
        ledger.settle()
    }

    /// Studies of which something was released, in this run or an earlier one.
    private func writeLinks(of inputs: [ReceivedInput], ledger: Ledger) throws {
        guard let file = configuration.linkTable else { return }
        let state = try ledger.state()
        let released = inputs.filter { input in
            let outcome = state[input.id]?.outcome
            return outcome?.isReleased == true
        }
        try file.add(released.compactMap(\.file.instance?.link))
    }

    /// Input files of this run and of earlier ones, each once.
    private static func count(_ inputs: [ReceivedInput], _ known: LedgerState) -> Int {
        Set(inputs.map(\.id)).union(known.instances.map(\.id)).count
    }

    private func summary(of result: Assessment.Result, ledger: Ledger, didSomething: Bool) throws -> Summary {
        let state = try ledger.state()
        var outcomes: [Outcome: Int] = [:]
        for input in result.inputs {
            guard let outcome = state[input.id]?.outcome else {
                throw PipelineError(.integrity, "an input file has no outcome", hint: "run the same command again")
            }
            outcomes[outcome, default: 0] += 1
        }
        return Summary(outcomes: outcomes, inputs: result.inputs.count, didSomething: didSomething)
    }
}

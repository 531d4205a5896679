import ArgumentParser
import DICOMModel
import Foundation
import HeaderDeidentification
import Ledger
import Pipeline
import Reporting

/// The main job.
struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Scan, decide, mask or reject or hold, de-identify, verify, release, report.",
        discussion: """
            Run again with the same input and output it goes on where it was, and changes nothing when all is done. \
            The input is never written to.
            """)

    @OptionGroup var options: RunOptions

    @Option(help: "A new or empty folder, or the output of an earlier run.")
    var output: String

    @Option(
        help: "Also write which study became which, sealed with AES-GCM under --link-key: for the trusted side alone.")
    var linkTable: String?

    @Option(help: "The key of the link table; `quench keygen` makes one.")
    var linkKey: String?

    @Flag(help: "Also make a DICOMDIR of what was released, in OUTPUT/file-set (`quench dicomdir`).")
    var dicomdir = false

    @OptionGroup var evidence: EvidenceOptions

    mutating func validate() throws {
        guard (linkTable == nil) == (linkKey == nil) else {
            throw ValidationError("--link-table and --link-key go together")
        }
    }

    func run() throws {
        let progress = ProgressLine()
        var configuration = try options.configuration(progress: progress)
        try evidence.files.apply(to: &configuration)
        if let linkTable, let linkKey {
            configuration.sources.wantsLinks = true
            configuration.linkTable = try LinkTableFile(
                path: linkTable, key: try ProjectKey(contentsOf: linkKey), projectKey: configuration.key)
        }
        let run = try CleanRun(inputs: options.paths, output: output, configuration: configuration)
        let summary = try run.run()
        progress.end()
        let ledger = try Ledger.openReadOnly(path: run.outputPath + "/ledger.sqlite")
        let made = try ReportWriter.report(from: ledger, policy: configuration.policy)
        let folder = run.outputPath + "/report"
        // A run that was killed after its last event left older reports behind.
        if try summary.didSomething || !made.mismatches(in: folder).isEmpty { try made.write(to: folder) }
        var results = RunResults(made, report: output + "/report/index.html")
        results.changed = summary.didSomething
        let released = summary.outcomes.filter(\.key.isReleased).values.reduce(0, +)
        // One that is there already lists what is released now as well.
        if dicomdir || FileManager.default.fileExists(atPath: run.outputPath + "/file-set"), released > 0 {
            results.fileSet = try FileSetRun(folder: run.outputPath, configuration: configuration).run()
        }
        options.json ? Console.printJSON(results) : Console.write(results.text)
        if !summary.didSomething { Console.error("quench: nothing to do: every input was dealt with before") }
        if summary.outcomes[.quarantined, default: 0] > 0 { throw ExitStatus.quarantine }
    }
}

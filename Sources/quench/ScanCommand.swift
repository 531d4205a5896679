import ArgumentParser
import Foundation
import Pipeline
import Reporting

/// The pre-flight scan: reads only.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Look at what is about to be imported; read only.",
        discussion: "Prints one line per Series: what it is, what was found, what `clean` would do and why.")

    @OptionGroup var options: RunOptions

    @Option(help: "Also write the report of the scan to this folder.")
    var report: String?

    func run() throws {
        let progress = ProgressLine()
        let configuration = try options.configuration(progress: progress)
        let ledger = try ScanRun(inputs: options.paths, configuration: configuration).run()
        progress.end()
        let made = try ReportWriter.report(from: ledger, isProposal: true, policy: configuration.policy)
        if let report {
            try FileManager.default.createDirectory(atPath: report, withIntermediateDirectories: true)
            try made.write(to: report)
        }
        let results = RunResults(made, report: report.map { $0 + "/index.html" })
        options.json ? Console.printJSON(results) : Console.write(results.text)
        if results.isSuspect { throw ExitStatus.quarantine }
    }
}

import ArgumentParser
import Foundation
import Ledger
import Pipeline
import Reporting

/// Makes the reports again.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Make the reports again, from the ledger alone.")

    @Argument(help: "The output folder of `quench clean`.")
    var folder: String

    func run() throws {
        let ledger = try Ledger.openReadOnly(path: folder + "/ledger.sqlite")
        let policy = try ledger.state().runs.last.map { try Policy(yaml: $0.started.policy) } ?? Policy.builtIn()
        try FileManager.default.createDirectory(atPath: folder + "/report", withIntermediateDirectories: true)
        try ReportWriter.report(from: ledger, policy: policy).write(to: folder + "/report")
        Console.write("\(folder)/report/index.html")
    }
}

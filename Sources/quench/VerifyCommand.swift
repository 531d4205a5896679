import ArgumentParser
import Foundation
import Pipeline

/// The second look on its own.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Re-read released files, look for text and identifiers again, check the ledger.")

    @Argument(help: "The output folder of `quench clean`.")
    var folder: String

    @Option(help: "The project key that the output was made with.")
    var key: String?

    @Option(help: "Worker processes; as many as cores by default.")
    var workers: Int?

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    func run() throws {
        let progress = ProgressLine()
        let run = try VerifyRun(
            folder: folder, key: try KeyFile.load(key), workerCommand: RunOptions.workerCommand,
            workerCount: workers ?? ProcessInfo.processInfo.activeProcessorCount,
            interruption: RunOptions.interruptible(), progress: { progress.show($0) })
        let result = try run.run()
        progress.end()
        if json {
            Console.printJSON(result)
        } else {
            for problem in result.problems { Console.write("\(problem.item): \(problem.what)") }
            Console.write(
                "\(result.examined) released files examined, \(result.events) ledger events, "
                    + (result.problems.isEmpty ? "no problem" : "\(result.problems.count) problems"))
        }
        if !result.problems.isEmpty { throw ExitStatus.failure }
    }
}

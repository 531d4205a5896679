import ArgumentParser
import Foundation
import Ledger
import Pipeline
import Reporting

/// The second look on its own.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Re-read released files, look for text and identifiers again, check the ledger.")

    @Argument(help: "The output folder of `quench clean`.")
    var folder: String

    @Option(help: "The project key that the output was made with.")
    var key: String?

    @Option(help: "A receipt that was kept elsewhere: shows whether the ledger was rolled back behind it.")
    var receipt: String?

    @Option(help: "The public key that receipts must be signed with (FILE.pub of `quench keygen --signing`).")
    var publicKey: String?

    @Option(help: "The key that quarantine was sealed with; by default from the project key.")
    var quarantineKey: String?

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    func run() throws {
        let progress = ProgressLine()
        let run = try VerifyRun(
            folder: folder, key: try KeyFile.loadExisting(key), evidence: try evidence(),
            workerCommand: RunOptions.workerCommand,
            workerCount: workers.count,
            interruption: RunOptions.interruptible(), progress: { progress.show($0) })
        var result = try run.run()
        progress.end()
        result.problems += try reportProblems()
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

    private func evidence() throws -> VerifyRun.Evidence {
        var kept: Receipt?
        if let receipt {
            guard let data = FileManager.default.contents(atPath: receipt) else {
                throw PipelineError(.input, "the receipt can't be read", hint: "check its path")
            }
            kept = try Receipt(json: data)
        }
        return VerifyRun.Evidence(
            receipt: kept, publicKey: try publicKey.map { try PublicKey(contentsOf: $0) },
            quarantineKey: try quarantineKey.map { try QuarantineKey(contentsOf: $0) })
    }

    /// The reports made again must be those that lie there. A ledger that can't be read makes none; that was said already.
    private func reportProblems() throws -> [VerifyRun.Problem] {
        let known = Set(Report.files + ["receipt.json"])
        let present = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/report")) ?? []
        let additional =
            known.isSuperset(of: present)
            ? [] : [VerifyRun.Problem(item: "report/", what: "holds something that Quench didn't put there: remove it")]
        let ledger = try Ledger.openReadOnly(path: folder + "/ledger.sqlite")
        guard let audited = try? ledger.auditedState(), !audited.state.runs.isEmpty,
            let policy = try? Policy.ofLastRun(in: audited.state)
        else { return additional }
        do {
            let report = try ReportWriter.report(from: ledger, audited: audited, policy: policy)
            return try additional
                + report.mismatches(in: folder + "/report").map { name in
                    VerifyRun.Problem(
                        item: "report/" + name, what: "doesn't match the ledger, or was made by another version")
                }
        } catch let error as LedgerError where error.code == .corrupt {
            return additional + [VerifyRun.Problem(item: "ledger", what: error.message)]
        }
    }
}

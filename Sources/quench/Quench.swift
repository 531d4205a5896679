import ArgumentParser
import Glibc

/// The program's entry: parses, runs, and turns what went wrong into an exit code and one clear message.
@main
enum Quench {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        // A limit on the size of files is an error of the write, and no death.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try RootCommand.parseAsRoot()
            try command.run()
        } catch {
            finish(with: error)
        }
    }

    private static func finish(with error: any Error) -> Never {
        if let code = error as? ExitStatus { exit(code.rawValue) }
        switch RootCommand.exitCode(for: error) {
        case .success:
            print(RootCommand.fullMessage(for: error))
            exit(ExitStatus.success.rawValue)
        case .validationFailure:
            Console.error(RootCommand.fullMessage(for: error))
            exit(ExitStatus.usage.rawValue)
        default:
            let failure = Failure(error)
            if CommandLine.arguments.contains("--json") { Console.printJSON(["error": failure]) }
            Console.error("quench: " + failure.text)
            exit(failure.status.rawValue)
        }
    }
}

/// `quench` and its subcommands.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quench",
        abstract:
            "Finds patient data burnt into DICOM pixels, masks or rejects it, de-identifies the header, proves it.",
        discussion: """
            Exit codes: 0 all released or cleanly rejected by policy; 1 failure; 2 usage; 3 finished with instances in \
            quarantine; 130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            ScanCommand.self, CleanCommand.self, VerifyCommand.self, ReportCommand.self, PolicyCommand.self,
            LintCommand.self, ExplainCommand.self, InventoryCommand.self, KeygenCommand.self, LinkTableCommand.self,
            QuarantineCommand.self, ReviewCommand.self, ReviewerCommand.self, RulesCommand.self, SampleCommand.self,
            DicomdirCommand.self, DoctorCommand.self, WorkerCommand.self,
        ])
}

import ArgumentParser
import Pipeline

/// The process that touches bytes from outside; started by the others, of no use by itself.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Serves the other subcommands.", shouldDisplay: false)

    func run() throws {
        WorkerService.run()
    }
}

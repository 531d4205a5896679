import ArgumentParser
import Foundation

/// How many workers a command may start.
struct WorkerOptions: ParsableArguments {
    @Option(help: "Worker processes; as many as cores by default.")
    var workers: Int?

    mutating func validate() throws {
        if let workers, workers < 1 || workers > 256 { throw ValidationError("--workers takes 1 to 256") }
    }

    var count: Int { workers ?? ProcessInfo.processInfo.activeProcessorCount }
}

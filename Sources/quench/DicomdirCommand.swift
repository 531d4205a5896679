import ArgumentParser
import Foundation
import HeaderDeidentification
import Pipeline

/// A DICOMDIR for what was released.
struct DicomdirCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicomdir",
        abstract: "Make a DICOMDIR of what was released, with the files under names that media allow.",
        discussion: """
            Writes FOLDER/file-set: DICOMDIR and the released files as hard links (copies where there are none), ready to be put \
            on a disc. It is made anew each time. `clean --dicomdir` does the same at the end of a run.
            """)

    @Argument(help: "The output folder of `quench clean`.")
    var folder: String

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    func run() throws {
        let progress = ProgressLine()
        let configuration = RunConfiguration(
            policy: try Quarantine.policy(of: folder), key: try ProjectKey.ofThisRun(),
            workerCommand: RunOptions.workerCommand,
            workerCount: workers.count, versions: [:],
            interruption: RunOptions.interruptible(), progress: { progress.show($0) })
        let summary = try FileSetRun(folder: folder, configuration: configuration).run()
        progress.end()
        json ? Console.printJSON(summary) : Console.write(summary.text)
    }
}

extension FileSetRun.Summary {
    var text: String {
        "DICOMDIR: \(directory), \(listed) files"
            + (leftOut > 0 ? "; \(leftOut) left out: the standard has no directory record for them" : "")
    }
}

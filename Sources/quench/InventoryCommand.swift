import ArgumentParser
import Foundation
import HeaderDeidentification
import Pipeline

/// Lists what is in the headers of a set of files.
struct InventoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory",
        abstract: "List every distinct Attribute of a set of files, with what its values look like.",
        discussion: """
            Meant for `released/`, before it leaves. Detectors are date-like, name-like, id-like, postcode and nhs-number; \
            what trips one need not identify anybody. Values stay hidden unless --show-values. Exit code 1 where a file \
            can't be read.
            """)

    @Argument(help: "Files, folders at any depth, or .zip archives.")
    var paths: [String]

    @Flag(help: "Only Attributes whose values trip a detector.")
    var suspects = false

    @Flag(help: "Show up to 20 values of each Attribute.")
    var showValues = false

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    mutating func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("name at least one file or folder") }
    }

    func run() throws {
        let progress = ProgressLine()
        let configuration = RunConfiguration(
            policy: try Policy.builtIn(), key: try ProjectKey.ofThisRun(), workerCommand: RunOptions.workerCommand,
            workerCount: workers.count, versions: [:],
            interruption: RunOptions.interruptible(), progress: { progress.show($0) })
        var result = try InventoryRun(paths: paths, configuration: configuration).run(showsValues: showValues)
        progress.end()
        if suspects { result.rows.removeAll { $0.detectors.isEmpty } }
        json ? Console.printJSON(result) : Console.write(result.text)
        if result.failed > 0 { throw ExitStatus.failure }
    }
}

extension InventoryRun.Result {
    fileprivate var text: String {
        var cells = [["ATTRIBUTE", "KEYWORD", "VR", "FILES", "COUNT", "DISTINCT", "DETECTORS"]]
        let hasValues = rows.contains { $0.values != nil }
        if hasValues { cells[0].append("VALUES") }
        for row in rows {
            let detectors = row.detectors.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
            cells.append(
                [
                    row.path, row.keyword ?? "-", row.vr, String(row.files), String(row.count),
                    String(row.distinctValues),
                    detectors.isEmpty ? "-" : detectors.joined(separator: " "),
                ] + (row.values.map { [$0.joined(separator: " | ")] } ?? []))
        }
        let tripped = rows.count { !$0.detectors.isEmpty }
        let sum =
            "\(files) files, \(rows.count) attributes, \(tripped) with values that look like something; "
            + "\(notDICOM) not DICOM, \(failed) could not be read"
        return (TextTable.lines(cells) + [sum]).joined(separator: "\n")
    }
}

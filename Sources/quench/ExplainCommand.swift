import ArgumentParser
import Foundation
import Pipeline

/// Says what would become of one header, and why.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show for an object what would become of every Attribute, and by which rule.",
        discussion: """
            Reads only. Values stay hidden unless --show-values. Exit code 3 where the header would keep the object from \
            release; what is in its pixels is not looked at.
            """)

    @Argument(help: "A DICOM file, or a .zip archive, whose objects are shown one by one.")
    var file: String

    @Option(help: "A policy in YAML; without it the built-in one.")
    var policy: String?

    @Option(help: "The project key; see `quench clean --help`.")
    var key: String?

    @OptionGroup var sources: SourceOptions

    @Flag(help: "Show values before and after: they name the patient.")
    var showValues = false

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    func run() throws {
        let configuration = RunConfiguration(
            policy: try PolicyFile.load(policy), key: try KeyFile.load(key), sources: try sources.loaded(),
            workerCommand: RunOptions.workerCommand, workerCount: 1, versions: [:],
            interruption: RunOptions.interruptible(), progress: { _ in })
        configuration.showWarnings()
        let objects = try ExplainRun(configuration: configuration).explain(file, showsValues: showValues)
        if json {
            Console.printJSON(["objects": objects])
        } else if objects.count == 1 {
            Console.write(objects[0].text)
        } else {
            let texts = objects.enumerated().map { "Object \($0 + 1) of \(objects.count)\n" + $1.text }
            Console.write(texts.joined(separator: "\n\n"))
        }
        if !objects.allSatisfy(\.wouldPass) { throw ExitStatus.quarantine }
    }
}

extension Explanation {
    fileprivate var text: String {
        var cells = [["ATTRIBUTE", "KEYWORD", "VR", "BECOMES", "BY"]]
        let hasValues = rows.contains { $0.original != nil || $0.result != nil }
        if hasValues { cells[0] += ["BEFORE", "AFTER"] }
        for row in rows {
            let values = hasValues ? [row.original ?? "-", row.result ?? "-"] : []
            cells.append(
                [row.path, row.keyword ?? "-", row.vr, row.becomes.rawValue, row.by.joined(separator: "; ")] + values)
        }
        var lines = TextTable.lines(cells)
        lines += rules.map { "rule: " + $0 }
        lines += masks.map { "mask: " + $0 }
        lines += refusals.map { "kept out: \($0)" }
        if let failure { lines.append("failed: " + failure) }
        lines += residuals.map { "left: " + $0 }
        lines.append(wouldPass ? "The header would pass." : "The header would keep this object from release.")
        return lines.joined(separator: "\n")
    }
}

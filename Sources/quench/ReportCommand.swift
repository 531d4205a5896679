import ArgumentParser
import Foundation
import Ledger
import Pipeline
import Reporting

/// Makes the reports again, for all or part of a ledger, or compares two.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Make the reports again, from the ledger alone; or compare two outputs.",
        discussion: """
            --since makes a report about what was recorded from that day on, --project one about the studies of a project, for a \
            periodic audit, into a folder of its own. \
            --compare says what became of the same files in two outputs: two policies, two versions, two runs.
            """)

    @Argument(help: "The output folder of `quench clean`; two of them with --compare.")
    var folders: [String]

    @Flag(help: "Compare two outputs, file by file.")
    var compare = false

    @Option(help: "Only files about which something was recorded on or after this day: YYYY-MM-DD, UTC.")
    var since: String?

    @Option(help: "Only studies that the cohort list, or the run, files under this project.")
    var project: String?

    @Option(help: "Where the report goes instead of the output's own report/.")
    var to: String?

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    mutating func validate() throws {
        guard folders.count == (compare ? 2 : 1) else {
            throw ValidationError(compare ? "--compare takes two folders" : "name one folder")
        }
        if let since {
            guard Self.isDay(since) else { throw ValidationError("--since takes a day of the calendar, YYYY-MM-DD") }
        }
        guard !compare || since == nil && project == nil && to == nil else {
            throw ValidationError("--compare takes no --since, --project or --to: it prints what differs")
        }
        guard since == nil && project == nil || to != nil else {
            throw ValidationError("--since and --project need --to: the output's own report is about all of it")
        }
    }

    private static func isDay(_ text: String) -> Bool {
        guard let match = text.wholeMatch(of: #/([0-9]{4})-([0-9]{2})-([0-9]{2})/#) else { return false }
        let day = DateComponents(
            calendar: Calendar(identifier: .gregorian), year: Int(match.1), month: Int(match.2), day: Int(match.3))
        return day.isValidDate
    }

    func run() throws {
        if compare { return try runComparison() }
        let folder = folders[0]
        let ledger = try Ledger.openReadOnly(path: folder + "/ledger.sqlite")
        let audited = try ledger.auditedState()
        if let project, !audited.state.instances.contains(where: { $0.inspected?.summary.project == project }) {
            throw PipelineError(.review, "nothing in this output belongs to that project")
        }
        let target = to ?? folder + "/report"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        let report = try ReportWriter.report(from: ledger, audited: audited, since: since, project: project)
        try report.write(to: target)
        json
            ? Console.printJSON(RunResults(report, report: target + "/index.html"))
            : Console.write("\(target)/index.html")
    }

    private func runComparison() throws {
        let states = try folders.map { try Ledger.openReadOnly(path: $0 + "/ledger.sqlite").state() }
        let comparison = ReportComparison(before: states[0], after: states[1])
        json ? Console.printJSON(comparison) : Console.write(comparison.text)
    }
}

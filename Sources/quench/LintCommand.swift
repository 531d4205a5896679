import ArgumentParser
import Foundation
import HeaderDeidentification

/// Says what is wrong with a DicomEdit script, and what it leaves undone.
struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check DicomEdit 6 scripts: what XNAT refuses, traps, and the gap to PS3.15 Table E.1-1.",
        discussion: """
            Exit codes: 0 XNAT runs the scripts, whatever warnings there are; 1 it refuses one (with --deny also: a \
            warning, or a gap); 2 usage, or a file that can't be read. docs/dicomedit.md explains the rules.
            """)

    @Argument(help: "DicomEdit 6 scripts.")
    var scripts: [String]

    @Flag(help: "Take what a tolerant run puts right for warnings.")
    var tolerant = false

    @Option(
        name: .customLong("option"), parsing: .singleValue,
        help: ArgumentHelp(
            "A profile option whose Attributes may stay, by its name in a policy. Can be repeated.", valueName: "name"))
    var options: [ProfileOption] = []

    @Option(help: ArgumentHelp("Exit with 1 for these as well: warnings, gap. Can be repeated.", valueName: "what"))
    var deny: [LintDenial] = []

    @Flag(help: "Print each untouched row of Table E.1-1.")
    var gap = false

    @Flag(help: "Print only the statements that would close the gap, to put at the end of the script.")
    var suggest = false

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    mutating func validate() throws {
        guard !scripts.isEmpty else { throw ValidationError("name at least one script") }
        guard !suggest || scripts.count == 1 else { throw ValidationError("--suggest takes one script") }
    }

    func run() throws {
        let chosen = Set(options)
        let results = try scripts.map { path in
            LintResult(path: path, text: try text(path), tolerance: tolerant ? .tolerant : .strict, options: chosen)
        }
        if json {
            Console.printJSON(["scripts": results.map(LintReport.init)])
        } else if suggest {
            for result in results where !result.lint.gap.completion.isEmpty {
                Console.write(String(result.lint.gap.completion.dropLast()))
            }
        } else {
            Console.write(results.map { $0.text(withRows: gap) }.joined(separator: "\n"))
        }
        if results.contains(where: { $0.isDenied(deny) }) { throw ExitStatus.failure }
    }

    private func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LintFailure(message: "a script can't be read", hint: "check the path")
        }
        guard data.count <= 4 << 20, let text = String(data: data, encoding: .utf8) else {
            throw LintFailure(message: "a script is not text in UTF-8 of at most 4 MiB", hint: "save it as UTF-8")
        }
        return text
    }
}

/// Why a script can't be looked at.
struct LintFailure: Error {
    let message: String
    let hint: String

    static let code = "script-unreadable"
}

/// What else than a refusal makes `quench lint` exit with 1.
enum LintDenial: String, ExpressibleByArgument, CaseIterable {
    case warnings, gap
}

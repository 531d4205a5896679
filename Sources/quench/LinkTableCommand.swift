import ArgumentParser
import Foundation
import HeaderDeidentification

/// Opens a link table, on the trusted side.
struct LinkTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link-table", abstract: "Open a sealed link table, on the trusted side.",
        subcommands: [Show.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a link table as CSV on standard output: it names patients.")

        @Argument(help: "The file that `quench clean --link-table` wrote.")
        var file: String

        @Option(help: "The key that it was sealed with.")
        var linkKey: String

        func run() throws {
            let key = try ProjectKey(contentsOf: linkKey)
            guard let data = FileManager.default.contents(atPath: file) else {
                throw HeaderDeidentificationError(.linkTable, "the link table can't be read", hint: "check the path")
            }
            let table = try LinkTable(opening: Array(data), key: key)
            Console.write(String(table.csv.dropLast()))
        }
    }
}

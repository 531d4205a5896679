import Foundation
import Testing

/// An output in which something is held, and what people do about it on the command line.
struct Held {
    var run: SmallRun
    var output: String { run.output }

    func quarantine(_ subcommand: String, _ arguments: String...) throws -> Finished {
        try Shell.run(Place.program, ["quarantine", subcommand, output] + arguments)
    }

    /// As JSON; its exit code is 3 while something waits.
    func list() throws -> [[String: Any]] {
        let listed = try quarantine("list", "--all", "--json")
        let items = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]]
        return try #require(items, "\(listed.errors)")
    }

    func name() throws -> String { try #require(try list().first?["name"] as? String) }

    func instances() throws -> [[String: Any]] { try list().flatMap { $0["instances"] as? [[String: Any]] ?? [] } }

    func states() throws -> [String] { try instances().compactMap { $0["state"] as? String }.sorted() }

    func verifies() throws -> Bool { try Shell.quench("verify", output).status == 0 }
}

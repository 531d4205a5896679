import ArgumentParser
import Pipeline

/// Prints the built-in policy, or checks a file.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Print the built-in policy, or check one.")

    @Option(help: "A policy to check; an unknown key is an error that names its line.")
    var check: String?

    func run() throws {
        guard let check else { return Console.write(Policy.defaultSource.trimmingTrailingNewline) }
        let policy = try PolicyFile.load(check)
        Console.write("The policy is valid. Its digest is \(policy.digest).")
    }
}

extension String {
    fileprivate var trimmingTrailingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}

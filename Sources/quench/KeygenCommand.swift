import ArgumentParser
import HeaderDeidentification

/// Makes a key.
struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a project key, or a key for the link table: 32 random bytes, mode 0600.",
        discussion: "A key that is there is never overwritten. Keep a copy: without it nothing can be matched again.")

    @Option(help: "Where to; by default $XDG_CONFIG_HOME/quench/project.key, where `clean` looks for it.")
    var out: String?

    func run() throws {
        let path = try out ?? KeyFile.standardPath()
        let key = try ProjectKey.generate(at: path)
        Console.write("\(path): key \(key.fingerprint)")
    }
}

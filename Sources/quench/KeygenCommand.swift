import ArgumentParser
import HeaderDeidentification
import Ledger
import Pipeline

/// Makes a key.
struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key: for the project or a link table, for signing receipts, or for quarantine.",
        discussion: """
            32 random bytes in a file of mode 0600. A key that is there is never overwritten. Keep a copy: without the \
            project key nothing can be matched again, without the quarantine key nothing that is held can be opened. \
            --signing also writes the public key, to FILE.pub: keep it where receipts are checked.
            """)

    @Option(
        help: "Where to; for a project key by default $XDG_CONFIG_HOME/quench/project.key, where `clean` looks for it.")
    var out: String?

    @Flag(help: "A key that receipts are signed with (Ed25519).")
    var signing = false

    @Flag(help: "A key that originals in quarantine are sealed with (AES-256-GCM).")
    var quarantine = false

    mutating func validate() throws {
        guard !(signing && quarantine) else { throw ValidationError("--signing and --quarantine are different keys") }
        guard out != nil || !(signing || quarantine) else { throw ValidationError("say where to with --out FILE") }
    }

    func run() throws {
        let path = try out ?? KeyFile.standardPath()
        if signing {
            let key = try SigningKey.generate(at: path)
            Console.write("\(path): signing key, public key \(key.publicKey.text) in \(path).pub")
        } else if quarantine {
            let key = try QuarantineKey.generate(at: path)
            Console.write("\(path): quarantine key \(key.fingerprint)")
        } else {
            let key = try ProjectKey.generate(at: path)
            Console.write("\(path): key \(key.fingerprint)")
        }
    }
}

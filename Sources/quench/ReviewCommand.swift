import ArgumentParser
import Foundation
import Glibc
import Pipeline

/// The review page.
struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Serve the review page of an output, on this machine alone.",
        discussion: """
            Reviewers sign in by name and password (`quench reviewer add`), or by a link that is printed here and works once. \
            It listens on this machine alone: a reverse proxy with TLS makes it known to others (docs/review.md).
            """)

    @OptionGroup var place: QuarantineCommand.Place

    @Option(help: "0 for any that is free.")
    var port = 8420

    @Option(help: "127.0.0.1 or ::1.")
    var address = "127.0.0.1"

    @Option(help: "What browsers call it where a reverse proxy stands in front: https://review.example.org")
    var origin: String?

    @Option(help: "The policy file into which device rules go that are accepted on the page.")
    var policy: String?

    @Option(
        name: .customLong("link-for"), parsing: .singleValue,
        help: "Print a link that signs this person in, once, within ten minutes. Can be repeated.")
    var linksFor: [String] = []

    mutating func validate() throws {
        guard ["127.0.0.1", "localhost", "::1"].contains(address) else {
            throw ValidationError(
                """
                --address takes 127.0.0.1 or ::1: the page has no TLS of its own. To let others reach it, put a reverse proxy \
                with TLS in front and give --origin (docs/review.md)
                """)
        }
        guard (0...65535).contains(port) else { throw ValidationError("--port takes 0 to 65535") }
        if let origin, origin.wholeMatch(of: #/https:\/\/[a-z0-9.-]+(:[0-9]+)?/#) == nil {
            throw ValidationError(
                "--origin takes https://, a host in lower case, and perhaps a port; nothing behind it")
        }
        for name in linksFor { _ = try Reviewer(name) }
    }

    func run() throws {
        // What is wrong with the folder or the key is said here, before anything is served.
        let configuration = try place.configuration()
        try Quarantine(folder: place.folder, configuration: configuration).requireSameTerms()
        let setup = ReviewSetup(
            folder: place.folder, key: configuration.key, sources: configuration.sources,
            evidence: place.evidence.files, program: RunOptions.workerCommand[0],
            workerCount: configuration.workerCount, version: Version.current, address: address, port: port,
            origin: origin, policyPath: policy, linksFor: linksFor)
        try Self.become(Self.program(), reading: try JSONEncoder().encode(setup))
    }

    /// `quench-review` beside this program.
    private static func program() throws -> String {
        let folder = URL(fileURLWithPath: RunOptions.workerCommand[0]).deletingLastPathComponent().path
        let program = folder + "/quench-review"
        guard access(program, X_OK) == 0 else {
            throw PipelineError(
                .input, "quench-review is missing: it belongs beside quench", hint: "`make install` installs both")
        }
        return program
    }

    /// Turns into another program whose standard input is `data`, out of memory that no disk sees.
    private static func become(_ program: String, reading data: Data) throws {
        let name = "/quench-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let memory = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        // Before a byte is in it.
        guard memory >= 0, shm_unlink(name) == 0,
            data.withUnsafeBytes({ write(memory, $0.baseAddress, data.count) }) == data.count,
            lseek(memory, 0, SEEK_SET) == 0, dup2(memory, 0) == 0
        else { throw PipelineError(.worker, "the review page can't be started") }
        close(memory)
        // Whatever was asked for while this program ran is asked of the other one.
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        program.withCString { path in
            var arguments = [strdup(path), nil]
            execv(path, &arguments)
        }
        throw PipelineError(.worker, "the review page can't be started")
    }
}

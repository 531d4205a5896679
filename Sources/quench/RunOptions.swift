import ArgumentParser
import Foundation
import Glibc
import HeaderDeidentification
import Pipeline

/// What `scan` and `clean` have in common.
struct RunOptions: ParsableArguments {
    @Argument(help: "Files, folders at any depth, or .zip archives. DICOM is known by its content.")
    var paths: [String]

    @Option(help: "A policy in YAML; without it the built-in one (`quench policy`).")
    var policy: String?

    @Option(
        help: """
            The project key that pseudonyms and UIDs derive from (32 bytes, mode 0600). Made at first use where none \
            is given: $XDG_CONFIG_HOME/quench/project.key.
            """)
    var key: String?

    @OptionGroup var sources: SourceOptions

    @OptionGroup var workers: WorkerOptions

    @Flag(help: "Print results as JSON on standard output.")
    var json = false

    mutating func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("name at least one file, folder or archive") }
    }

    func configuration(progress: ProgressLine) throws -> RunConfiguration {
        let configuration = RunConfiguration(
            policy: try loadedPolicy(), key: try KeyFile.load(key), sources: try sources.loaded(),
            workerCommand: Self.workerCommand,
            workerCount: workers.count, versions: try Versions.all(),
            interruption: Self.interruptible(), progress: { progress.show($0) })
        configuration.showWarnings()
        return configuration
    }

    func loadedPolicy() throws -> Policy { try PolicyFile.load(policy) }

    /// This very program, wherever it is installed.
    static var workerCommand: [String] {
        [(try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe", "worker"]
    }

    private static let interruption = Interruption()

    /// The first interrupt asks the run to stop in order, the second ends the program.
    static func interruptible() -> Interruption {
        let interruption = Self.interruption
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                if RunOptions.interruption.isRequested { _exit(ExitStatus.interrupted.rawValue) }
                RunOptions.interruption.request()
            }
        }
        return interruption
    }
}

extension RunConfiguration {
    /// On standard error.
    func showWarnings() {
        for warning in warnings { Console.error("quench: warning: \(warning)") }
    }
}

/// Where a policy is read from.
enum PolicyFile {
    static func load(_ path: String?) throws -> Policy {
        guard let path else { return try Policy.builtIn() }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw PipelineError(.policy, "the policy file can't be read", hint: "it must be text in UTF-8")
        }
        return try Policy(yaml: text)
    }
}

/// Where the project key is read from.
enum KeyFile {
    /// Where the key is looked for when none is named; its folder is made, for its owner alone.
    static func standardPath() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "."
        let folder = (environment["XDG_CONFIG_HOME"] ?? home + "/.config") + "/quench"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder + "/project.key"
    }

    /// For what was made before: a new key would open nothing of it, so none is made. Where there is none, one takes its place
    /// that is kept nowhere: what needs no key goes on, and what does says that the output was made with another.
    static func loadExisting(_ path: String?) throws -> ProjectKey {
        guard path == nil, !FileManager.default.fileExists(atPath: try standardPath()) else { return try load(path) }
        return try ProjectKey.ofThisRun()
    }

    static func load(_ path: String?) throws -> ProjectKey {
        if let path { return try ProjectKey(contentsOf: path) }
        let file = try standardPath()
        if !FileManager.default.fileExists(atPath: file) {
            try ProjectKey.generate(at: file)
            Console.error("quench: made a project key, \(file); keep it: pseudonyms depend on it")
        }
        return try ProjectKey(contentsOf: file)
    }
}

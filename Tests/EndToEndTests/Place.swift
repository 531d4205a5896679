import Foundation
import Glibc

/// Where the built program, SampleData and the tests' own folders are.
enum Place {
    static let root: String = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The folder that the tests were built into holds the program as well.
    static let program: String = {
        let built = CommandLine.arguments.first.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path } ?? ""
        return [built, root + "/.build/release", root + "/.build/debug"].map { $0 + "/quench" }
            .first { access($0, X_OK) == 0 } ?? "quench"
    }()

    static let sampleData = root + "/SampleData/generated"
    static let hasSampleData = access(sampleData + "/truth.json", R_OK) == 0
    static let hasPython = access("/usr/bin/python3", X_OK) == 0

    /// Runs `body` with a new folder and removes it afterwards.
    static func temporary<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = try make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    static func make() throws -> String {
        let folder = NSTemporaryDirectory() + "/quench-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The bytes of every file below a folder, by path relative to it.
    static func contents(of folder: String) -> [String: Data] {
        var result: [String: Data] = [:]
        guard let names = FileManager.default.enumerator(atPath: folder) else { return [:] }
        for case let name as String in names {
            var isFolder: ObjCBool = false
            let path = folder + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            result[name] = FileManager.default.contents(atPath: path)
        }
        return result
    }
}

/// A finished program.
struct Finished {
    var status: Int32
    var output: String
    var errors: String
}

/// Starts programs the way a user does.
enum Shell {
    /// Runs `quench` with a project key of the tests' own.
    static func quench(_ arguments: String...) throws -> Finished { try run(Place.program, arguments) }

    static func run(_ program: String, _ arguments: [String]) throws -> Finished {
        try Place.temporary { folder in
            let process = try start(program, arguments, folder: folder)
            process.waitUntilExit()
            return Finished(
                status: process.terminationStatus, output: text(folder + "/output"), errors: text(folder + "/errors"))
        }
    }

    /// Starts a program whose output goes to files in `folder`, so that no pipe can fill up.
    static func start(_ program: String, _ arguments: [String], folder: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CONFIG_HOME": configuration]) { $1 }
        process.standardOutput = try file(folder + "/output")
        process.standardError = try file(folder + "/errors")
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// Holds the project key that all runs of a test session share.
    private static let configuration = NSTemporaryDirectory() + "/quench-test-configuration"
}

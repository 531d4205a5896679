import DICOMFile
import Foundation
import TestSupport

extension Corpus {
    /// Paths of all files below a folder, sorted.
    static func files(_ folder: String) -> [String] {
        guard let root else { return [] }
        let base = root + "/" + folder
        let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
        return names.map { base + "/" + $0 }.filter { path in
            let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            return type == .typeRegular
        }.sorted()
    }

    /// All bytes of a file of the corpus.
    static func bytes(_ name: String) throws -> [UInt8] {
        let source = try FileByteSource(path: (root ?? "") + "/" + name)
        return try source.read(0..<source.count)
    }
}

/// A folder of its own that is removed with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "quench-test-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Runs a program; nil where it isn't installed.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String)? {
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

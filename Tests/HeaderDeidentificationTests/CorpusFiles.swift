import DICOMFile
import DICOMModel
import Foundation
import Synchronization

/// Files of the development corpus.
enum CorpusFiles {
    /// Whether all files are to be looked at, under each option by itself as well (`make corpus-headers`).
    static let isWhole = ProcessInfo.processInfo.environment["QUENCH_WHOLE_CORPUS"] != nil

    /// One file in `number`, or all.
    static func some(oneIn number: Int) -> [URL] {
        sample.enumerated().filter { isWhole || $0.offset % number == 1 }.map(\.element)
    }

    /// Every third file, in the order of their names; or all.
    static let sample: [URL] = {
        guard let corpus, let names = FileManager.default.enumerator(atPath: corpus.path) else { return [] }
        let files = names.compactMap { $0 as? String }.sorted().map { corpus.appending(path: $0) }
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
        return files.enumerated().filter { isWhole || $0.offset % 3 == 0 }.map(\.element)
    }()

    static func instance(_ file: URL) -> DICOMObject? {
        guard let source = try? FileByteSource(path: file.path), let object = try? DICOMObject.read(source) else {
            return nil
        }
        // DICOMDIRs and files from before DICOM have no instance to release.
        let instances: [(DataSet, Tag)] = [
            (object.dataSet, .sopInstanceUID), (object.fileMeta, .mediaStorageSOPInstanceUID),
        ]
        return instances.contains { $0.0.string($0.1) != nil } ? object : nil
    }

    /// All files of a folder of the corpus whose name has `part` in it, in the order of their names.
    static func all(in folder: String, named part: String = "") -> [URL] {
        guard let folder = corpus?.appending(path: folder),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        else { return [] }
        return names.filter { part.isEmpty || $0.contains(part) }.sorted().map { folder.appending(path: $0) }
    }
}

/// The files of SampleData, where `make sample-data` made them.
enum SampleFiles {
    static let all: [URL] = {
        let input = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "SampleData/generated/input")
        let names = FileManager.default.enumerator(atPath: input.path)?.compactMap { $0 as? String }.sorted() ?? []
        return names.map { input.appending(path: $0) }
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
    }()
}

/// Programs that others wrote.
enum Judges {
    static let hasDicom3tools = ["dciodvfy", "dcentvfy"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
    }

    /// Errors of a result that its original doesn't have; empty where dciodvfy can't judge the original: it doesn't know the
    /// IOD, or gave up on a file that somebody damaged.
    static func newErrors(in target: String, besides original: URL) throws -> Set<String> {
        let before = try originals.withLock { originals in
            let errors = try originals[original] ?? dciodvfy(original.path)
            originals[original] = errors
            return errors
        }
        let isDamaged = original.path.contains("/broken/")
        let isJudged = !before.contains { error in
            error.contains("Information Object Not found") || isDamaged && error.contains("read failed")
        }
        return isJudged ? try dciodvfy(target).subtracting(before) : []
    }

    private static let originals = Mutex<[URL: Set<String>]>([:])

    /// Errors by place and kind, values left out.
    private static func dciodvfy(_ path: String) throws -> Set<String> {
        let output = try run("/usr/bin/dciodvfy", ["-new", path])
        let errors = output.split(separator: "\n").filter { $0.hasPrefix("Error") && !$0.contains("MediaStorage") }
        return Set(
            errors.map { line in
                String(line).replacing(/\[\d+\]/, with: "").replacing(/= <[^>]*>|0x[0-9a-f]+/, with: "")
            })
    }

    static func run(_ tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}

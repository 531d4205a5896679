import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification

/// Reads, de-identifies and writes the files whose paths stand on standard input, one after the other in this process.
/// Prints a line of JSON: instances, processor seconds of each step, bytes read.
///
/// - Parameter arguments: the folder to write to, and names of profile options; `--sweep` to look for residuals as well, in
///   each file as it was written.
func measureHeaders(_ arguments: [String]) throws {
    guard let folder = arguments.first else { throw BenchError("name a folder to write to") }
    let sweeps = arguments.contains("--sweep")
    let options = try arguments.dropFirst().filter { $0 != "--sweep" }.map { name in
        guard let option = ProfileOption(rawValue: name) else { throw BenchError("no such option: \(name)") }
        return option
    }
    let deidentifier = HeaderDeidentifier(
        profile: try DeidentificationProfile(options: Set(options)),
        pseudonyms: Pseudonyms(key: try ProjectKey(bytes: Array(0..<32))))
    var paths: [String] = []
    while let line = readLine() { paths.append(line) }
    var seconds = HeaderSeconds()
    for (index, path) in paths.enumerated() {
        var object = try seconds.measure(\.read) { try DICOMObject.read(try FileByteSource(path: path)) }
        let original = sweeps ? object : nil
        _ = try seconds.measure(\.deidentify) { try deidentifier.deidentify(&object, pixels: .notExamined) }
        try seconds.measure(\.write) {
            // As the other tools write: without waiting for the disk.
            try object.write(toPath: "\(folder)/\(index).dcm", isDurable: false)
        }
        guard let original else { continue }
        let written = try FileByteSource(path: "\(folder)/\(index).dcm")
        let sweep = seconds.measure(\.patterns) { ResidualSweep(original: original, profile: deidentifier.profile) }
        _ = try seconds.measure(\.sweep) { try sweep.residuals(in: written) }
    }
    let line: [String: Any] = [
        "instances": paths.count, "read": seconds.read, "deidentify": seconds.deidentify, "write": seconds.write,
        "patterns": seconds.patterns, "sweep": seconds.sweep,
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: line, options: .sortedKeys), as: UTF8.self))
}

/// Processor seconds by step.
struct HeaderSeconds {
    var read = 0.0
    var deidentify = 0.0
    var write = 0.0
    /// What the sweep looks for.
    var patterns = 0.0
    var sweep = 0.0

    mutating func measure<Result>(
        _ step: WritableKeyPath<HeaderSeconds, Double>, _ body: () throws -> Result
    ) rethrows -> Result {
        let start = processorSeconds()
        defer { self[keyPath: step] += processorSeconds() - start }
        return try body()
    }
}

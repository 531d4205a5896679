import Foundation

// What the benchmarks and the training measure with: see Benchmarks/*.py and Models/training/judgement.py.
// `--report N` measures reports over N made-up instances, `--worklist N` the review page's list over N that are held.

let arguments = CommandLine.arguments.dropFirst()
do {
    if let index = arguments.firstIndex(of: "--header") {
        try measureHeaders(Array(arguments[(index + 1)...]))
    } else if let index = arguments.firstIndex(of: "--report") {
        try measureReport(
            instances: arguments.dropFirst(index - arguments.startIndex + 1).first.flatMap { Int($0) } ?? 100_000)
    } else if let index = arguments.firstIndex(of: "--worklist") {
        try measureWorkList(
            instances: arguments.dropFirst(index - arguments.startIndex + 1).first.flatMap { Int($0) } ?? 100_000)
    } else if let index = arguments.firstIndex(of: "--speed") {
        try measureSpeed(of: Array(arguments[(index + 1)...]), inspecting: !arguments.contains("--decode"))
    } else if let index = arguments.firstIndex(of: "--mask") {
        try measureMasking(Array(arguments[(index + 1)...]), verifying: arguments.contains("--verify"))
    } else {
        try findTextInPictures(showingEvidence: arguments.contains("--evidence"))
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(2)
}

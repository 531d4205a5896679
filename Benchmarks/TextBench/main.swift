import Foundation

// What the benchmarks and the training measure with: see Benchmarks/*.py and Models/training/judgement.py.
// `--report N` measures reports over N made-up instances, `--worklist N` the review page's list over N that are held, `--acts N`
// looks and acts of `quench quarantine` where N instances are in the ledger.

let arguments = CommandLine.arguments.dropFirst()

/// What follows an option.
func rest(after index: Int) -> [String] { Array(arguments[(index + 1)...]) }

func count(after index: Int) -> Int { rest(after: index).first.flatMap { Int($0) } ?? 100_000 }

do {
    if let index = arguments.firstIndex(of: "--header") {
        try measureHeaders(rest(after: index))
    } else if let index = arguments.firstIndex(of: "--report") {
        try measureReport(instances: count(after: index))
    } else if let index = arguments.firstIndex(of: "--worklist") {
        try measureWorkList(instances: count(after: index))
    } else if let index = arguments.firstIndex(of: "--acts") {
        try measureActs(instances: count(after: index))
    } else if let index = arguments.firstIndex(of: "--speed") {
        try measureSpeed(of: rest(after: index), inspecting: !arguments.contains("--decode"))
    } else if let index = arguments.firstIndex(of: "--mask") {
        try measureMasking(rest(after: index), verifying: arguments.contains("--verify"))
    } else {
        try findTextInPictures(showingEvidence: arguments.contains("--evidence"))
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(2)
}

import Foundation

// What the benchmarks and the training measure with: see Benchmarks/text.py, Benchmarks/speed.py,
// Benchmarks/header.py and Models/training/judgement.py.

let arguments = CommandLine.arguments.dropFirst()
do {
    if let index = arguments.firstIndex(of: "--header") {
        try measureHeaders(Array(arguments[(index + 1)...]))
    } else if let index = arguments.firstIndex(of: "--speed") {
        try measureSpeed(of: Array(arguments[(index + 1)...]), inspecting: !arguments.contains("--decode"))
    } else {
        try findTextInPictures(showingEvidence: arguments.contains("--evidence"))
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(2)
}

import Foundation
import Ledger
import Pipeline

/// Fills a ledger with made-up instances, a hundredth of them held, and prints how long `quench quarantine` takes to list what is
/// held, to show one, and to take a decision; and the same of `quench report`, which a decision ends with.
func measureActs(instances count: Int) throws {
    let folder = NSTemporaryDirectory() + "/quench-bench-" + UUID().uuidString
    let output = folder + "/output"
    try FileManager.default.createDirectory(atPath: output + "/report", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try fill(output, instances: count)
    let program = (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/quench"
    let key = folder + "/project.key"
    func timed(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
        print(
            "\(arguments.prefix(2).joined(separator: " ")): \(milliseconds) ms, exit code \(process.terminationStatus)")
    }
    try timed("keygen", "--out", key)
    for _ in 0..<2 { try timed("quarantine", "list", output, "--key", key) }
    for _ in 0..<2 { try timed("quarantine", "show", output, "id-99901", "--key", key) }
    try timed(
        "quarantine", "reject", output, "id-99701", "--key", key, "--as", "Bench", "--reason", "bench", "--no-report")
    try timed("quarantine", "reject", output, "id-99801", "--key", key, "--as", "Bench", "--reason", "bench")
    try timed("report", output)
}

private func fill(_ output: String, instances count: Int) throws {
    let policy = try Policy.builtIn()
    let ledger = try Ledger(path: output + "/ledger.sqlite")
    try ledger.append(
        .runStarted(
            RunStarted(
                versions: [:], policyDigest: policy.digest, policy: policy.source, keyID: "00", deidentification: [:])))
    for start in stride(from: 0, to: count, by: 500) {
        try ledger.append((start..<min(start + 500, count)).flatMap(syntheticEvents))
    }
    try ledger.append(.runFinished(RunFinished(inputs: count, interrupted: false)))
    _ = try ledger.makeReceipt(signedBy: nil)
    try ledger.close()
}

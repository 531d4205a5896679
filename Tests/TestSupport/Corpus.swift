import Foundation

/// The development corpus of real files, where it is present: `QUENCH_CORPUS`, or `shared/corpus` beside the package.
package enum Corpus {
    package static let root: String? = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [
            ProcessInfo.processInfo.environment["QUENCH_CORPUS"],
            package.appending(path: "../shared/corpus").standardizedFileURL.path(percentEncoded: false),
        ]
        return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0 + "/manifest.csv") }
    }()

    package static var isPresent: Bool { root != nil }
}

import Foundation
import Glibc
public import HeaderDeidentification

/// The sealed link table on disk: mode 0600, replaced in one step.
public struct LinkTableFile: Sendable {
    public let path: String
    private let key: ProjectKey

    /// - Throws: `PipelineError` where the key is that of the project: whoever makes pseudonyms would then have the way
    ///   back as well.
    public init(path: String, key: ProjectKey, projectKey: ProjectKey) throws {
        guard key.fingerprint != projectKey.fingerprint else {
            throw PipelineError(
                .terms, "the link key is the project key", hint: "make one of its own with `quench keygen --out FILE`")
        }
        self.path = path
        self.key = key
    }

    /// The table that is there; empty where there is none.
    public func read() throws -> LinkTable {
        guard FileManager.default.fileExists(atPath: path) else { return LinkTable(records: []) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PipelineError(.terms, "the link table can't be read", hint: "check its permissions")
        }
        return try LinkTable(opening: Array(data), key: key)
    }

    /// Adds records to the table; one with the same records stays untouched.
    func add(_ records: [LinkRecord]) throws {
        let before = try read()
        var table = before
        table.add(records)
        guard table.records != before.records || !FileManager.default.fileExists(atPath: path) else { return }
        try FileCopy.replace(path, by: try table.sealed(with: key))
    }

    /// It must not lie where released files are, or go with them; inputs are never written to.
    func requireOutside(_ folders: [String]) throws {
        let name = (path as NSString).deletingLastPathComponent
        guard let parent = InputFiles.resolved(name.isEmpty ? "." : name) else {
            throw PipelineError(.terms, "the link table's folder doesn't exist")
        }
        for folder in folders where parent == folder || parent.hasPrefix(folder + "/") {
            throw PipelineError(
                .terms, "the link table must not lie in the output folder or in an input",
                hint: "keep it on the trusted side")
        }
    }
}

public import HeaderDeidentification
import Ledger

/// What `quench review` tells the program that serves the page, over its standard input: no key stands in an argument list or
/// an environment.
public struct ReviewSetup: Sendable, Codable {
    public var folder: String
    public var key: [UInt8]
    public var sources: HeaderSources
    public var evidence: EvidenceFiles
    /// The program that starts workers and makes reports.
    public var program: String
    public var workerCount: Int
    public var version: String
    public var address: String
    public var port: Int
    /// What a browser calls the page where a reverse proxy stands in front of it: `https://review.example.org`.
    public var origin: String?
    /// The policy file that accepted device rules go into; nil for none.
    public var policyPath: String?
    /// For whom a link is printed that signs in once.
    public var linksFor: [String]

    public init(
        folder: String, key: ProjectKey, sources: HeaderSources, evidence: EvidenceFiles, program: String,
        workerCount: Int, version: String, address: String, port: Int, origin: String?, policyPath: String?,
        linksFor: [String]
    ) {
        self.folder = folder
        self.key = key.bytes
        self.sources = sources
        self.evidence = evidence
        self.program = program
        self.workerCount = workerCount
        self.version = version
        self.address = address
        self.port = port
        self.origin = origin
        self.policyPath = policyPath
        self.linksFor = linksFor
    }

    /// As acts on quarantine on the command line have it.
    ///
    /// - Throws: `PipelineError`, `LedgerError`, `HeaderDeidentificationError` for a key, a policy or a folder that can't be used.
    public func configuration(interruption: Interruption) throws -> RunConfiguration {
        var configuration = RunConfiguration(
            policy: try Quarantine.policy(of: folder), key: try ProjectKey(bytes: key), sources: sources,
            workerCommand: [program, "worker"], workerCount: workerCount, versions: ["quench": version],
            interruption: interruption, progress: { _ in })
        try evidence.apply(to: &configuration)
        return configuration
    }
}

import DICOMModel
public import HeaderDeidentification
import Ledger

/// What a run needs to know.
public struct RunConfiguration: Sendable {
    public var policy: Policy
    public var key: ProjectKey
    /// Program and arguments that start a worker.
    public var workerCommand: [String]
    public var workerCount: Int
    /// Name → version of everything that takes part, and `model:…` → SHA-256.
    public var versions: [String: String]
    public var interruption: Interruption
    public var progress: @Sendable (ProgressUpdate) -> Void

    public init(
        policy: Policy, key: ProjectKey, workerCommand: [String], workerCount: Int, versions: [String: String],
        interruption: Interruption, progress: @escaping @Sendable (ProgressUpdate) -> Void
    ) {
        self.policy = policy
        self.key = key
        self.workerCommand = workerCommand
        self.workerCount = workerCount
        self.versions = versions
        self.interruption = interruption
        self.progress = progress
    }

    func pool(temporaryFolder: String) -> WorkerPool {
        let masked = policy.findings.filter { $0.value != .keep }.map(\.key).sorted { $0.rawValue < $1.rawValue }
        return WorkerPool(
            command: workerCommand, count: workerCount,
            configuration: WorkerConfiguration(
                key: key.bytes, safeTextConfidence: policy.safeTextConfidence,
                archiveEntryMegabytes: policy.limits.archiveEntryMegabytes, maskedCategories: masked,
                deidentification: policy.deidentification),
            limits: policy.limits, temporaryFolder: temporaryFolder, interruption: interruption)
    }

    var runStarted: RunStarted {
        RunStarted(
            versions: versions, policyDigest: policy.digest, policy: policy.source, keyID: key.fingerprint,
            deidentification: Dictionary(
                uniqueKeysWithValues: policy.deidentification.codes(cleanPixelData: true).map {
                    ($0.rawValue, $0.meaning)
                }))
    }
}

extension RunConfiguration {
    /// SHA-256 of a model file, hexadecimal.
    public static func digest(ofModel path: String) throws -> String { try FileCopy.digest(of: path).sha256 }
}

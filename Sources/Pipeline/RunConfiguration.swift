import Crypto
import DICOMModel
public import HeaderDeidentification
public import Ledger

/// What a run needs to know.
public struct RunConfiguration: Sendable {
    public var policy: Policy
    public var key: ProjectKey
    /// Scripts, project and lists.
    public var sources: HeaderSources
    /// Where the sealed link table goes; nil for none.
    public var linkTable: LinkTableFile?
    /// What originals in quarantine are sealed with; derived from the project key unless another is given.
    public var quarantineKey: QuarantineKey
    /// What the ledger's head is signed with at the end; nil for a receipt without a signature.
    public var signingKey: SigningKey?
    /// Where the receipt goes besides `report/receipt.json`.
    public var receiptPath: String?
    /// Program and arguments that start a worker.
    public var workerCommand: [String]
    public var workerCount: Int
    /// Name → version of everything that takes part, and `model:…` → SHA-256.
    public var versions: [String: String]
    /// Where acts and looks of one process share the ledger.
    public let desk = LedgerDesk()
    public var interruption: Interruption
    public var progress: @Sendable (ProgressUpdate) -> Void

    public init(
        policy: Policy, key: ProjectKey, sources: HeaderSources = HeaderSources(), workerCommand: [String],
        workerCount: Int, versions: [String: String],
        interruption: Interruption, progress: @escaping @Sendable (ProgressUpdate) -> Void
    ) {
        self.policy = policy
        self.key = key
        self.sources = sources
        quarantineKey = QuarantineKey(derivedFrom: key)
        self.workerCommand = workerCommand
        self.workerCount = workerCount
        self.versions = versions
        self.interruption = interruption
        self.progress = progress
    }

    /// What is held in an output.
    func index(of output: OutputFolder) -> QuarantineIndex { desk.index(at: output.ledgerPath, policy: policy) }

    /// What is held in an output, for whoever looks while others act.
    ///
    /// - Throws: `PipelineError` where the folder is no output.
    public func index(of folder: String) throws -> QuarantineIndex { index(of: try OutputFolder(existing: folder)) }

    func pool(temporaryFolder: String) -> WorkerPool {
        let masked = policy.findings.filter { $0.value != .keep }.map(\.key).sorted { $0.rawValue < $1.rawValue }
        return WorkerPool(
            command: workerCommand, count: workerCount,
            configuration: WorkerConfiguration(
                key: key.bytes, safeTextConfidence: policy.safeTextConfidence, fallback: policy.fallback,
                archiveEntryMegabytes: policy.limits.archiveEntryMegabytes, maskedCategories: masked,
                deidentification: policy.deidentification, sources: sources, headerRules: policy.header,
                deviceRules: policy.rules),
            limits: policy.limits, temporaryFolder: temporaryFolder, interruption: interruption)
    }

    /// The profile and its options, and Clean Pixel Data; the latter alone where scripts do the profile's work.
    private var codes: [DeidentificationCode] {
        let isScriptOnly = !sources.scripts.isEmpty && policy.header.scriptOrder == .insteadOfProfile
        return isScriptOnly ? [.cleanPixelData] : policy.deidentification.codes(cleanPixelData: true)
    }

    /// Digests of scripts and lists by name.
    var terms: [String: String] { sources.terms(key: key, order: policy.header.scriptOrder) }

    /// Reads scripts and lists, so that a mistake in one ends the run before it begins.
    ///
    /// - Throws: `HeaderDeidentificationError`, or `PipelineError` with code `.terms`.
    func checkSources() throws {
        _ = try sources.plan(pseudonyms: Pseudonyms(key: key), rules: policy.header)
        _ = try sources.consent()
    }

    /// What goes on without an error and is hardly meant, for whoever starts a run.
    public var warnings: [String] {
        guard policy.header.scriptOrder == .beforeProfile else { return [] }
        return sources.scripts.enumerated().flatMap { index, text in
            ScriptLint(text, tolerance: .tolerant, options: policy.deidentification.options).diagnostics
                .filter { $0.rule == .shiftedTwice }
                .map { "script \(index + 1), line \($0.position.line): \($0.message)" }
        }
    }

    var runStarted: RunStarted {
        RunStarted(
            versions: versions, policyDigest: policy.digest, policy: policy.source, keyID: key.fingerprint,
            deidentification: Dictionary(
                uniqueKeysWithValues: codes.map {
                    ($0.rawValue, $0.meaning)
                }),
            terms: terms)
    }
}

extension RunConfiguration {
    /// SHA-256 of a model file, hexadecimal.
    public static func digest(ofModel path: String) throws -> String { try FileCopy.digest(of: path).sha256 }

    /// SHA-256 of a model that is built in.
    public static func digest(ofModel bytes: UnsafeRawBufferPointer) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }
}

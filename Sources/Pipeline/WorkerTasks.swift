import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Ledger
import PixelCodecs
import PixelRedaction
import TextFinding

/// The steps that touch bytes from outside, one file at a time. Lives in a worker process.
final class WorkerTasks {
    let configuration: WorkerConfiguration
    let pseudonyms: Pseudonyms
    /// Carries out the profile.
    let deidentifier: HeaderDeidentifier
    let plan: HeaderPlan
    let consent: ConsentLists?
    var retained: RetainedHeader
    private var finder: TextFinder?
    private var series = ""
    /// What is being looked at.
    var viewed: ViewedObject?

    init(_ configuration: WorkerConfiguration) throws {
        self.configuration = configuration
        pseudonyms = Pseudonyms(
            key: try ProjectKey(bytes: configuration.key), issuers: configuration.headerRules.issuers)
        deidentifier = HeaderDeidentifier(profile: configuration.deidentification, pseudonyms: pseudonyms)
        plan = try configuration.sources.plan(pseudonyms: pseudonyms, rules: configuration.headerRules)
        consent = try configuration.sources.consent()
        retained = RetainedHeader(profile: configuration.deidentification, isScriptOnly: plan.isScriptOnly)
    }

    /// Never throws: what goes wrong with a file is an answer about that file.
    func perform(_ request: WorkerRequest) -> WorkerResponse {
        do {
            switch request {
            case .configure: return .ready
            case .receive(let path): return .received(try receive(path))
            case .unpack(let path, let folder):
                let limit = configuration.archiveEntryMegabytes << 20
                let result = try ArchiveReader(path: path).unpack(to: folder, maximumEntry: limit)
                return .unpacked(result.entries, reason: result.reason)
            case .inspect(let path, let sha256): return .inspected(try inspect(path, sha256: sha256))
            case .redact(let request): return .redacted(try redact(request))
            case .verify(let request): return .verified(try verify(request))
            case .reexamine(let path, let accepted):
                return .reexamined(try reexamine(path, accepting: accepted))
            case .explain(let path, let showsValues):
                return .explained(try explain(path, showsValues: showsValues))
            case .inventory(let path, let showsValues):
                return .inventoried(try inventory(path, showsValues: showsValues))
            case .view(let request): return .viewed(try view(request))
            case .directory(let path): return .listed(try DirectoryEntry(path: path))
            }
        } catch {
            return .failed(FailureReason.code(for: error))
        }
    }

    /// The text finder, made when first needed, since its models take a tenth of a second to load. What it remembers
    /// belongs to one Series.
    func finder(forSeries name: String) throws -> TextFinder {
        let finder = try self.finder ?? TextFinder()
        self.finder = finder
        if name != series { finder.forgetSeries() }
        series = name
        return finder
    }

    func read(_ path: String) throws -> DICOMObject {
        try DICOMObject.read(try FileByteSource(path: path))
    }

    /// - Throws: `WorkerStepError` with reason `archive` for what has to be taken apart first, and `not-dicom`.
    func readOrUnpack(_ path: String) throws -> DICOMObject {
        let source = try FileByteSource(path: path)
        if ArchiveReader.isArchive(try source.read(0..<min(4, source.count))) { throw WorkerStepError("archive") }
        guard DICOMObject.isDICOM(source) else { throw WorkerStepError("not-dicom") }
        return try DICOMObject.read(source)
    }
}

/// The reason code that stands for an error of any module.
enum FailureReason {
    static func code(for error: any Error) -> ReasonCode {
        switch error {
        case let error as DICOMFileError: code(for: error)
        case let error as PixelRedactionError: error.reason
        case let error as PixelCodecError: code(for: error)
        case is TextFindingError: "undecodable-frame"
        case let error as HeaderDeidentificationError where error.code == .notAnInstance: "missing-required-uid"
        case is DicomEditError, is ScriptFailure: "script-failed"
        case let error as WorkerStepError: error.reason
        case let error as PipelineError where error.code == .input: "input-unreadable"
        default: "worker-failed"
        }
    }

    private static func code(for error: DICOMFileError) -> ReasonCode {
        switch error.code {
        case .notDICOM: "not-dicom"
        case .truncated: "truncated"
        case .readFailed: "input-unreadable"
        case .writeFailed: OutputFolder.unwritable
        default: "malformed-header"
        }
    }

    private static func code(for error: PixelCodecError) -> ReasonCode {
        error.code == .unsupported ? "unsupported-transfer-syntax" : "undecodable-frame"
    }
}

/// A step that can't be done for a file, with the reason that its row gets.
struct WorkerStepError: Error {
    let reason: ReasonCode

    init(_ reason: ReasonCode) {
        self.reason = reason
    }
}

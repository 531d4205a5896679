import DICOMModel
import HeaderDeidentification
import Synchronization

/// `quench explain`: a file or an archive, looked at by a worker, nothing written.
public struct ExplainRun: Sendable {
    private let configuration: RunConfiguration

    /// - Throws: as `RunConfiguration.checkSources`.
    public init(configuration: RunConfiguration) throws {
        try configuration.checkSources()
        self.configuration = configuration
    }

    /// - Parameters:
    ///   - path: of a file, or of an archive, whose objects are explained one by one.
    ///   - showsValues: whether the rows hold values, which name the patient.
    /// - Returns: in the archive's order; what can't be read has a failure and no rows. What is not DICOM is left out.
    /// - Throws: `PipelineError` with code `.input` where there is no DICOM file, or where the one there is can't be read.
    public func explain(_ path: String, showsValues: Bool) throws -> [Explanation] {
        let answers = Mutex<[(file: AskedFile, response: WorkerResponse)]>([])
        try configuration.ask(
            [path], question: { .explain(path: $0, showsValues: showsValues) },
            each: { file, response in answers.withLock { $0.append((file, response)) } })
        guard !configuration.interruption.isRequested else { throw PipelineError(.interrupted, "interrupted") }
        let all = answers.withLock { $0 }.sorted { ($0.file.entry ?? -1) < ($1.file.entry ?? -1) }
        if all.count == 1, case .failed(let reason) = all[0].response { throw Self.inexplicable(reason) }
        let explanations = all.compactMap { Self.explanation($0.response) }
        guard !explanations.isEmpty else { throw Self.inexplicable("not-dicom") }
        return explanations
    }

    private static func explanation(_ response: WorkerResponse) -> Explanation? {
        switch response {
        case .explained(let explanation): explanation
        case .failed("not-dicom"): nil
        case .failed(let reason): .failed(reason)
        default: .failed("worker-crashed")
        }
    }

    private static func inexplicable(_ reason: ReasonCode) -> PipelineError {
        PipelineError(.input, "the file can't be explained: \(reason.rawValue)")
    }
}

import DICOMModel
import HeaderDeidentification
import Synchronization

/// `quench explain`: one file, looked at by a worker, nothing written.
public struct ExplainRun: Sendable {
    private let configuration: RunConfiguration

    /// - Throws: as `RunConfiguration.checkSources`.
    public init(configuration: RunConfiguration) throws {
        try configuration.checkSources()
        self.configuration = configuration
    }

    /// - Parameter showsValues: whether the rows hold values, which name the patient.
    /// - Throws: `PipelineError` with code `.input` where the file is no DICOM file or can't be read.
    public func explain(_ path: String, showsValues: Bool) throws -> Explanation {
        let answer = Mutex<WorkerResponse?>(nil)
        try configuration.ask([.explain(path: path, showsValues: showsValues)]) { response in
            answer.withLock { $0 = response }
        }
        switch answer.withLock({ $0 }) {
        case .explained(let explanation): return explanation
        case .failed(let reason): throw Self.inexplicable(reason)
        case nil: throw PipelineError(.interrupted, "interrupted")
        default: throw Self.inexplicable("worker-crashed")
        }
    }

    private static func inexplicable(_ reason: ReasonCode) -> PipelineError {
        PipelineError(.input, "the file can't be explained: \(reason.rawValue)")
    }
}

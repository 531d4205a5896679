import DICOMModel
import Foundation
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
        let answer = try WorkerAnswer.ask(.explain(path: path, showsValues: showsValues), configuration)
        guard case .explained(let explanation) = answer else {
            throw PipelineError(.input, "the file can't be explained: \(WorkerAnswer.reason(answer))")
        }
        return explanation
    }
}

/// One question to one worker.
enum WorkerAnswer {
    static func ask(_ request: WorkerRequest, _ configuration: RunConfiguration) throws -> WorkerResponse {
        let folder = NSTemporaryDirectory() + "/quench-\(ProcessInfo.processInfo.processIdentifier)"
        try OutputFolder.makeFolder(folder, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let answer = Mutex<WorkerResponse?>(nil)
        try configuration.pool(temporaryFolder: folder).run([request]) { request, worker in
            let response: WorkerResponse
            do throws(WorkerFailure) {
                response = try worker.perform(request)
            } catch {
                guard let reason = error.reason else { return try Assessment.stop(error) }
                response = .failed(reason)
            }
            answer.withLock { $0 = response }
        }
        guard let response = answer.withLock({ $0 }) else { throw PipelineError(.interrupted, "interrupted") }
        return response
    }

    static func reason(_ response: WorkerResponse) -> String {
        if case .failed(let reason) = response { reason.rawValue } else { "worker-crashed" }
    }
}

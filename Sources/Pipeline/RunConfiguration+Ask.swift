import Foundation

extension RunConfiguration {
    /// Puts questions to workers, which write nothing that stays. What a worker dies of at a file is its answer.
    ///
    /// - Parameter each: is told the answers, in any order and from several threads; those that an interruption prevents
    ///   are left out.
    func ask(_ requests: [WorkerRequest], each: @escaping @Sendable (WorkerResponse) -> Void) throws {
        let folder = NSTemporaryDirectory() + "/quench-\(ProcessInfo.processInfo.processIdentifier)"
        try OutputFolder.makeFolder(folder, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try pool(temporaryFolder: folder).run(requests) { request, worker in
            let response: WorkerResponse
            do throws(WorkerFailure) {
                response = try worker.perform(request)
            } catch {
                guard let reason = error.reason else { return try Assessment.stop(error) }
                response = .failed(reason)
            }
            each(response)
        }
    }
}

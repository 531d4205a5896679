import Synchronization

/// A worker that does nothing but wait: where the run is killed, it removes what was taken out of archives, originals in the clear.
/// Others come and go with their stage. It ends with this object.
final class ArchiveKeeper: Sendable {
    /// Tells the worker the folder.
    static let variable = "QUENCH_UNPACKED"

    private let worker = Mutex<WorkerProcess?>(nil)

    /// To be called before anything is unpacked.
    ///
    /// - Throws: `PipelineError` where it can't be started, or the run is interrupted.
    func start(_ pool: WorkerPool) throws {
        try worker.withLock { worker in
            let keeper = WorkerProcess(
                command: pool.command, configuration: pool.configuration, limits: pool.limits,
                temporaryFolder: pool.temporaryFolder + "/keeper", unpackingFolder: pool.unpackingFolder,
                interruption: pool.interruption)
            do throws(WorkerFailure) {
                try keeper.start()
            } catch {
                try Assessment.stop(error)
                throw pool.interruption.isRequested
                    ? PipelineError(.interrupted, "interrupted", hint: "run the same command again to go on")
                    : PipelineError(.worker, "no worker could be started", hint: "run `quench doctor`")
            }
            worker = keeper
        }
    }
}

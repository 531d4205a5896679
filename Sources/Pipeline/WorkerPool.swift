import Foundation
import Glibc
import Synchronization

/// Some workers, each driven by a thread, that take pieces of work off one list.
struct WorkerPool: Sendable {
    var command: [String]
    var count: Int
    var configuration: WorkerConfiguration
    var limits: Policy.Limits
    /// Holds one private temporary folder per worker.
    var temporaryFolder: String
    var interruption: Interruption

    /// For what is taken out of archives; a run that follows at once has another one.
    var unpackingFolder: String { "\(temporaryFolder)/unpacked-\(getpid())" }

    /// A worker that isn't started yet, with a temporary folder of its own.
    func worker(temporaryFolder: String) -> WorkerProcess {
        WorkerProcess(
            command: command, configuration: configuration, limits: limits, temporaryFolder: temporaryFolder,
            interruption: interruption)
    }

    /// Calls `body` once for each piece, in order of the list as far as workers are free, and returns when all are
    /// done or the run was interrupted. A piece that throws stops the others and is thrown again.
    func run<Piece: Sendable>(
        _ pieces: [Piece], body: @escaping @Sendable (Piece, WorkerProcess) throws -> Void
    ) throws {
        guard !pieces.isEmpty else { return }
        let next = Mutex(0)
        let failure = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        for number in 0..<min(max(count, 1), pieces.count) {
            group.enter()
            let thread = Thread {
                defer { group.leave() }
                let worker = worker(temporaryFolder: "\(temporaryFolder)/worker-\(number)")
                while !interruption.isRequested, failure.withLock({ $0 == nil }) {
                    let index = next.withLock { value in
                        defer { value += 1 }
                        return value
                    }
                    guard index < pieces.count else { return }
                    do {
                        try body(pieces[index], worker)
                    } catch {
                        failure.withLock { $0 = $0 ?? error }
                    }
                }
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}

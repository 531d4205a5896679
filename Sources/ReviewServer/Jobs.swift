import Foundation
import Ledger
import Pipeline
import Synchronization

/// Acts that people asked for, one at a time, since each stages files in the same place. They take as long as decoding and
/// encoding do, so the page asks how far they are.
package final class Jobs: Sendable {
    struct Status: Sendable, Encodable {
        enum State: String, Sendable, Encodable {
            case waiting
            case running
            case done
            case failed
        }

        var state: State
        /// What became of each instance.
        var results: [Quarantine.Result] = []
        /// Who it really is, once: names and numbers by what they are called.
        var identities: [[String: String]] = []
        /// Instances of which nothing of the kind can be read.
        var unidentified: [String] = []
        var message: String?
        var hint: String?
    }

    private struct Job {
        var status: Status
        /// Of which session: nobody else is told.
        var owner: String
        var ended: Date?
    }

    private static let memory: TimeInterval = 600

    private let now: @Sendable () -> Date
    private let queue = DispatchQueue(label: "acts")
    private let jobs = Mutex<[String: Job]>([:])

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    /// - Returns: the job's name.
    func start(by owner: String, _ body: @escaping @Sendable () throws -> Status) -> String {
        let name = String(Secret().text.prefix(16))
        jobs.withLock { jobs in
            let time = now()
            jobs = jobs.filter { $0.value.ended.map { time.timeIntervalSince($0) < Self.memory } ?? true }
            jobs[name] = Job(status: Status(state: .waiting), owner: owner)
        }
        queue.async {
            self.set(name, Status(state: .running), ended: false)
            do {
                self.set(name, try body(), ended: true)
            } catch {
                let problem = Problem(error)
                self.set(name, Status(state: .failed, message: problem.message, hint: problem.hint), ended: true)
            }
        }
        return name
    }

    private func set(_ name: String, _ status: Status, ended: Bool) {
        jobs.withLock { jobs in
            jobs[name]?.status = status
            if ended { jobs[name]?.ended = now() }
        }
    }

    /// Nil for a job of somebody else. Who it really is, is told once.
    func status(_ name: String, of owner: String) -> Status? {
        jobs.withLock { jobs in
            guard let job = jobs[name], job.owner == owner else { return nil }
            jobs[name]?.status.identities = []
            return job.status
        }
    }

    /// Waits until those that were started are done.
    package func finish() { queue.sync {} }
}

/// What went wrong, in words that name no patient and no path.
struct Problem: Sendable {
    var message: String
    var hint: String?

    init(_ error: any Error) {
        switch error {
        case let error as PipelineError: (message, hint) = (error.message, error.hint)
        case let error as LedgerError: (message, hint) = (error.message, error.hint)
        default: (message, hint) = ("it failed (\(type(of: error)))", "look at the terminal of `quench review`")
        }
    }
}

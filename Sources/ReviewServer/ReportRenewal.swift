import Foundation
import Synchronization

/// Makes the reports again after what was recorded, not for each event, but soon: they hold the ledger's head.
final class ReportRenewal: Sendable {
    private struct State {
        var isWanted = false
        var isScheduled = false
        /// How long the last one took.
        var took: TimeInterval = 0
    }

    private static let delay: TimeInterval = 1

    private let make: @Sendable () throws -> Void
    private let queue = DispatchQueue(label: "reports")
    private let state = Mutex(State())

    init(_ make: @escaping @Sendable () throws -> Void) {
        self.make = make
    }

    /// Something was recorded. A report that takes long is made less often, so that it takes a fifth of the time at most.
    func want() {
        let delay = state.withLock { state -> TimeInterval? in
            state.isWanted = true
            guard !state.isScheduled else { return nil }
            state.isScheduled = true
            return max(Self.delay, 4 * state.took)
        }
        if let delay { queue.asyncAfter(deadline: .now() + delay) { self.run() } }
    }

    private func run() {
        let isWanted = state.withLock { state in
            defer { (state.isWanted, state.isScheduled) = (false, false) }
            return state.isWanted
        }
        guard isWanted else { return }
        let start = Date()
        try? make()
        state.withLock { $0.took = Date().timeIntervalSince(start) }
    }

    /// Makes them now where they are wanted, and waits.
    func finish() { queue.sync { run() } }
}

import Synchronization

/// How far a run is: what the command line shows while it works.
public struct ProgressUpdate: Sendable {
    public enum Stage: String, Sendable {
        case receiving, inspecting, releasing, verifying, listing
    }

    public let stage: Stage
    public let done: Int
    public let total: Int
}

/// Counts finished pieces of a stage and tells a listener about each.
final class ProgressCounter: Sendable {
    private struct Count {
        var done = 0
        var total: Int
    }

    private let stage: ProgressUpdate.Stage
    private let count: Mutex<Count>
    private let listener: @Sendable (ProgressUpdate) -> Void

    init(_ stage: ProgressUpdate.Stage, total: Int, listener: @escaping @Sendable (ProgressUpdate) -> Void) {
        self.stage = stage
        count = Mutex(Count(total: total))
        self.listener = listener
        listener(ProgressUpdate(stage: stage, done: 0, total: total))
    }

    func advance(by count: Int = 1) {
        change { $0.done += count }
    }

    /// There are more pieces than was known, or fewer.
    func expect(more count: Int) {
        change { $0.total += count }
    }

    private func change(_ body: (inout Count) -> Void) {
        let now = count.withLock { count in
            body(&count)
            return count
        }
        listener(ProgressUpdate(stage: stage, done: now.done, total: now.total))
    }
}

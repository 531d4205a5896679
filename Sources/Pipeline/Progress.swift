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
    private let stage: ProgressUpdate.Stage
    private let total: Int
    private let done = Mutex(0)
    private let listener: @Sendable (ProgressUpdate) -> Void

    init(_ stage: ProgressUpdate.Stage, total: Int, listener: @escaping @Sendable (ProgressUpdate) -> Void) {
        self.stage = stage
        self.total = total
        self.listener = listener
        listener(ProgressUpdate(stage: stage, done: 0, total: total))
    }

    func advance(by count: Int = 1) {
        let now = done.withLock { value in
            value += count
            return value
        }
        listener(ProgressUpdate(stage: stage, done: now, total: total))
    }
}

import Synchronization

/// Whether the user asked the run to stop.
public final class Interruption: Sendable {
    private let requested = Atomic<Bool>(false)

    public init() {}

    public var isRequested: Bool { requested.load(ordering: .relaxed) }

    public func request() {
        requested.store(true, ordering: .relaxed)
    }
}

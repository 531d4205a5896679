import DICOMModel
import Synchronization

/// New UIDs that were worked out before: a Series has some that stand in every instance. Bounded, and of no consequence
/// but for time.
final class UIDMemory: Sendable {
    private let uids = Mutex<[UID: UID]>([:])
    private static let capacity = 1 << 14

    subscript(original: UID, make: () -> UID) -> UID {
        if let known = uids.withLock({ $0[original] }) { return known }
        let new = make()
        uids.withLock { uids in
            if uids.count >= Self.capacity { uids.removeAll(keepingCapacity: true) }
            uids[original] = new
        }
        return new
    }
}

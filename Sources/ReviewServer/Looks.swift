import DICOMModel
package import Ledger
import Pipeline
import Synchronization

/// Which frames were recorded as shown, by session, so that a frame that is looked at twice in one session is one event.
package final class Looks: Sendable {
    private struct Key: Hashable {
        var session: String
        var instance: InstanceID
        var picture: Viewed.Picture
    }

    private let recorded = Mutex<[Key: Set<Int>]>([:])
    private let log: ReviewLog

    init(log: ReviewLog) {
        self.log = log
    }

    /// Records those of the frames that this session wasn't shown yet; when it returns, they may be sent.
    ///
    /// - Returns: whether anything was new.
    /// - Throws: `LedgerError`, with code `.locked` while a run is writing.
    package func record(
        _ frames: ClosedRange<Int>, of id: InstanceID, _ picture: Viewed.Picture, to session: Session
    ) throws -> Bool {
        let key = Key(session: session.label, instance: id, picture: picture)
        return try recorded.withLock { recorded in
            let new = frames.filter { recorded[key]?.contains($0) != true }
            for range in new.ascendingRanges {
                let viewed = Viewed(
                    by: session.reviewer.name, session: session.label, picture: picture, frames: range)
                try log.record(viewed, of: id)
                recorded[key, default: []].formUnion(range)
            }
            return !new.isEmpty
        }
    }

    func forget(_ session: Session) {
        recorded.withLock { recorded in recorded = recorded.filter { $0.key.session != session.label } }
    }
}

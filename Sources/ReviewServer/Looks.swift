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

    private struct Content {
        var recorded: [Key: Set<Int>] = [:]
        /// Sessions that are over: what they asked for before isn't sent after.
        var ended: Set<String> = []
    }

    private let content = Mutex(Content())
    private let log: ReviewLog

    init(log: ReviewLog) {
        self.log = log
    }

    /// Records those of the frames that this session wasn't shown yet; when it returns, they may be sent.
    ///
    /// - Returns: whether anything was new.
    /// - Throws: `LedgerError`, with code `.locked` while a run is writing; `ReviewPage.Refusal` once the session is over.
    package func record(
        _ frames: ClosedRange<Int>, of id: InstanceID, _ picture: Viewed.Picture, to session: Session
    ) throws -> Bool {
        let key = Key(session: session.label, instance: id, picture: picture)
        return try content.withLock { content in
            guard !content.ended.contains(session.label) else { throw ReviewPage.signInFirst }
            let new = frames.filter { content.recorded[key]?.contains($0) != true }
            for range in new.ascendingRanges {
                let viewed = Viewed(
                    by: session.reviewer.name, session: session.label, picture: picture, frames: range)
                try log.record(viewed, of: id)
                content.recorded[key, default: []].formUnion(range)
            }
            return !new.isEmpty
        }
    }

    func end(_ session: Session) {
        content.withLock { content in
            content.ended.insert(session.label)
            content.recorded = content.recorded.filter { $0.key.session != session.label }
        }
    }
}

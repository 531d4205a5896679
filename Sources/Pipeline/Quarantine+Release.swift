public import DICOMModel
import Foundation
import Glibc
import Ledger
import Synchronization

extension Quarantine {
    /// What a person wants done to the pixels.
    public enum Treatment: Hashable, Sendable {
        /// What the policy masks of the findings, and these boxes, on one frame or, without one, on all.
        case masked([Box])
        /// Nothing is masked: text that was found may stay.
        case asItIs
    }

    /// A box in stored pixels, origin top left.
    public struct Box: Hashable, Sendable {
        public var region: PixelRegion
        /// Nil for all frames.
        public var frame: FrameNumber?

        public init(region: PixelRegion, frame: FrameNumber? = nil) {
            self.region = region
            self.frame = frame
        }

        /// Nil unless the text is `x,y,width,height` or `x,y,width,height,frame`.
        public init?(_ text: String) {
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            let given = numbers.compactMap { $0 }
            guard given.count == numbers.count, given.count == 4 || given.count == 5, given[0] >= 0, given[1] >= 0,
                given[2] > 0, given[3] > 0, given.allSatisfy({ $0 < 1 << 31 })
            else { return nil }
            region = PixelRegion(x: given[0], y: given[1], width: given[2], height: given[3])
            guard given.count == 5 else { return }
            guard let frame = FrameNumber(given[4]) else { return nil }
            self.frame = frame
        }
    }

    /// What became of one instance.
    public struct Result: Hashable, Sendable, Encodable {
        public enum Status: String, Hashable, Sendable, Encodable {
            case released
            case releasedMasked = "released-masked"
            /// A second person has to confirm.
            case proposed = "second-person-needed"
            /// It stays held.
            case refused
        }

        public var id: String
        public var status: Status
        /// Why it stays held.
        public var reasons: [String]
    }

    /// Releases held instances by the way that a run takes: redaction, header, second look, atomic rename. What the second
    /// look refuses stays held.
    ///
    /// As it is, an instance with text that policy would mask takes two people, unless policy says otherwise: the first call
    /// proposes, the second, by somebody else, releases.
    public func release(
        _ name: String, _ treatment: Treatment, by reviewer: Reviewer, because reason: ReviewReason
    ) throws -> [Result] {
        let act = try act(configuration, needsTerms: true)
        defer { act.end() }
        let open = try Self.find(name, in: act.state).records.filter { $0.reviewState?.isOpen == true }
        guard !open.isEmpty else { throw Self.alreadyDecided }
        let release = QuarantineRelease(act: act, treatment: treatment, reviewer: reviewer, reason: reason)
        let results = Mutex<[Result]>([])
        try act.pool.run(open) { record, worker in
            let result = try release.release(record, with: worker)
            results.withLock { $0.append(result) }
        }
        try act.finish()
        return results.withLock { $0.sorted { $0.id < $1.id } }
    }

    /// Inspects held instances again, with today's policy of the output and today's models; nothing is released by it.
    public func rescan(_ name: String, by reviewer: Reviewer, because reason: ReviewReason) throws {
        let act = try act(configuration, needsTerms: true)
        defer { act.end() }
        let open = try Self.find(name, in: act.state).records.filter { $0.reviewState?.isOpen == true }
        guard !open.isEmpty else { throw Self.alreadyDecided }
        let release = QuarantineRelease(act: act, treatment: .masked([]), reviewer: reviewer, reason: reason)
        try act.pool.run(open) { record, worker in try release.rescan(record, with: worker) }
        try act.finish()
    }
}

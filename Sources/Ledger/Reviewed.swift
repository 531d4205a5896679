internal import DICOMModel
internal import Foundation

/// What a person did about a held instance, or had done. The ledger has the time.
public struct Reviewed: Hashable, Sendable, Codable {
    public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        /// Somebody looks at it.
        case takenUp = "taken-up"
        /// The header was shown, or the original was written to a file outside quarantine.
        case lookedAt = "looked-at"
        /// It was inspected again.
        case rescanned
        /// The first of two people wants to release it as it is.
        case proposed = "proposed-as-it-is"
        /// The first of two people wants to release it masked, but for some regions.
        case proposedPartly = "proposed-partly-masked"
        case releasedMasked = "released-masked"
        case releasedAsIs = "released-as-it-is"
        case rejected
        /// Whoever sent it is to correct it and send it again.
        case sentBack = "sent-back"
        /// The original in quarantine was deleted.
        case originalDeleted = "original-deleted"
        /// What was released is taken back: the file left `released/`.
        case withdrawn

        /// Whether a second person has to agree.
        public var isProposal: Bool { self == .proposed || self == .proposedPartly }

        /// Whether reports list it one by one.
        package var isReported: Bool { isDecision || isProposal || self == .withdrawn || self == .originalDeleted }

        /// Whether it ends the hold.
        public var isDecision: Bool {
            switch self {
            case .releasedMasked, .releasedAsIs, .rejected, .sentBack: true
            default: false
            }
        }
    }

    public var action: Action
    /// The person's name as given.
    public var by: String
    /// Why, in the person's words; shown on the trusted side alone.
    public var reason: String
    /// What it stands on, as `name=value`: `findings=3`, `frames-examined=40`, `first=…` (who proposed it),
    /// `mask=x,y,w,h` and `without=…` (regions that the person added and switched off).
    public var evidence: [String]

    public init(action: Action, by: String, reason: String, evidence: [String] = []) {
        self.action = action
        self.by = by
        self.reason = reason
        self.evidence = evidence
    }

    /// Whether an instance that ended so may end otherwise after a stored act.
    static func reopens(_ payload: Data, after end: LedgerEntry.Kind?) -> Bool {
        guard let action = (try? JSONDecoder().decode(Reviewed.self, from: payload))?.action else { return false }
        return end == .quarantined && action.isDecision || end == .released && action == .withdrawn
    }
}

/// Where a held instance stands.
public enum ReviewState: String, Hashable, Sendable, Codable, CaseIterable {
    case held
    case underReview = "under-review"
    case releasedMasked = "released-masked"
    case releasedAsIs = "released-as-it-is"
    case rejected
    case sentBack = "sent-back"
    /// It was released, and taken back; nothing of it is left in the output.
    case withdrawn

    /// Whether a person still has to decide.
    public var isOpen: Bool { self == .held || self == .underReview }
}

extension InstanceRecord {
    /// Nil where it was neither held nor withdrawn.
    public var reviewState: ReviewState? {
        guard heldSince != nil else { return nil }
        let last = reviews.lastIndex { $0.reviewed.action.isDecision || $0.reviewed.action == .withdrawn }
        switch last.map({ reviews[$0].reviewed.action }) {
        case .releasedMasked: return .releasedMasked
        case .releasedAsIs: return .releasedAsIs
        case .rejected: return .rejected
        case .sentBack: return .sentBack
        case .withdrawn:
            guard outcome == .quarantined else { return .withdrawn }
            return last == reviews.indices.last ? .held : .underReview
        default: return reviews.isEmpty ? .held : .underReview
        }
    }

    /// When it was withdrawn, where that is what people did about it last.
    public var withdrawnAt: String? {
        let last = reviews.last { $0.reviewed.action.isDecision || $0.reviewed.action == .withdrawn }
        return last?.reviewed.action == .withdrawn ? last?.time : nil
    }
}

public import DICOMModel

/// Everything that the ledger says about one input file. Of events that a killed and repeated run wrote twice, the
/// later one counts.
public struct InstanceRecord: Hashable, Sendable {
    public let id: InstanceID
    public var received: Received?
    public var inspected: Inspected?
    public var decided: Decided?
    public var redacted: Redacted?
    public var verified: Verified?
    public var final: FinalEvent?
    /// When something was recorded about it last, looks apart: ISO 8601, UTC.
    public private(set) var lastTime = ""
    /// What people did about it, oldest first.
    public private(set) var reviews: [Review] = []
    /// Who was shown its pictures on the review page, oldest first.
    public private(set) var views: [View] = []
    /// The number of the event that `final` is; 0 where there is none.
    public private(set) var finalSequence = 0
    /// Since when it is, or was, held, or when it was withdrawn: ISO 8601, UTC; nil where it never was.
    public private(set) var heldSince: String?
    /// Why it was held, whatever became of it later.
    public private(set) var heldReasons: [ReasonCode] = []
    /// Whether it was held or withdrawn and has no original in quarantine: it was deleted, or there never was one.
    public private(set) var originalIsDeleted = false
    private var isReopened = false

    /// What a person did, and when.
    public struct Review: Hashable, Sendable {
        /// ISO 8601, UTC.
        public let time: String
        public let reviewed: Reviewed
    }

    /// Who was shown pictures, and when.
    public struct View: Hashable, Sendable {
        /// ISO 8601, UTC.
        public let time: String
        public let viewed: Viewed
    }

    public init(id: InstanceID) {
        self.id = id
    }

    /// What became of the file; nil while that is open.
    public var outcome: Outcome? { final?.outcome }

    /// Why: what the final event says, or, where it gives no reason or there is none yet, the decision, or inspection.
    /// Ascending, each once.
    public var reasons: [ReasonCode] {
        let candidates = [final?.reasons, decided?.reasons, inspected?.reasons]
        let given = candidates.lazy.compactMap { $0 }.first { !$0.isEmpty } ?? []
        return Set(given).sorted()
    }

    /// How it was released; nil where it wasn't.
    public var released: Released? {
        if case .released(let event) = final { event } else { nil }
    }

    /// The event that ends an instance's way.
    public enum FinalEvent: Hashable, Sendable {
        case released(Released)
        case quarantined(Quarantined)
        case rejected(Rejected)
        case notDICOM(NotDICOM)

        public var outcome: Outcome {
            switch self {
            case .released(let event): event.masked ? .releasedMasked : .released
            case .quarantined: .quarantined
            case .rejected: .rejected
            case .notDICOM: .notDICOM
            }
        }

        public var reasons: [ReasonCode] {
            switch self {
            case .released: []
            case .quarantined(let event): event.reasons
            case .rejected(let event): event.reasons
            case .notDICOM(let event): event.reasons
            }
        }
    }

    /// Takes in an event of this instance. Returns false, changing nothing, for a final event that contradicts an
    /// earlier one.
    mutating func apply(_ event: LedgerEvent) -> Bool {
        if event.entry.kind != .viewed { lastTime = event.time }
        switch event.entry {
        case .received(let event): received = event
        case .inspected(let event): inspected = event
        case .decided(let event): decided = event
        case .redacted(let event): redacted = event
        case .verified(let event): verified = event
        case .released(let file): return end(.released(file), at: event)
        case .quarantined(let held):
            guard end(.quarantined(held), at: event) else { return false }
            heldSince = heldSince ?? event.time
            heldReasons = held.reasons
            originalIsDeleted = false
        case .rejected(let reasons): return end(.rejected(reasons), at: event)
        case .notDICOM(let reasons): return end(.notDICOM(reasons), at: event)
        case .reviewed(let reviewed): return apply(reviewed, at: event)
        case .viewed(let viewed): views.append(View(time: event.time, viewed: viewed))
        case .judged: break
        case .runStarted, .runFinished, .sampled, .accessed: return false
        }
        return true
    }

    private mutating func apply(_ reviewed: Reviewed, at event: LedgerEvent) -> Bool {
        if reviewed.action == .withdrawn {
            guard released != nil else { return false }
            isReopened = true
            heldSince = event.time
            heldReasons = ["withdrawn"]
            // No picture of it is shown any more; a quarantined event follows where there is an original.
            (redacted, verified, originalIsDeleted) = (nil, nil, true)
        }
        guard heldSince != nil else { return false }
        reviews.append(Review(time: event.time, reviewed: reviewed))
        if reviewed.action == .originalDeleted { originalIsDeleted = true }
        if reviewed.action.isDecision, outcome == .quarantined { isReopened = true }
        return true
    }

    private mutating func end(_ end: FinalEvent, at event: LedgerEvent) -> Bool {
        guard final == nil || final == end || isReopened else { return false }
        final = end
        finalSequence = event.sequence
        isReopened = false
        return true
    }
}

/// A start of the program on this ledger.
public struct RunRecord: Hashable, Sendable {
    /// Counted from 1.
    public let id: String
    public let started: RunStarted
    /// ISO 8601, UTC.
    public let startTime: String
    /// Nil where the run was killed or is still going on.
    public var finished: RunFinished?
    public var finishTime: String?

    public init(id: String, started: RunStarted, startTime: String) {
        self.id = id
        self.started = started
        self.startTime = startTime
    }
}

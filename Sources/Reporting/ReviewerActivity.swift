internal import Ledger

/// What somebody saw, as the ledger has it: sign-ins to the review page, pictures, and what was taken out of quarantine to be
/// seen elsewhere.
struct ReviewerActivity {
    /// A reviewer's name; empty for sign-ins that failed by a name that no reviewer has.
    let name: String
    private(set) var signIns = 0
    private(set) var failedSignIns = 0
    /// Images of which the original was shown, and of which the released file was.
    private(set) var originals: Set<InstanceID> = []
    private(set) var released: Set<InstanceID> = []
    /// Frames that were shown, each once a session.
    private(set) var frames = 0
    /// How often an original was written to a file, or the name behind a pseudonym told.
    private(set) var disclosures = 0
    /// ISO 8601, UTC, of the first and the last of all this.
    private(set) var first: String
    private(set) var last: String

    private init(name: String, time: String) {
        self.name = name
        first = time
        last = time
    }

    /// Nobody's row where nothing of the kind was recorded; in the order of names.
    static func all(in state: LedgerState, options: ReportOptions) -> [ReviewerActivity] {
        var people: [String: ReviewerActivity] = [:]
        func note(_ name: String, _ time: String, _ change: (inout ReviewerActivity) -> Void) {
            guard options.covers(time: time) else { return }
            var activity = people[name] ?? ReviewerActivity(name: name, time: time)
            activity.first = min(activity.first, time)
            activity.last = max(activity.last, time)
            change(&activity)
            people[name] = activity
        }
        for access in state.accesses {
            switch access.accessed.action {
            case .signedIn: note(access.accessed.by, access.time) { $0.signIns += 1 }
            case .signInFailed: note(access.accessed.by, access.time) { $0.failedSignIns += 1 }
            case .reviewerAdded, .reviewerRemoved, .signedOut, .sessionExpired: break
            }
        }
        for record in state.instances where options.isOfProject(record) {
            for view in record.views { note(view.viewed.by, view.time) { $0.add(view.viewed, of: record.id) } }
            for review in record.reviews where review.reviewed.action == .lookedAt {
                note(review.reviewed.by, review.time) { $0.disclosures += 1 }
            }
        }
        return people.values.sorted { $0.name < $1.name }
    }

    private mutating func add(_ viewed: Viewed, of id: InstanceID) {
        frames &+= max(0, viewed.lastFrame &- viewed.firstFrame &+ 1)
        switch viewed.picture {
        case .original: originals.insert(id)
        case .released: released.insert(id)
        }
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.member("by", name)
            json.member("signIns", signIns)
            json.member("failedSignIns", failedSignIns)
            json.member("originals", originals.count)
            json.member("released", released.count)
            json.member("frames", frames)
            json.member("disclosures", disclosures)
            json.member("first", first)
            json.member("last", last)
        }
    }
}

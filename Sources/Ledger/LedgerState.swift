/// What the events of a ledger add up to.
public struct LedgerState: Hashable, Sendable {
    /// In the order in which the files came in.
    public private(set) var instances: [InstanceRecord] = []
    /// Oldest first.
    public private(set) var runs: [RunRecord] = []
    /// Samples of released instances, oldest first.
    public private(set) var samples: [SampleRecord] = []
    /// Sign-ins to the review page and changes of who may, oldest first.
    public private(set) var accesses: [AccessRecord] = []
    public private(set) var eventCount = 0
    private var places: [InstanceID: Int] = [:]

    public init() {}

    public subscript(id: InstanceID) -> InstanceRecord? {
        places[id].map { instances[$0] }
    }

    /// Takes in the next event. Throws `.corrupt` for one that doesn't fit: a final event that contradicts an earlier
    /// one of the same instance, an event of an instance without its name, the end of a run that never began.
    public mutating func apply(_ event: LedgerEvent) throws {
        eventCount += 1
        switch event.entry {
        case .runStarted(let started):
            runs.append(RunRecord(id: event.run, started: started, startTime: event.time))
        case .runFinished(let finished):
            guard let last = runs.indices.last, runs[last].id == event.run else {
                throw LedgerError(.corrupt, "a run ends that never began", sequence: event.sequence)
            }
            runs[last].finished = finished
            runs[last].finishTime = event.time
        case .sampled(let sampled):
            samples.append(
                SampleRecord(
                    number: samples.count + 1, time: event.time, sampled: sampled, sequence: event.sequence))
        case .judged(let judged):
            guard let id = event.instance, samples.indices.contains(judged.sample - 1),
                samples[judged.sample - 1].judge(id, judged)
            else { throw LedgerError(.corrupt, "a verdict is about no sample", sequence: event.sequence) }
        case .accessed(let accessed):
            accesses.append(AccessRecord(time: event.time, accessed: accessed))
        default:
            try applyToInstance(event)
        }
    }

    private mutating func applyToInstance(_ event: LedgerEvent) throws {
        guard let id = event.instance else {
            throw LedgerError(.corrupt, "an event names no instance", sequence: event.sequence)
        }
        let place: Int
        if let known = places[id] {
            place = known
        } else {
            place = instances.count
            places[id] = place
            instances.append(InstanceRecord(id: id))
        }
        guard instances[place].apply(event) else {
            throw LedgerError(
                .corrupt, "an instance ended twice, with different results", sequence: event.sequence)
        }
    }
}

/// A sign-in, or a change of who may, and when.
public struct AccessRecord: Hashable, Sendable {
    /// ISO 8601, UTC.
    public let time: String
    public let accessed: Accessed
}

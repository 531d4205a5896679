/// A random sample of released instances, drawn for a person to look at.
public struct Sampled: Hashable, Sendable, Codable {
    /// What the drawing started from: the same seed gives the same sample of the same instances.
    public var seed: String
    /// How many released instances there were to draw from.
    public var population: Int
    /// In the order in which they were drawn.
    public var instances: [InstanceID]
    /// Whether a person chose the seed; nil in ledgers of before that was recorded.
    public var isSeedGiven: Bool?

    public init(seed: String, population: Int, instances: [InstanceID], isSeedGiven: Bool? = nil) {
        self.seed = seed
        self.population = population
        self.instances = instances
        self.isSeedGiven = isSeedGiven
    }
}

/// What a person saw in an instance of a sample.
public struct Judged: Hashable, Sendable, Codable {
    public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        /// No text in it identifies anybody.
        case clean
        /// Text in it identifies somebody.
        case identifying
        /// Can't be told; counts as identifying.
        case unsure
    }

    /// Counted from 1.
    public var sample: Int
    public var verdict: Verdict
    public var by: String

    public init(sample: Int, verdict: Verdict, by: String) {
        self.sample = sample
        self.verdict = verdict
        self.by = by
    }
}

/// A sample with the verdicts on it.
public struct SampleRecord: Hashable, Sendable {
    /// Counted from 1.
    public let number: Int
    /// ISO 8601, UTC.
    public let time: String
    public let sampled: Sampled
    /// The number of the event that it is.
    public let sequence: Int
    /// The last one on each instance.
    public private(set) var verdicts: [InstanceID: Judged] = [:]
    /// Everybody who gave a verdict, also one that was changed later.
    public private(set) var judges: Set<String> = []
    /// The instances about which a verdict was followed by another one.
    public private(set) var changedVerdicts: Set<InstanceID> = []

    public init(number: Int, time: String, sampled: Sampled, sequence: Int) {
        self.number = number
        self.time = time
        self.sampled = sampled
        self.sequence = sequence
    }

    public var judged: Int { verdicts.count }
    /// How many hold identifying text, the doubtful ones included.
    public var identifying: Int { verdicts.values.count { $0.verdict != .clean } }
    public var isJudged: Bool { judged == sampled.instances.count && judged > 0 }
    /// The upper 95 % bound for the share of released instances with identifying text; nil until all are judged.
    public var upperBound: Double? { isJudged ? SampleBound.upper(found: identifying, of: judged) : nil }

    /// False, changing nothing, for an instance that isn't in the sample.
    mutating func judge(_ instance: InstanceID, _ judged: Judged) -> Bool {
        guard sampled.instances.contains(instance) else { return false }
        let earlier = verdicts.updateValue(judged, forKey: instance)
        if let earlier, earlier.verdict != judged.verdict { changedVerdicts.insert(instance) }
        judges.insert(judged.by)
        return true
    }
}

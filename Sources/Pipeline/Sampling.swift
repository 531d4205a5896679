import Crypto
import DICOMModel
import Foundation
public import Ledger

/// Random samples of what was released, drawn and judged: the residual risk stands on them.
public struct Sampling: Sendable {
    private let output: OutputFolder
    private let configuration: RunConfiguration

    /// - Throws: `PipelineError` where the folder is no output.
    public init(folder: String, configuration: RunConfiguration) throws {
        output = try OutputFolder(existing: folder)
        self.configuration = configuration
    }

    /// Draws a sample of the released instances and records it.
    ///
    /// Instances are put in the order of SHA-256 over the seed, a line feed, and their names; the first ones are drawn. So
    /// anybody who has the seed can draw it again, and nobody can choose.
    ///
    /// - Parameter seed: nil for a random one.
    public func draw(size: Int, seed: String?) throws -> DrawnSample {
        let isSeedGiven = seed != nil
        let seed = try Self.checked(seed ?? String(UInt64.random(in: .min ... .max), radix: 16))
        let act = try QuarantineAct(output: output, configuration: configuration, needsTerms: false)
        defer { act.end() }
        let released = try index.read { $0.state.instances.filter { $0.outcome?.isReleased == true }.map(\.id) }
        guard !released.isEmpty else { throw PipelineError(.review, "nothing was released that could be sampled") }
        let ordered = released.map { (key: Self.key(seed, $0), id: $0) }.sorted { $0.key < $1.key }
        let sampled = Sampled(
            seed: seed, population: released.count, instances: ordered.prefix(size).map(\.id), isSeedGiven: isSeedGiven)
        try act.ledger.append(.sampled(sampled))
        try act.finish()
        return try last(target: nil)
    }

    /// Records verdicts on instances of the last sample; `rest` stands for all that have none yet.
    public func judge(_ names: [String], _ verdict: Judged.Verdict, by reviewer: Reviewer) throws -> DrawnSample {
        let act = try QuarantineAct(output: output, configuration: configuration, needsTerms: false)
        defer { act.end() }
        guard let sample = try index.read({ $0.state.samples.last }) else { throw Self.noSample }
        let ids = try names.flatMap { name -> [InstanceID] in
            if name == "rest" { return sample.sampled.instances.filter { sample.verdicts[$0] == nil } }
            let found = sample.sampled.instances.filter {
                $0.rawValue == name || name.count >= 6 && $0.rawValue.hasPrefix(name)
            }
            guard let id = found.first, found.count == 1 else {
                throw PipelineError(.review, "no instance of the last sample, or more than one, has this name")
            }
            return [id]
        }
        let judged = Judged(sample: sample.number, verdict: verdict, by: reviewer.name)
        try act.ledger.append(ids.map { ($0, .judged(judged)) })
        try act.finish()
        return try last(target: nil)
    }

    /// The last sample with what it says.
    ///
    /// - Parameter target: a share of released instances that a sample is to show isn't exceeded.
    public func last(target: Double?) throws -> DrawnSample {
        try index.read { held in
            guard let sample = held.state.samples.last else { throw Self.noSample }
            return DrawnSample(sample, state: held.state, target: target)
        }
    }

    private var index: QuarantineIndex { configuration.index(of: output) }

    private static let noSample = PipelineError(
        .review, "no sample was drawn yet", hint: "`quench sample DIR --size N` draws one")

    private static func key(_ seed: String, _ id: InstanceID) -> String {
        hexadecimal(SHA256.hash(data: Array("\(seed)\n\(id.rawValue)".utf8)))
    }

    private static func checked(_ seed: String) throws -> String {
        let isFit = seed.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
        guard isFit, (1...64).contains(seed.utf8.count) else {
            throw PipelineError(.review, "a seed has 1 to 64 letters and digits")
        }
        return seed
    }
}

/// A sample as people see it.
public struct DrawnSample: Hashable, Sendable, Encodable {
    public var sums: Sums
    public var target: Double?
    /// How many instances, all of them clean, would show that the target isn't exceeded.
    public var sampleForTarget: Int?
    public var items: [Item]

    /// What a sample is and says.
    public struct Sums: Hashable, Sendable, Encodable {
        public var number: Int
        public var seed: String
        /// How many released instances there were to draw from.
        public var population: Int
        public var judged: Int
        public var identifying: Int
        /// The upper 95 % bound for the share of released instances with identifying text; nil until all are judged.
        public var upperBound: Double?

        package init(_ sample: SampleRecord) {
            number = sample.number
            seed = sample.sampled.seed
            population = sample.sampled.population
            judged = sample.judged
            identifying = sample.identifying
            upperBound = sample.upperBound
        }
    }

    public struct Item: Hashable, Sendable, Encodable {
        public var id: String
        /// Relative to the output folder; empty once it is withdrawn.
        public var path: String
        public var verdict: Judged.Verdict?
    }

    init(_ sample: SampleRecord, state: LedgerState, target: Double?) {
        sums = Sums(sample)
        self.target = target
        sampleForTarget = target.flatMap { SampleBound.sampleSize(for: $0) }
        items = sample.sampled.instances.map { id in
            var path = ""
            if let released = state[id]?.released { path = released.path }
            return Item(id: id.rawValue, path: path, verdict: sample.verdicts[id]?.verdict)
        }
    }
}

extension DrawnSample {
    private enum CodingKeys: CodingKey {
        case target
        case sampleForTarget
        case items
    }

    /// The sums stand beside the items.
    public func encode(to encoder: any Encoder) throws {
        try sums.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(target, forKey: .target)
        try container.encodeIfPresent(sampleForTarget, forKey: .sampleForTarget)
        try container.encode(items, forKey: .items)
    }
}

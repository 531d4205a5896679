import DICOMModel
import Foundation
import Ledger
import Testing

@Suite struct ReviewTests {
    private let ledger: Ledger
    private let id = Fixtures.id(3)

    init() throws {
        ledger = try Ledger.inMemory()
        try ledger.append(Fixtures.everything)
    }

    private func review(_ action: Reviewed.Action, by name: String = "Ann") throws {
        try ledger.append(.reviewed(Reviewed(action: action, by: name, reason: "seen")), of: id)
    }

    private func record() throws -> InstanceRecord { try #require(try ledger.state()[id]) }

    @Test func `what is held stays so until a person decides`() throws {
        #expect(try record().reviewState == .held)
        try review(.takenUp)
        #expect(try record().reviewState == .underReview)
        #expect(try record().outcome == .quarantined)
        #expect(
            code { try ledger.append(.released(Released(path: "p3", sha256: "s", masked: true)), of: id) }
                == .refusedEntry)
    }

    @Test func `a decision lets the hold end otherwise, once`() throws {
        let released = LedgerEntry.released(Released(path: "p3", sha256: "s", masked: true))
        try review(.releasedMasked)
        try ledger.append(released, of: id)
        #expect(try record().outcome == .releasedMasked)
        #expect(try record().reviewState == .releasedMasked)
        #expect(try record().heldReasons == ["text-left"])
        let rejected = LedgerEntry.rejected(Rejected(reasons: ["rejected-in-review"]))
        #expect(code { try ledger.append(rejected, of: id) } == .refusedEntry)
        // A decision about what isn't held any more opens nothing.
        try review(.rejected)
        #expect(code { try ledger.append(rejected, of: id) } == .refusedEntry)
    }

    @Test func `what was never held can't be reviewed`() throws {
        try ledger.append(.reviewed(Reviewed(action: .takenUp, by: "Ann", reason: "seen")), of: Fixtures.id(1))
        #expect(code { try ledger.state() } == .corrupt)
    }

    @Test func `a withdrawal lets a release end otherwise, and what was released is shown no more`() throws {
        let path = Fixtures.id(1)
        #expect(try ledger.state()[path]?.released != nil && ledger.state()[path]?.reviewState == nil)
        try ledger.append([
            (path, .reviewed(Reviewed(action: .withdrawn, by: "Ann", reason: "missed"))),
            (path, .rejected(Rejected(reasons: ["withdrawn"]))),
        ])
        let withdrawn = try #require(try ledger.state()[path])
        #expect(withdrawn.reviewState == .withdrawn && withdrawn.withdrawnAt != nil && withdrawn.originalIsDeleted)
        #expect(withdrawn.redacted == nil && withdrawn.released == nil)
        #expect(
            code { try ledger.append(.released(Released(path: "p", sha256: "s", masked: false)), of: path) }
                == .refusedEntry)
        // What is held can't be withdrawn.
        try review(.withdrawn)
        #expect(code { try ledger.state() } == .corrupt)
    }

    @Test func `a sample is complete once each of it is judged, and doubt counts as found`() throws {
        try ledger.append(.sampled(Sampled(seed: "s", population: 3, instances: [Fixtures.id(1), Fixtures.id(2)])))
        try ledger.append(.judged(Judged(sample: 1, verdict: .clean, by: "Ann")), of: Fixtures.id(1))
        #expect(try ledger.state().samples.last?.isJudged == false)
        try ledger.append(.judged(Judged(sample: 1, verdict: .unsure, by: "Ann")), of: Fixtures.id(2))
        let sample = try #require(try ledger.state().samples.last)
        #expect(sample.isJudged && sample.identifying == 1)
        try ledger.append(.judged(Judged(sample: 1, verdict: .clean, by: "Ann")), of: Fixtures.id(6))
        #expect(code { try ledger.state() } == .corrupt, "it isn't in the sample")
    }
}

@Suite struct SampleBoundTests {
    /// Values from exact sums of binomial terms, in 60 decimal places, by another program.
    @Test(arguments: [
        (0, 1, 0.95), (0, 59, 0.049507609888226944), (0, 300, 0.009936081944457713), (1, 100, 0.04655981145353895),
        (5, 200, 0.05184333912029053), (3, 1000, 0.00773524471847946), (9, 10, 0.9948838031081763), (10, 10, 1),
    ])
    func `the bound is that of Clopper and Pearson`(found: Int, size: Int, expected: Double) {
        #expect(abs(SampleBound.upper(found: found, of: size) - expected) < 1e-12)
    }

    @Test func `the sample that a target takes is the smallest one`() {
        #expect(SampleBound.sampleSize(for: 0.01) == 299)
        #expect(SampleBound.sampleSize(for: 0.001) == 2995)
        #expect(SampleBound.sampleSize(for: 0.01, found: 1) == 473)
        #expect(SampleBound.sampleSize(for: 0) == nil)
    }
}

import DICOMModel
import Ledger
import Pipeline
import Testing

@Suite struct DecisionTests {
    private func plan(
        modality: String, frames: Int, cine: Policy.CineMask = .union, findings: [Finding] = []
    ) throws -> MaskPlan {
        var policy = try Policy.builtIn()
        policy.cineMask = cine
        return MaskPlan(
            policy: policy,
            summary: InstanceSummary(
                patient: "p", study: "s", series: "r", instance: "i", modality: modality, sopClassUID: "",
                transferSyntaxUID: "", seriesKind: "image", manufacturer: "", model: "", rows: 100, columns: 200,
                numberOfFrames: frames, photometricInterpretation: "MONOCHROME2"), findings: findings)
    }

    private func regions(
        for findings: [Finding], modality: String, frames: Int, cine: Policy.CineMask = .union
    ) throws -> [MaskedRegion] {
        try plan(modality: modality, frames: frames, cine: cine, findings: findings).regions(for: findings)
    }

    private func finding(
        _ region: PixelRegion, on frames: [Int], _ category: FindingCategory = .identifier,
        source: FindingSource = .pixels, score: Double = 1
    ) -> Finding {
        Finding(
            region: region, frames: frames.compactMap { FrameNumber($0) }, category: category, source: source,
            engine: "test", score: score)
    }

    private let box = PixelRegion(x: 10, y: 20, width: 50, height: 10)
    /// With the margin of two pixels that a line of ten gets.
    private let grown = PixelRegion(x: 8, y: 18, width: 54, height: 14)

    @Test func `one suspect instance holds the others of its Series, and they say why`() throws {
        let decision = Decision(policy: try Policy.builtIn())
        let actions = decision.seriesActions(
            kinds: ["image", "screen-capture", "image"], rules: [.inspect, .inspect, .inspect])
        #expect(actions.map(\.action) == [.quarantine, .quarantine, .quarantine])
        #expect(actions.map(\.reason) == ["suspect-series", "screen-capture", "suspect-series"])
    }

    @Test func `a device rule rejects or holds what its kind alone lets pass, and the stronger word counts`() throws {
        let decision = Decision(policy: try Policy.builtIn())
        func verdict(_ kind: String, _ rule: RuleVerdict) -> (action: Policy.SeriesAction, reason: ReasonCode?) {
            decision.seriesActions(kinds: [kind], rules: [rule])[0]
        }
        #expect(verdict("image", .reject) == (.reject, "rule-rejected"))
        #expect(verdict("image", .quarantine) == (.quarantine, "rule-held"))
        #expect(verdict("image", .failed) == (.quarantine, "rule-failed"))
        #expect(verdict("secondary-capture", .reject) == (.reject, "rule-rejected"))
        #expect(verdict("dose-page", .quarantine) == (.reject, "dose-page"))
        let two = decision.seriesActions(kinds: ["image", "image"], rules: [.quarantine, .inspect])
        #expect(two.map(\.reason) == ["rule-held", "suspect-series"])
    }

    @Test func `a kind that the policy does not know is held`() throws {
        let actions = Decision(policy: try Policy.builtIn()).seriesActions(
            kinds: ["from-the-future"], rules: [.inspect])
        #expect(actions[0].action == .quarantine)
    }

    @Test func `a rectangle of a script is masked as it is, without a margin`() throws {
        let regions = try regions(for: [finding(box, on: [1], .byScript)], modality: "CT", frames: 1)
        #expect(regions == [MaskedRegion(frames: [1].compactMap { FrameNumber($0) }, region: box)])
    }

    @Test func `what lists and scripts say against an instance follows the policy, and rejection is the stronger`()
        throws
    {
        var policy = try Policy.builtIn()
        func verdict(_ refusals: [ReasonCode]) -> (action: Policy.SeriesAction, reasons: [ReasonCode])? {
            Decision(policy: policy).admissionAction(refusals: refusals)
        }
        #expect(verdict([]) == nil)
        #expect(verdict(["outside-cohort"])?.action == .quarantine)
        #expect(verdict(["opted-out"])?.action == .reject)
        #expect(verdict(["script-rejected"])?.action == .reject)
        #expect(verdict(["script-failed"])?.action == .quarantine)
        #expect(verdict(["outside-cohort", "script-rejected"])?.action == .reject)
        #expect(verdict(["no-nhs-number"])?.action == .quarantine)
        policy.admission.withoutNumber = .inspect
        #expect(verdict(["no-nhs-number"]) == nil)
        #expect(verdict(["no-nhs-number", "outside-cohort"])?.reasons == ["outside-cohort"])
    }

    @Test func `text of one frame of a cine is masked on all of them`() throws {
        let regions = try regions(for: [finding(box, on: [2])], modality: "US", frames: 3)
        #expect(regions == [MaskedRegion(frames: [1, 2, 3].compactMap { FrameNumber($0) }, region: grown)])
    }

    @Test func `what may be no text, and comes and goes, is masked where it is seen`() throws {
        func doubtful(_ frames: [Int], _ category: FindingCategory = .nameLike, x: Int = 10) -> Finding {
            finding(PixelRegion(x: x, y: 20, width: 50, height: 10), on: frames, category, score: 0.7)
        }
        let own = [MaskedRegion(frames: [2].compactMap { FrameNumber($0) }, region: grown)]
        #expect(try regions(for: [doubtful([2])], modality: "US", frames: 9) == own)
        // Understood, or sure: on every frame.
        #expect(try regions(for: [doubtful([2], .identifier)], modality: "US", frames: 9)[0].frames.count == 9)
        #expect(try regions(for: [doubtful([2], .pattern)], modality: "US", frames: 9)[0].frames.count == 9)
        let sure = finding(box, on: [2], .unreadable, score: 0.95)
        #expect(try regions(for: [sure], modality: "US", frames: 9)[0].frames.count == 9)
        // Seen about there on half of the frames, also where policy would keep it on some.
        let often = [doubtful([2]), doubtful([5], x: 14), doubtful([6], .technical, x: 6)]
        #expect(try regions(for: often, modality: "US", frames: 6).map(\.frames.count) == [6])
        let seldom = try regions(for: often, modality: "US", frames: 7)
        #expect(seldom.map(\.frames.count) == [1, 1])
    }

    @Test func `with per-frame masks, and on slices, the other frames stay`() throws {
        let only = [MaskedRegion(frames: [2].compactMap { FrameNumber($0) }, region: grown)]
        #expect(try regions(for: [finding(box, on: [2])], modality: "US", frames: 3, cine: .perFrame) == only)
        #expect(try regions(for: [finding(box, on: [2])], modality: "CT", frames: 3) == only)
    }

    @Test func `the same line found a little differently on two frames is one box`() throws {
        let shifted = PixelRegion(x: 11, y: 20, width: 52, height: 11)
        let regions = try regions(
            for: [finding(box, on: [1]), finding(shifted, on: [2])], modality: "US", frames: 2)
        #expect(regions.map(\.region) == [PixelRegion(x: 8, y: 18, width: 57, height: 15)])
    }

    @Test func `what is kept and what stands in an overlay gives no mask`() throws {
        let findings = [finding(box, on: [1], .marker), finding(box, on: [1], source: .overlay)]
        #expect(try regions(for: findings, modality: "CT", frames: 1).isEmpty)
    }

    @Test func `the masked share is of one frame`() throws {
        let plan = try plan(modality: "CT", frames: 2)  // no cine, so that findings needn't be known
        // Half the frame, once its margin of eight pixels is added at the lower edge.
        let half = PixelRegion(x: 0, y: 0, width: 200, height: 42)
        #expect(plan.maskedShare(of: plan.regions(for: [finding(half, on: [1])])) == 0.5)
    }
}

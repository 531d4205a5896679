import DICOMModel
import Ledger

/// What a reviewer's treatment comes to on one instance.
struct ReviewedMask {
    /// What is filled; nil where a box lies outside the image.
    let regions: [MaskedRegion]?
    /// Findings that policy masks and that stay to be seen: switched off, and not covered by a box of the reviewer.
    let open: [Finding]
    /// What the second look may find.
    let accepted: AcceptedText

    init(policy: Policy, treatment: Quarantine.Treatment, scanned: ScannedInstance) {
        let findings = scanned.inspected.findings
        let plan = MaskPlan(policy: policy, summary: scanned.summary, findings: findings)
        let switchedOff = findings.filter { treatment.switchesOff(HeldFinding($0, policy: policy)) }
        let boxes = treatment.boxes(in: plan)
        let stays = Set(switchedOff)
        regions = boxes.map { plan.regions(for: findings.filter { !stays.contains($0) }) + $0 }
        open = switchedOff.filter { !(boxes ?? []).cover($0.region, on: plan.frames(of: $0)) }
        accepted = treatment == .asItIs ? .everything : .within(open, plan: plan)
    }

    /// Whether a proposal that somebody made before speaks for everything that stays by this one.
    func isCovered(by proposal: ReviewedMask) -> Bool { Set(open).isSubset(of: proposal.open) }
}

extension Quarantine.Treatment {
    fileprivate func switchesOff(_ finding: HeldFinding) -> Bool {
        guard finding.masking == .switchable else { return false }
        switch self {
        case .asItIs: return true
        case .masked(_, let without): return without.contains(finding.id)
        }
    }

    /// The reviewer's boxes; nil where one lies outside the image.
    fileprivate func boxes(in plan: MaskPlan) -> [MaskedRegion]? {
        guard case .masked(let boxes, _) = self else { return [] }
        let inImage = boxes.sorted { $0.description < $1.description }
            .map { $0.inImage(plan.bounds, frameCount: plan.frameCount) }
        let found = inImage.compactMap { $0 }
        return found.count == inImage.count ? found : nil
    }
}

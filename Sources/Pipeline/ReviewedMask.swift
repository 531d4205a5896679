import DICOMModel
import Ledger

/// What a reviewer's treatment comes to on one instance.
struct ReviewedMask {
    let policy: Policy
    let treatment: Quarantine.Treatment
    let scanned: ScannedInstance

    private var plan: MaskPlan { MaskPlan(policy: policy, summary: scanned.summary) }

    /// What is filled; nil where a box lies outside the image.
    var regions: [MaskedRegion]? {
        guard let boxes else { return nil }
        let stays = Set(switchedOff)
        return plan.regions(for: scanned.inspected.findings.filter { !stays.contains($0) }) + boxes
    }

    /// Findings that policy masks and that stay to be seen: switched off, and not covered by a box of the reviewer.
    var open: [Finding] {
        switchedOff.filter { finding in
            let frames = Set(plan.frames(of: finding))
            let covering = (boxes ?? []).filter { $0.region.contains(finding.region) }
            return !Set(covering.flatMap(\.frames)).isSuperset(of: frames)
        }
    }

    var accepted: AcceptedText {
        treatment == .asItIs ? .everything : .within(open, plan: plan)
    }

    private var switchedOff: [Finding] {
        scanned.inspected.findings.filter { finding in
            let held = HeldFinding(finding, policy: policy)
            guard held.masking == .switchable else { return false }
            switch treatment {
            case .asItIs: return true
            case .masked(_, let without): return without.contains(held.id)
            }
        }
    }

    private var boxes: [MaskedRegion]? {
        guard case .masked(let boxes, _) = treatment else { return [] }
        let inImage = boxes.map { $0.inImage(plan.bounds, frameCount: plan.frameCount) }
        let found = inImage.compactMap { $0 }
        return found.count == inImage.count ? found : nil
    }

    // MARK: - Two people

    /// Whether a proposal that somebody made before speaks for everything that stays by this one.
    func isCovered(by proposal: Quarantine.Treatment) -> Bool {
        let proposed = ReviewedMask(policy: policy, treatment: proposal, scanned: scanned)
        return Set(open).isSubset(of: proposed.open)
    }
}

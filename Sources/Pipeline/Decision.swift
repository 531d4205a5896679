package import DICOMModel
import Ledger

/// The policy applied: to a Series by the kinds of its instances, then to each instance by what was found in it.
package struct Decision {
    let policy: Policy

    package init(policy: Policy) {
        self.policy = policy
    }

    /// What becomes of each instance of a Series by its header alone: by its kind, and by what device rules of the policy say.
    ///
    /// One suspect instance makes its whole Series suspect: where some aren't to be inspected, the others are held with the
    /// reason `suspect-series`.
    ///
    package func seriesActions(
        kinds: [String], rules: [RuleVerdict]
    ) -> [(action: Policy.SeriesAction, reason: ReasonCode?)] {
        let actions = zip(kinds, rules).map { kind, rule -> (action: Policy.SeriesAction, reason: ReasonCode?) in
            let action = policy.series[kind] ?? .quarantine
            if action == .reject || action == .quarantine && rule != .reject {
                return (action, Self.reason(forKind: kind))
            }
            return (rule.action, rule.reason)
        }
        guard actions.contains(where: { $0.action != .inspect }) else { return actions }
        return actions.map { $0.action == .inspect ? (.quarantine, "suspect-series") : $0 }
    }

    /// What the lists and scripts of a run make of an instance; nil where they let it pass.
    package func admissionAction(refusals: [ReasonCode]) -> (action: Policy.SeriesAction, reasons: [ReasonCode])? {
        let actions = refusals.map { refusal -> Policy.SeriesAction in
            switch refusal {
            case "opted-out": policy.admission.notAllowed
            case "no-nhs-number": policy.admission.withoutNumber
            case "outside-cohort": policy.admission.outsideCohort
            case "script-rejected": .reject
            default: .quarantine
            }
        }
        let reasons = zip(refusals, actions).filter { $1 != .inspect }.map(\.0)
        guard !reasons.isEmpty else { return nil }
        return (actions.contains(.reject) ? .reject : .quarantine, reasons)
    }

    /// The reason code that names a series kind; the same word, but for a few that have one of their own.
    static func reason(forKind kind: String) -> ReasonCode {
        switch kind {
        case "directory": "dicomdir"
        default: ReasonCode(rawValue: kind)
        }
    }

    /// The verdict on an instance that was inspected.
    func decide(_ scanned: ScannedInstance) -> DecidedInstance {
        let findings = scanned.inspected.findings
        let actions = Set(findings.map { policy.findings[$0.category] ?? .mask })
        var reasons = scanned.inspected.reasons
        if findings.contains(where: { $0.source == .overlay }) { reasons.append("overlay-removed") }
        // Asked for by the site, so that its size is no reason to doubt.
        if findings.contains(where: { $0.category == .byScript }) { reasons.append("script-masked") }
        if findings.contains(where: { $0.category == .byRule }) { reasons.append("rule-masked") }
        let outcome: Outcome
        let plan = MaskPlan(policy: policy, summary: scanned.summary, findings: findings)
        let regions = plan.regions(for: findings)
        if actions.contains(.reject) {
            outcome = .rejected
            reasons.append("text-found")
        } else if actions.contains(.quarantine) {
            outcome = .quarantined
            reasons.append("text-found")
        } else if reasons.contains("rule-failed") {
            outcome = .quarantined
        } else if plan.maskedShare(of: plan.regions(for: findings.filter { !$0.category.isAskedFor }))
            > policy.maximumMaskedShare
        {
            outcome = .quarantined
            reasons.append("too-many-regions")
        } else if actions.contains(.mask) {
            outcome = .releasedMasked
            let isText = findings.contains { !$0.category.isAskedFor && policy.findings[$0.category] != .keep }
            if isText { reasons.append("text-masked") }
        } else {
            outcome = .released
        }
        return DecidedInstance(
            scanned: scanned, decided: Decided(outcome: outcome, reasons: Self.distinct(reasons)), regions: regions)
    }

    /// An instance that is not inspected, or that could not be.
    static func hold(
        _ scanned: ScannedInstance, as outcome: Outcome, because reasons: [ReasonCode]
    ) -> DecidedInstance {
        DecidedInstance(
            scanned: scanned,
            decided: Decided(outcome: outcome, reasons: distinct(reasons + scanned.inspected.reasons)), regions: [])
    }

    static func distinct(_ reasons: [ReasonCode]) -> [ReasonCode] { Set(reasons).sorted() }
}

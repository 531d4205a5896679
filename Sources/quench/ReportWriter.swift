import DICOMModel
import Ledger
import PHIClassification
import Pipeline
import Reporting

/// Makes reports, with the sentences that explain reason codes.
enum ReportWriter {
    /// - Parameters:
    ///   - audited: what the ledger holds, where the caller has read it already.
    ///   - policy: whose findings are shown as masked; by default that of the last run.
    static func report(
        from ledger: Ledger, audited: (state: LedgerState, chain: ChainVerification)? = nil, isProposal: Bool = false,
        since: String? = nil, project: String? = nil, policy: Policy? = nil
    ) throws -> Report {
        let (state, chain) = try audited ?? ledger.auditedState()
        let policy = try policy ?? Policy.ofLastRun(in: state)
        let explanations = Reasons.all.map { ($0.code, ReasonExplanation(sentence: $0.sentence, next: $0.next)) }
        let masked = policy.findings.filter { $0.value != .keep }.map(\.key)
        return try Report(
            state: state, ledger: ledger, chain: chain,
            options: ReportOptions(
                isProposal: isProposal,
                explanations: Dictionary(explanations, uniquingKeysWith: { first, _ in first }),
                maskedCategories: Set(masked), since: since, project: project))
    }
}

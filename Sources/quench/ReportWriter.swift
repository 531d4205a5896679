import DICOMModel
import Ledger
import PHIClassification
import Pipeline
import Reporting

/// Makes reports, with the sentences that explain reason codes.
enum ReportWriter {
    static func report(
        from ledger: Ledger, isProposal: Bool = false, since: String? = nil, project: String? = nil, policy: Policy
    ) throws -> Report {
        let explanations = Reasons.all.map { ($0.code, ReasonExplanation(sentence: $0.sentence, next: $0.next)) }
        let masked = policy.findings.filter { $0.value != .keep }.map(\.key)
        return try Report(
            state: try ledger.state(), ledger: ledger,
            options: ReportOptions(
                isProposal: isProposal,
                explanations: Dictionary(explanations, uniquingKeysWith: { first, _ in first }),
                maskedCategories: Set(masked), since: since, project: project))
    }
}

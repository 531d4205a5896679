import DeviceRules
import Foundation
import Pipeline

extension ReviewPage {
    /// Device rules that reviewed masks suggest.
    private struct Proposals: Encodable {
        struct Item: Encodable {
            var proposal: RuleProposal
            /// As it stands in a policy.
            var text: String
        }

        var items: [Item]
        /// Whether a policy file was named that they can be put into.
        var canAccept: Bool
    }

    private struct Accepted: Decodable {
        /// A Series, whose device is meant.
        var name: String
        var rule: String
    }

    /// Nothing is changed by it.
    func rules(for name: String) throws -> PageResponse {
        let items = try quarantine.ruleProposals(for: name).map {
            Proposals.Item(proposal: $0, text: PolicyRules.text(of: [$0.rule]))
        }
        return try .json(Proposals(items: items, canAccept: policyPath != nil))
    }

    /// Writes a rule into the policy file: it acts on outputs that are made with that.
    func accept(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        let wanted = try Self.decoded(Accepted.self, request)
        guard let policyPath else { throw Refusal(status: 409, message: "no policy file was named with --policy") }
        let proposals = try quarantine.ruleProposals(for: wanted.name)
        guard let rule = proposals.first(where: { $0.rule.name == wanted.rule })?.rule else {
            throw Refusal(status: 404, message: "the rule is another one now: look at it again")
        }
        let policy = try PolicyRules.accept(
            [rule], intoPolicyAt: policyPath, by: session.reviewer, place: " on the review page")
        return try .json(["digest": policy.digest])
    }
}

import HeaderDeidentification
import Ledger

extension RunConfiguration {
    /// One output has one policy and one key: instances released under different terms must not be mixed unseen.
    ///
    /// - Parameter earlier: the output's last run; nil where there was none.
    func requireSameTerms(as earlier: RunStarted?) throws {
        guard let earlier else { return }
        guard earlier.policyDigest == policy.digest else {
            throw PipelineError(
                .output, "this output was made with another policy",
                hint: "choose a new output folder, or give the policy that `report/index.html` shows")
        }
        guard earlier.keyID == key.fingerprint else {
            throw PipelineError(
                .output, "this output was made with another key",
                hint: "choose a new output folder, or give the same key with --key")
        }
        let before = earlier.terms ?? [:]
        let names = Set(terms.keys).union(before.keys).filter { terms[$0] != before[$0] }
        guard let name = names.sorted().first else { return }
        throw PipelineError(
            .output, "this output was made with another \(Self.what(name))",
            hint: "choose a new output folder, or give the files and options of the first run")
    }

    /// A receipt without a signature must not take the place of a signed one unseen.
    ///
    /// - Throws: `PipelineError` with code `.key`.
    func requireSigner(as ledger: Ledger) throws {
        guard signingKey == nil, try ledger.latestReceipt()?.signature != nil else { return }
        throw PipelineError(
            .key, "this output's receipt is signed, and no --signing-key was given to sign the next one",
            hint: "give the signing key; if it is lost, make another with `quench keygen --signing`")
    }

    private static func what(_ term: String) -> String {
        switch term {
        case "cohort": "cohort list"
        case "allow-list": "allow list"
        case "opt-out": "opt-out list"
        case "project": "project"
        case "lookups": "file of lookup tables"
        default: "script, or another number of them"
        }
    }
}

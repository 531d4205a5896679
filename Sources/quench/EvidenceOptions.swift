import ArgumentParser
import Ledger
import Pipeline

/// What an output is sealed and signed with.
struct EvidenceOptions: ParsableArguments {
    @Option(
        help:
            "What originals in quarantine are sealed with (`quench keygen --quarantine`); by default from the project key."
    )
    var quarantineKey: String?

    @Option(help: "What the ledger's head is signed with at the end (`quench keygen --signing`).")
    var signingKey: String?

    @Option(help: "Also write the receipt of the ledger to this file, to be kept elsewhere.")
    var receipt: String?

    var files: EvidenceFiles { EvidenceFiles(quarantineKey: quarantineKey, signingKey: signingKey, receipt: receipt) }
}

import DICOMModel
import Ledger

// An instance moves through these types in order. Each can only be made from the one before it, and only
// `Verification` makes the last: what was not verified can't be released.

/// An instance that was received, and looked at as far as policy asks.
struct ScannedInstance: Sendable {
    let id: InstanceID
    /// Where its bytes are now: an input, or what was taken out of an archive.
    let path: String
    let sha256: String
    let inspected: Inspected

    var summary: InstanceSummary { inspected.summary }
}

/// An instance with the policy's verdict.
struct DecidedInstance: Sendable {
    let scanned: ScannedInstance
    let decided: Decided
    /// What is to be masked, in stored pixels.
    let regions: [MaskedRegion]

    var id: InstanceID { scanned.id }
}

/// An instance whose redacted form stands in the staging folder.
struct RedactedInstance: Sendable {
    let decided: DecidedInstance
    let redacted: Redacted
    let stagedPath: String
    let sha256: String
}

/// An instance whose written file was read afresh and could not be proven wrong.
struct VerifiedInstance: Sendable {
    let redacted: RedactedInstance
    let verified: Verified

    fileprivate init(_ redacted: RedactedInstance, _ verified: Verified) {
        self.redacted = redacted
        self.verified = verified
    }
}

/// The second look.
enum Verification {
    enum Result {
        case verified(VerifiedInstance)
        /// Text is left: mask this as well and look again.
        case textRemains(Verified, [Finding])
        case failed(Verified)
    }

    private static let textRemains: ReasonCode = "verification-text-remains"

    /// Judges what the worker that read the written file reports.
    ///
    /// - Parameter accepted: text that people looked at and decided may stay; nothing else is let pass for that.
    static func judge(
        _ redacted: RedactedInstance, _ file: VerifiedFile, accepted: AcceptedText = .none
    ) -> Result {
        var file = file
        file.verified.accepted = accepted.places
        if file.verified.failed.contains(textRemains), file.remaining.contains(where: accepted.allows) {
            file.remaining.removeAll(where: accepted.allows)
            if file.remaining.isEmpty { file.verified.failed.removeAll { $0 == textRemains } }
            file.verified.passed.append(Verified.acceptedText)
        }
        if file.verified.failed.isEmpty, file.remaining.isEmpty {
            return .verified(VerifiedInstance(redacted, file.verified))
        }
        if file.verified.failed.allSatisfy({ $0 == textRemains }), !file.remaining.isEmpty {
            return .textRemains(file.verified, file.remaining)
        }
        return .failed(file.verified)
    }
}

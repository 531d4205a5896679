import DICOMModel
import Glibc
import Ledger

/// Redacts one instance into the staging folder and looks again, masking what the second look finds, a few times. The same
/// for a run and for a release by a person.
struct RedactionAttempt {
    enum Result {
        case verified(VerifiedInstance, RedactedFile)
        /// With what the second look found, for whoever looks at it.
        case held([ReasonCode], DecidedInstance)
        /// Not the file's fault: the run ends, and the instance is taken up again by the next one.
        case stopped(WorkerFailure)
    }

    /// How often text that the second look finds is added to the mask before a person has to look.
    private static let rounds = 6

    let stagedPath: String
    let wantsPictures: Bool
    /// Frames for the contact sheet.
    let tiles: [FrameNumber]
    /// Of what the second look finds, what people decided may stay.
    let accepted: AcceptedText
    let worker: WorkerProcess
    /// The same instance with what the second look found masked as well.
    let adding: ([Finding], DecidedInstance) -> DecidedInstance

    func run(_ instance: DecidedInstance) throws -> Result {
        let frames = instance.scanned.summary.numberOfFrames ?? 1
        var instance = instance
        for _ in 0..<Self.rounds {
            unlink(stagedPath)
            var file: RedactedFile
            let check: VerifiedFile
            do {
                let beside = instance.scanned.inspected.findings.filter { $0.source != .pixels }
                let request = RedactionRequest(
                    path: instance.scanned.path, sha256: instance.scanned.sha256, regions: instance.regions,
                    overlaysAreClear: !beside.contains { $0.source == .overlay },
                    removed: beside.map { MaskedRegion(frames: $0.frames, region: $0.region) }, destination: stagedPath,
                    wantsPictures: wantsPictures, tiles: tiles)
                switch try worker.perform(.redact(request), frames: frames) {
                case .redacted(let redacted): file = redacted
                case .failed(let reason): return try Self.held(reason, instance)
                default: return .held(["worker-crashed"], instance)
                }
                let verification = VerificationRequest(
                    path: instance.scanned.path, destination: stagedPath, regions: file.redacted.regions,
                    transferSyntaxUID: file.redacted.transferSyntaxUID)
                switch try worker.perform(.verify(verification), frames: frames) {
                case .verified(let verified): check = verified
                case .failed(let reason): return .held([reason], instance)
                default: return .held(["worker-crashed"], instance)
                }
            } catch let failure as WorkerFailure {
                return failure.reason.map { .held([$0], instance) } ?? .stopped(failure)
            }
            file.attributes = check.attributes
            let redacted = RedactedInstance(
                decided: instance, redacted: file.redacted, stagedPath: stagedPath, sha256: file.sha256)
            switch Verification.judge(redacted, check, accepted: accepted) {
            case .verified(let verified): return .verified(verified, file)
            case .failed(let verified): return .held(verified.failed, instance)
            case .textRemains(_, let findings): instance = adding(findings, instance)
            }
        }
        return .held(["verification-text-remains"], instance)
    }

    /// A disk that is full, or can't be written to, is not the file's fault.
    private static func held(_ reason: ReasonCode, _ instance: DecidedInstance) throws -> Result {
        try OutputFolder.stop(onUnwritable: reason)
        return .held([reason], instance)
    }
}

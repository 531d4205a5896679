import HeaderDeidentification
import Ledger
import Pipeline
import Reporting

/// The documented exit codes.
enum ExitStatus: Int32, Error {
    case success = 0
    case failure = 1
    case usage = 2
    /// Everything was dealt with, and a person has to look at something.
    case quarantine = 3
    case interrupted = 130
}

/// What went wrong, for a person and for `--json`.
struct Failure: Encodable {
    let code: String
    let message: String
    let hint: String?

    init(_ error: any Error) {
        switch error {
        case let error as PipelineError: (code, message, hint) = (error.code.name, error.message, error.hint)
        case let error as LedgerError: (code, message, hint) = (error.code.name, error.message, error.hint)
        case let error as ReportError: (code, message, hint) = (error.code.name, error.message, error.hint)
        case let error as HeaderDeidentificationError:
            (code, message, hint) = (error.code.name, error.message, error.hint)
        case let error as LintFailure: (code, message, hint) = (LintFailure.code, error.message, error.hint)
        case let error as DicomEditError:
            // With its line: `description` has it before the message.
            let place = error.position.map { "script, line \($0.line): " } ?? ""
            (code, message, hint) = (error.code.name, place + error.message, error.hint)
        default:
            // An error of the system may carry a path; its kind is all that is shown.
            (code, message, hint) = ("failed", "the run failed (\(type(of: error)))", "run `quench doctor`")
        }
    }

    var text: String { message + (hint.map { ". " + $0 } ?? "") }

    var status: ExitStatus {
        switch code {
        case PipelineError.Code.interrupted.name: .interrupted
        case PipelineError.Code.policy.name, PipelineError.Code.terms.name, PipelineError.Code.review.name,
            HeaderDeidentificationError.Code.listMalformed.name, LintFailure.code, DicomEditError.Code.refused.name:
            .usage
        default: .failure
        }
    }
}

public import Foundation
import Ledger
public import Pipeline
import Synchronization

/// The review page of one output: answers requests, whoever carries them. Blocks while workers decode, so it is called on
/// threads that may wait.
public final class ReviewPage: Sendable {
    let folder: String
    let configuration: RunConfiguration
    /// The policy file that accepted device rules go into; nil for none.
    let policyPath: String?
    let gate: Gate
    package let sessions: Sessions
    let limiter: SignInLimiter
    let links: OneTimeLinks
    let accounts: ReviewerAccounts
    let log: ReviewLog
    package let looks: Looks
    let index: QuarantineIndex
    let quarantine: Quarantine
    let sampling: Sampling
    let viewing: FrameViewing
    package let jobs: Jobs
    let reports: ReportRenewal
    /// scrypt takes 128 MiB: one at a time.
    let deriving = Mutex(())
    /// The list as it was when the index had that revision.
    let list = Mutex<(revision: Int, list: WorkList)?>(nil)

    /// - Parameters:
    ///   - port: on which it can be reached on this machine.
    ///   - origin: what a browser calls it, behind a reverse proxy.
    ///   - policyPath: the policy file that accepted device rules go into; nil for none.
    ///   - makeReports: makes the output's reports again.
    /// - Throws: `PipelineError`, `LedgerError` where the output or its keys can't be used.
    public init(
        folder: String, configuration: RunConfiguration, port: Int, origin: String?, policyPath: String? = nil,
        makeReports: @escaping @Sendable () throws -> Void, now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.folder = folder
        self.configuration = configuration
        self.policyPath = policyPath
        gate = Gate(port: port, origin: origin)
        sessions = Sessions(now: now)
        limiter = SignInLimiter(now: now)
        links = OneTimeLinks(now: now)
        accounts = try ReviewerAccounts(folder: folder, configuration: configuration)
        log = try ReviewLog(folder: folder, configuration: configuration)
        looks = Looks(log: log)
        index = try configuration.index(of: folder)
        quarantine = try Quarantine(folder: folder, configuration: configuration)
        sampling = try Sampling(folder: folder, configuration: configuration)
        viewing = try FrameViewing(folder: folder, configuration: configuration)
        jobs = Jobs(now: now)
        reports = ReportRenewal(makeReports)
        // The ledger is replayed now, so that the first page doesn't wait for it.
        _ = try workList()
    }

    // MARK: - For whoever runs it

    /// A path, fragment and all, that signs a person in once.
    public func oneTimeLink(for reviewer: Reviewer) -> String { "/#/link/" + links.make(for: reviewer) }

    /// To be called now and then: ends what nobody uses.
    public func tick() {
        for session in sessions.expired() {
            try? log.record(accessed(.sessionExpired, session))
            looks.end(session)
            reports.want()
        }
        viewing.closeIdle()
    }

    /// To be called before the program ends: waits for acts, makes the reports.
    public func finish() {
        jobs.finish()
        reports.finish()
    }

    // MARK: - Answering

    public func respond(to request: PageRequest) -> PageResponse {
        if let refusal = gate.refusal(request) { return refusal }
        if request.method == "GET", let file = PageFiles.response(request.path) { return file }
        do {
            return try answer(request)
        } catch let refusal as Refusal {
            return .problem(refusal.status, refusal.message)
        } catch let error as LedgerError where error.code == .locked {
            return .problem(
                409, "a run is writing to this output",
                hint: "every look and every decision is recorded: wait for its end")
        } catch let error as PipelineError where error.code == .review {
            return .problem(422, error.message, hint: error.hint)
        } catch {
            let problem = Problem(error)
            return .problem(500, problem.message, hint: problem.hint)
        }
    }

    /// Why a request isn't carried out.
    struct Refusal: Error {
        var status: Int
        var message: String
    }

    static let signInFirst = Refusal(status: 401, message: "sign in first")

    private func answer(_ request: PageRequest) throws -> PageResponse {
        let path = request.path.split(separator: "/").map(String.init)
        if request.method == "POST" {
            guard request.headers["content-type"]?.hasPrefix("application/json") == true else {
                throw Refusal(status: 415, message: "a change is sent as JSON")
            }
            if path == ["api", "sign-in"] { return try signIn(request) }
            if path == ["api", "link"] { return try signInByLink(request) }
        }
        let session: Session
        switch entrance(request, path) {
        case .session(let entered): session = entered
        case .tooFast: throw Refusal(status: 429, message: "too many requests: wait a little")
        // Whether anybody is signed in is no secret, and asking is no fault.
        case .none where path == ["api", "session"]: return try .json([String: String]())
        case .none: throw Self.signInFirst
        }
        guard let response = try route(request, path, session) else { throw Refusal(status: 404, message: "not found") }
        return response
    }

    /// The page sends its token in a header, which another site's form can't; a browser that opens the report has it in the
    /// address.
    private func entrance(_ request: PageRequest, _ path: [String]) -> Sessions.Entrance {
        let secret = request.cookie(gate.cookieName)
        if path.count == 2, path[0] == "report" { return sessions.enter(with: secret, path[1], for: \.reportToken) }
        return sessions.enter(with: secret, request.headers["x-quench-page"], for: \.pageToken)
    }

    private func route(_ request: PageRequest, _ path: [String], _ session: Session) throws -> PageResponse? {
        switch (request.method, path.first == "api" ? Array(path.dropFirst()) : path) {
        case ("GET", ["session"]): try self.describe(session)
        case ("POST", ["sign-out"]): try signOut(request, session)
        case ("GET", ["work"]): try work(request.fields)
        case ("GET", let path) where path.count == 2 && path[0] == "series": try series(path[1])
        case ("GET", let path) where path.count == 4 && path[0] == "frames":
            try frames(of: path[1], picture: path[2], range: path[3], session)
        case ("POST", ["decide"]): try decide(request, session)
        case ("POST", ["identify"]): try identify(request, session)
        case ("GET", let path) where path.count == 2 && path[0] == "jobs": try job(path[1], session)
        case ("GET", let path) where path.count == 2 && path[0] == "rules": try rules(for: path[1])
        case ("POST", ["rules"]): try accept(request, session)
        case ("GET", ["sample"]): try sample()
        case ("POST", ["sample"]): try draw(request, session)
        case ("POST", ["verdicts"]): try judge(request, session)
        case ("POST", ["withdraw"]): try withdraw(request, session)
        case ("GET", let path) where path.count == 2 && path[0] == "report": try report()
        default: nil
        }
    }

    static func decoded<Value: Decodable>(_ type: Value.Type, _ request: PageRequest) throws -> Value {
        guard let value = try? JSONDecoder().decode(type, from: request.body) else {
            throw Refusal(status: 400, message: "the request can't be read")
        }
        return value
    }
}

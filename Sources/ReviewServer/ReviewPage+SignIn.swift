import Foundation
import Ledger
import Pipeline
import Synchronization

extension ReviewPage {
    private struct Credentials: Decodable {
        var name: String
        var password: String
    }

    private struct Link: Decodable {
        var token: String
    }

    /// Who is signed in, what requests have to send along, and where the report is.
    private struct SignedIn: Encodable {
        var name: String
        var page: String
        var report: String
        var fourEyes: String
        var retentionDays: Int
    }

    func signIn(_ request: PageRequest) throws -> PageResponse {
        let credentials = try Self.decoded(Credentials.self, request)
        guard credentials.name.count <= 200, credentials.password.count <= 1000 else {
            throw Refusal(status: 400, message: "the request can't be read")
        }
        if let seconds = limiter.begin(credentials.name) { return Self.tooManyTries(seconds) }
        let known = try index.read { $0.state.reviewerAccounts }
        let reviewer = try deriving.withLock { _ in
            try accounts.reviewer(named: credentials.name, password: credentials.password, known: known)
        }
        guard let reviewer else {
            let name = known.keys.first { $0.lowercased() == credentials.name.lowercased() }
            try log.record(Accessed(action: .signInFailed, by: name ?? "", evidence: ["by=password"]))
            reports.want()
            throw Refusal(status: 401, message: "the name or the password is wrong")
        }
        limiter.succeeded(credentials.name)
        return try enter(reviewer, by: "password")
    }

    func signInByLink(_ request: PageRequest) throws -> PageResponse {
        if let seconds = limiter.begin("link") { return Self.tooManyTries(seconds) }
        guard let reviewer = links.use(try Self.decoded(Link.self, request).token) else {
            try log.record(Accessed(action: .signInFailed, by: "", evidence: ["by=link"]))
            reports.want()
            throw Refusal(status: 401, message: "the link was used before, or is too old")
        }
        limiter.succeeded("link")
        return try enter(reviewer, by: "link")
    }

    private static func tooManyTries(_ seconds: Int) -> PageResponse {
        var response = PageResponse.problem(429, "too many tries: wait \(seconds) seconds")
        response.headers["Retry-After"] = String(seconds)
        return response
    }

    private func enter(_ reviewer: Reviewer, by way: String) throws -> PageResponse {
        guard let (secret, session) = sessions.open(for: reviewer) else {
            throw Refusal(status: 503, message: "too many people are signed in")
        }
        do {
            var accessed = accessed(.signedIn, session)
            accessed.evidence.append("by=\(way)")
            try log.record(accessed)
        } catch {
            _ = sessions.close(secret)
            throw error
        }
        reports.want()
        var response = try describe(session)
        response.headers["Set-Cookie"] = gate.cookie(secret)
        return response
    }

    func describe(_ session: Session) throws -> PageResponse {
        let rules = configuration.policy.quarantine
        return try .json(
            SignedIn(
                name: session.reviewer.name, page: session.pageToken, report: "/report/" + session.reportToken,
                fourEyes: rules.fourEyes.rawValue, retentionDays: rules.retentionDays))
    }

    func signOut(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        if let secret = request.cookie(gate.cookieName), sessions.close(secret) != nil {
            looks.end(session)
            try? log.record(accessed(.signedOut, session))
            reports.want()
        }
        var response = try PageResponse.json([String: String]())
        response.headers["Set-Cookie"] = gate.cookie("", ends: true)
        return response
    }

    func accessed(_ action: Accessed.Action, _ session: Session) -> Accessed {
        Accessed(action: action, by: session.reviewer.name, evidence: ["session=\(session.label)"])
    }
}

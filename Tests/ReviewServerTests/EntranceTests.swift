import Foundation
import Ledger
import Pipeline
import ReviewServer
import Synchronization
import Testing

/// Who gets in, and what must come along with a request.
struct EntranceTests {
    @Test func `nobody without a session is told anything`() throws {
        try Fixture.with { page in
            for path in [
                "/api/work", "/api/series/2.25.2.1", "/api/frames/instance1/original/1-1", "/api/sample", "/report/0",
            ] {
                #expect(page.get(path).status == 401, "\(path)")
                #expect(page.get(path, cookie: "quench=" + String(repeating: "0", count: 64)).status == 401, "\(path)")
            }
            #expect(page.get("/api/session").text == "{}")
            #expect(page.post("/api/decide", [:]).status == 401)
        }
    }

    @Test func `a password opens a session, a wrong one doesn't, and both are recorded`() throws {
        try Fixture.with { page in
            let wrong = page.post("/api/sign-in", ["name": "Ann Example", "password": "not it at all"])
            #expect(wrong.status == 401)
            #expect(wrong.headers["Set-Cookie"] == nil)
            let stranger = page.post("/api/sign-in", ["name": "a password in the wrong field", "password": ""])
            #expect(stranger.status == 401)
            #expect(stranger.text == wrong.text, "nothing tells which names there are")
            let (cookie, form) = try page.signIn()
            #expect(page.get("/api/work", cookie: cookie).status == 200)
            #expect(page.post("/api/sign-out", [:], cookie: cookie, form: form).status == 200)
            #expect(page.get("/api/work", cookie: cookie).status == 401)
            #expect(
                try page.accesses() == [
                    "reviewer-added Ann Example", "sign-in-failed Ann Example", "sign-in-failed ",
                    "signed-in Ann Example", "signed-out Ann Example",
                ])
        }
    }

    @Test func `the cookie is out of reach of scripts and of other sites`() throws {
        try Fixture.with { page in
            let response = page.post("/api/sign-in", ["name": "ann example", "password": Fixture.password])
            let cookie = try #require(response.headers["Set-Cookie"])
            for part in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(part)) }
        }
        let proxied = Gate(port: 1, origin: "https://review.example.org")
        #expect(proxied.cookie("x").hasPrefix("__Host-quench=x;") && proxied.cookie("x").contains("Secure"))
        #expect(proxied.hosts == ["review.example.org"])
    }

    @Test func `a session ends after twenty minutes without a request, and after eight hours in any case`() throws {
        try Fixture.with { page in
            let (cookie, _) = try page.signIn()
            page.clock.advance(19 * 60)
            #expect(page.get("/api/work", cookie: cookie).status == 200)
            page.clock.advance(21 * 60)
            #expect(page.get("/api/work", cookie: cookie).status == 401)
            page.page.tick()
            #expect(try page.accesses().last == "session-expired Ann Example")
            let (second, _) = try page.signIn()
            for _ in 0..<32 {
                #expect(page.get("/api/work", cookie: second).status == 200)
                page.clock.advance(15 * 60)
            }
            page.clock.advance(60)
            #expect(page.get("/api/work", cookie: second).status == 401)
        }
    }

    /// Browsers send a cookie to every port of a host: another user's page on this machine gets it.
    @Test func `the cookie alone opens nothing, and keeps no session alive`() throws {
        try Fixture.with { page in
            let (cookie, token) = try page.signIn()
            let report = try #require(page.get("/api/session", cookie: cookie).object["report"] as? String)
            page.clock.advance(15 * 60)
            for wrong in ["", String(token.reversed())] {
                for path in [
                    "/api/work", "/api/series/2.25.2.1", "/api/frames/instance1/original/1-1", "/api/sample",
                    "/report", "/report/", "/report/" + token,
                ] {
                    #expect(page.get(path, cookie: cookie, form: wrong).status == 401, "\(path)")
                }
                #expect(page.get("/api/session", cookie: cookie, form: wrong).text == "{}", "it tells no token")
            }
            #expect(page.get(report, cookie: cookie, form: "").status == 404, "there is none in this output")
            #expect(page.get(report).status == 401, "nor does the address alone")
            page.clock.advance(21 * 60)
            _ = page.get("/api/work", cookie: cookie, form: "")
            #expect(page.get("/api/work", cookie: cookie).status == 401)
        }
    }

    @Test func `a change without the page's token, from elsewhere, or of another type is refused`() throws {
        try Fixture.with { page in
            let (cookie, form) = try page.signIn()
            let wanted: [String: Any] = ["name": "2.25.2.1", "action": "take-up", "reason": "looking"]
            #expect(page.post("/api/decide", wanted, cookie: cookie).status == 401)
            #expect(page.post("/api/decide", wanted, cookie: cookie, form: String(form.reversed())).status == 401)
            for headers in [["origin": "https://evil.example"], ["sec-fetch-site": "cross-site"], ["origin": "null"]] {
                #expect(
                    page.post("/api/decide", wanted, cookie: cookie, form: form, headers).status == 403, "\(headers)")
            }
            #expect(
                page.post("/api/decide", wanted, cookie: cookie, form: form, ["content-type": "text/plain"]).status
                    == 415)
            #expect(page.post("/api/decide", wanted, cookie: cookie, form: form).status == 202)
        }
    }

    @Test func `a foreign name for this machine and a way up are refused`() throws {
        try Fixture.with { page in
            for host in ["evil.example", "evil.example:8420", "127.0.0.1", "127.0.0.1:80", ""] {
                #expect(page.get("/", ["host": host]).status == 403, "\(host)")
            }
            for host in ["127.0.0.1:8420", "localhost:8420", "[::1]:8420"] {
                #expect(page.get("/", ["host": host]).status == 200, "\(host)")
            }
            for path in ["/../ledger.sqlite", "//etc/passwd", "/%2e%2e/x", "/a\\b", "/\u{0}", "x", "/api/series/a b"] {
                #expect(page.get(path).status == 400, "\(path)")
            }
        }
    }

    @Test func `whoever guesses waits longer and longer, and others don't`() throws {
        try Fixture.with { page in
            func guess() -> Int { page.post("/api/sign-in", ["name": "Bob", "password": "guess"]).status }
            #expect((0..<5).map { _ in guess() } == [401, 401, 401, 401, 401])
            #expect(guess() == 429)
            page.clock.advance(31)
            #expect(guess() == 401)
            page.clock.advance(31)
            #expect(guess() == 429, "the second time takes a minute")
            _ = try page.signIn()
        }
    }

    @Test func `guesses at the same time are no more than guesses one after the other`() throws {
        try Fixture.with { page in
            let statuses = Mutex<[Int]>([])
            DispatchQueue.concurrentPerform(iterations: 12) { number in
                let status = page.post("/api/sign-in", ["name": "Ann Example", "password": "guess \(number)"]).status
                statuses.withLock { $0.append(status) }
            }
            let counts = statuses.withLock { Dictionary(grouping: $0) { $0 }.mapValues(\.count) }
            #expect(counts == [401: 5, 429: 7])
        }
    }

    @Test func `more requests than a person makes are refused until some time has passed`() throws {
        try Fixture.with { page in
            let (cookie, _) = try page.signIn()
            let statuses = (0..<200).map { _ in page.get("/api/session", cookie: cookie).status }
            #expect(statuses.first == 200 && statuses.last == 429)
            page.clock.advance(2)
            #expect(page.get("/api/session", cookie: cookie).status == 200)
        }
    }

    @Test func `a link signs in once, and not after ten minutes`() throws {
        try Fixture.with { page in
            func token() throws -> String {
                try #require(
                    page.page.oneTimeLink(for: try Reviewer("Cid Third")).split(separator: "/").last.map(String.init))
            }
            let link = try token()
            let response = page.post("/api/link", ["token": link])
            #expect(response.object["name"] as? String == "Cid Third")
            #expect(page.post("/api/link", ["token": link]).status == 401)
            let old = try token()
            page.clock.advance(601)
            #expect(page.post("/api/link", ["token": old]).status == 401)
        }
    }

    @Test func `an account that Quench didn't add opens nothing, and is found`() throws {
        try Fixture.with { page in
            let path = page.folder + "/review/reviewers.json"
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(!text.contains(Fixture.password))
            let forged = text.replacing("\"Ann Example\"", with: "\"Mallory\"")
            try forged.write(toFile: path, atomically: false, encoding: .utf8)
            #expect(page.post("/api/sign-in", ["name": "Mallory", "password": Fixture.password]).status == 401)
        }
    }

    @Test func `while a run writes, nobody gets in unrecorded`() throws {
        try Fixture.with { page in
            // Another process would hold the lock in the same way.
            let other = try Ledger(path: page.folder + "/ledger.sqlite")
            let response = page.post("/api/sign-in", ["name": "Ann Example", "password": Fixture.password])
            #expect(response.status == 409 && response.headers["Set-Cookie"] == nil)
            try other.close()
        }
    }

    @Test func `names and passwords that aren't fit are refused`() throws {
        try Fixture.with { page in
            let accounts = try ReviewerAccounts(folder: page.folder, configuration: page.configuration)
            #expect(throws: PipelineError.self) { try accounts.add(try Reviewer("Bob"), password: "too short") }
            #expect(throws: PipelineError.self) {
                try accounts.add(try Reviewer("ANN example"), password: Fixture.password)
            }
            try accounts.remove(try Reviewer("ann example"))
            #expect(try accounts.names() == [])
            #expect(page.post("/api/sign-in", ["name": "Ann Example", "password": Fixture.password]).status == 401)
        }
    }
}

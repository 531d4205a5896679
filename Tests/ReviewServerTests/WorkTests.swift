import DICOMModel
import Foundation
import Ledger
import Pipeline
import ReviewServer
import Synchronization
import Testing

/// What the page shows and what it takes.
struct WorkTests {
    @Test func `the list is filtered, what has waited longest first`() throws {
        try Fixture.with(series: 5) { page in
            let (cookie, _) = try page.signIn()
            func names(_ query: String) -> [String] {
                let rows = page.get("/api/work", query: query, cookie: cookie).object["rows"] as? [[String: Any]] ?? []
                return rows.compactMap { $0["name"] as? String }
            }
            #expect(names("") == (0..<5).map { "2.25.2.\($0)" })
            #expect(names("modality=US") == ["2.25.2.0", "2.25.2.2", "2.25.2.4"])
            #expect(names("reason=text-found&device=MAKER+M&text=2.25.2.3") == ["2.25.2.3"])
            #expect(names("reason=no-such-code") == [])
            #expect(names("state=decided") == [])
            #expect(names("from=4") == ["2.25.2.4"])
        }
    }

    @Test func `a decision shows at once, and what was looked at doesn't change it`() throws {
        try Fixture.with { page in
            let (cookie, form) = try page.signIn()
            let answer = page.post(
                "/api/decide", ["name": "2.25.2.1", "action": "reject", "reason": "dose report"], cookie: cookie,
                form: form)
            #expect(answer.status == 202)
            page.page.jobs.finish()
            let job = try #require(answer.object["job"] as? String)
            #expect(page.get("/api/jobs/\(job)", cookie: cookie).object["state"] as? String == "done")
            let list = page.get("/api/work", cookie: cookie).object
            #expect(list["open"] as? Int == 2 && list["decided"] as? Int == 1)
            let ledger = try Ledger.openReadOnly(path: page.folder + "/ledger.sqlite")
            let record = try #require(try ledger.state()[Fixture.id(1)])
            #expect(record.reviews.last?.reviewed.by == "Ann Example")
            #expect(record.outcome == .rejected)
            #expect(try ledger.latestReceipt()?.events == ledger.head()?.sequence, "the receipt covers it")
            // Somebody else's session isn't told of the job.
            let (other, _) = try page.signIn()
            #expect(page.get("/api/jobs/\(job)", cookie: other).status == 404)
        }
    }

    @Test func `a series is told with its regions and what they mask`() throws {
        try Fixture.with { page in
            let (cookie, _) = try page.signIn()
            let series = page.get("/api/series/2.25.2.0", cookie: cookie).object
            let items = try #require(series["items"] as? [[String: Any]])
            let region = try #require((items.first?["regions"] as? [[String: Any]])?.first)
            #expect(region["box"] as? [Int] == [10, 10, 50, 10])
            // A fifth of the line's height on each side.
            #expect(region["mask"] as? [Int] == [8, 8, 54, 14])
            #expect(region["frames"] as? [[Int]] == [[1, 3], [7, 7]])
            // An ultrasound cine: masked on all frames, as the policy has it.
            #expect(region["maskFrames"] as? [[Int]] == [[1, 10]])
            #expect(series["alike"] as? Int == 1, "one other held series is of the same device and size")
            #expect(page.get("/api/series/2.25.2", cookie: cookie).status == 404, "a part of a name is no name")
        }
    }

    @Test func `what can't be read or isn't there is refused`() throws {
        try Fixture.with { page in
            let (cookie, form) = try page.signIn()
            func decide(_ wanted: [String: Any]) -> Int {
                page.post("/api/decide", wanted, cookie: cookie, form: form).status
            }
            #expect(decide(["name": "2.25.2.1"]) == 400)
            #expect(decide(["name": "2.25.2.9", "action": "reject", "reason": "x"]) == 404)
            #expect(decide(["name": "2.25.2.1", "action": "reject", "reason": "born 01.02.1950"]) == 422)
            #expect(
                decide([
                    "name": "2.25.2.1", "action": "release", "reason": "x",
                    "plan": ["masks": ["1,2,3"], "without": [String]()],
                ]) == 400)
            for range in ["0-1", "2-1", "1-17", "1", "a-b"] {
                #expect(page.get("/api/frames/instance1/original/\(range)", cookie: cookie).status == 404, "\(range)")
            }
            #expect(
                page.get("/api/frames/instance1/released/1-1", cookie: cookie).status == 422, "nothing was released")
        }
    }

    @Test func `every answer says how it may be used`() throws {
        try Fixture.with { page in
            let (cookie, _) = try page.signIn()
            for path in ["/", "/main.js", "/page.css", "/icon.svg", "/api/work", "/api/nothing"] {
                let response = page.get(path, cookie: cookie)
                #expect(response.headers["Cache-Control"] == "no-store", "\(path)")
                #expect(response.headers["X-Content-Type-Options"] == "nosniff", "\(path)")
                #expect(response.headers["Referrer-Policy"] == "no-referrer", "\(path)")
                #expect(response.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true, "\(path)")
                #expect(response.headers["Content-Security-Policy"]?.contains("unsafe") == false, "\(path)")
            }
            #expect(
                PageResponse.reportPolicy.hasPrefix("sandbox")
                    && !PageResponse.reportPolicy.contains("allow-same-origin"))
        }
    }

    @Test func `a frame that is shown twice in one session is one event`() throws {
        try Fixture.with { page in
            _ = try page.signIn()
            let (_, session) = try #require(page.page.sessions.open(for: try Reviewer("Ann Example")))
            let id = Fixture.id(0)
            func look(_ frames: ClosedRange<Int>) throws -> Bool {
                try page.page.looks.record(frames, of: id, .original, to: session)
            }
            #expect(try look(2...4))
            #expect(try !look(3...3))
            #expect(try look(1...6))
            let ledger = try Ledger.openReadOnly(path: page.folder + "/ledger.sqlite")
            let seen = try ledger.state()[id]?.views.map { [$0.viewed.firstFrame, $0.viewed.lastFrame] }
            #expect(seen == [[2, 4], [1, 1], [5, 6]])
            #expect(try ledger.state()[id]?.reviewState == .held, "a look decides nothing")
            #expect(try ledger.verifyChain().isIntact)
        }
    }

    @Test func `a frame that was asked for before a session ended isn't sent after`() throws {
        try Fixture.with { page in
            let (secret, session) = try #require(page.page.sessions.open(for: try Reviewer("Ann Example")))
            let id = Fixture.id(0)
            #expect(try page.page.looks.record(1...1, of: id, .original, to: session))
            let out = page.post("/api/sign-out", [:], cookie: "quench=" + secret, form: session.pageToken)
            #expect(out.status == 200)
            #expect(throws: (any Error).self) {
                try page.page.looks.record(1...1, of: id, .original, to: session)
            }
            let ledger = try Ledger.openReadOnly(path: page.folder + "/ledger.sqlite")
            #expect(try ledger.state()[id]?.views.count == 1)
        }
    }

    @Test func `the index follows the ledger and starts anew where that was rolled back`() throws {
        try Fixture.with(series: 2) { page in
            let index = try QuarantineIndex(folder: page.folder, policy: page.configuration.policy)
            #expect(try index.read { $0.series.map(\.name) } == ["2.25.2.0", "2.25.2.1"])
            let before = try index.read { $0.revision }
            let ledger = try Ledger(path: page.folder + "/ledger.sqlite")
            try ledger.append(Fixture.events(2))
            #expect(try index.read { $0.series.count } == 3)
            #expect(try index.read { $0.revision } > before)
            try ledger.close()
        }
    }

    @Test func `after a ledger that can't be replayed the index isn't left with half of it`() throws {
        try Fixture.with(series: 2) { page in
            let index = try QuarantineIndex(folder: page.folder, policy: page.configuration.policy)
            #expect(try index.read { $0.series.count } == 2)
            let ledger = try Ledger(path: page.folder + "/ledger.sqlite")
            try ledger.append([
                (nil, .sampled(Sampled(seed: "a", population: 1, instances: [Fixture.id(0)]))),
                // Of the second sample, and there is only one.
                (Fixture.id(0), .judged(Judged(sample: 2, verdict: .clean, by: "Ann Example"))),
            ])
            try ledger.close()
            for _ in 0..<3 {
                #expect(throws: LedgerError.self) { try index.read { _ in } }
            }
        }
    }

    @Test func `what was masked is shown on the frames on which it was`() throws {
        try Fixture.with(series: 2) { page in
            let (cookie, _) = try page.signIn()
            let frames = [2, 3, 6].compactMap { FrameNumber($0) }
            let redacted = Redacted(
                transferSyntaxUID: "1.2.840.10008.1.2.1",
                regions: [MaskedRegion(frames: frames, region: PixelRegion(x: 1, y: 2, width: 30, height: 4))],
                changedFrames: 3, changes: [], pictures: nil, milliseconds: 1)
            let ledger = try Ledger(path: page.folder + "/ledger.sqlite")
            try ledger.append(.redacted(redacted), of: Fixture.id(0))
            try ledger.close()
            let series = page.get("/api/series/2.25.2.0", cookie: cookie).object
            let item = try #require((series["items"] as? [[String: Any]])?.first)
            let masked = try #require(item["masked"] as? [[String: Any]])
            #expect(masked.map { $0["box"] as? [Int] } == [[1, 2, 30, 4]])
            #expect(masked.map { $0["frames"] as? [[Int]] } == [[[2, 3], [6, 6]]])
        }
    }

    @Test func `originals of what was decided are deleted on the page, and those that wait are not`() throws {
        try Fixture.with(series: 2) { page in
            let (cookie, form) = try page.signIn()
            func decide(_ action: String) throws -> InstanceRecord {
                let answer = page.post(
                    "/api/decide", ["name": "2.25.2.0", "action": action, "reason": "test"], cookie: cookie, form: form)
                #expect(answer.status == 202)
                page.page.jobs.finish()
                let state = try Ledger.openReadOnly(path: page.folder + "/ledger.sqlite").state()
                return try #require(state[Fixture.id(0)])
            }
            #expect(try !decide("delete").originalIsDeleted)
            #expect(try decide("reject").reviewState == .rejected)
            let deleted = try decide("delete")
            #expect(deleted.originalIsDeleted && deleted.reviews.last?.reviewed.by == "Ann Example")
        }
    }

    @Test func `only what the last sample has is withdrawn on the page`() throws {
        try Fixture.with(series: 2) { page in
            let (cookie, form) = try page.signIn()
            let ids = ["first", "second"].map(InstanceID.init(rawValue:))
            do {
                let ledger = try Ledger(path: page.folder + "/ledger.sqlite")
                for id in ids {
                    let file = Released(path: "released/\(id.rawValue).dcm", sha256: "00", masked: false)
                    try ledger.append([
                        (id, .received(Received(sourceSHA256: "00", byteCount: 1))), (id, .released(file)),
                    ])
                }
                try ledger.append(.sampled(Sampled(seed: "a", population: 2, instances: [ids[0]])))
            }
            func withdraw(_ id: String, _ reason: String = "a name was missed") -> Int {
                let status = page.post("/api/withdraw", ["id": id, "reason": reason], cookie: cookie, form: form).status
                page.page.jobs.finish()
                return status
            }
            #expect(withdraw("second") == 404)
            #expect(withdraw("first", "scan of 5 Mar 2024") == 422)
            #expect(page.post("/api/withdraw", ["id": "first", "reason": "x"], cookie: cookie).status == 401)
            #expect(withdraw("first") == 202)
            let state = try Ledger.openReadOnly(path: page.folder + "/ledger.sqlite").state()
            #expect(state[ids[0]]?.reviewState == .withdrawn && state[ids[1]]?.outcome == .released)
            let items = try #require(page.get("/api/sample", cookie: cookie).object["items"] as? [[String: Any]])
            #expect(items.map { $0["isReleased"] as? Bool } == [false])
        }
    }

    @Test func `a ledger that is still being closed elsewhere in the page is waited for`() throws {
        try Fixture.with { page in
            let log = try ReviewLog(folder: page.folder, configuration: page.configuration)
            try log.record(Accessed(action: .signedOut, by: "Ann Example"))
            // It holds the lock as one does that another thread has let go and that isn't closed yet.
            let closing = Mutex<Ledger?>(try Ledger(path: page.folder + "/ledger.sqlite"))
            let isGone = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                usleep(100_000)
                closing.withLock { $0 = nil }
                isGone.signal()
            }
            try log.record(Accessed(action: .signedOut, by: "Ann Example"))
            isGone.wait()
            #expect(try page.accesses().count { $0 == "signed-out Ann Example" } == 2)
        }
    }

    @Test func `to speak of a name is no name, but numbers and dates are refused`() throws {
        for text in ["the name at the top was missed", "all names are masked", "patient label in the corner"] {
            #expect(try ReviewReason(text).text == text)
        }
        for text in ["name: Smith", "scan of 5 Mar 2024", "NHS 943 476 5919", "", String(repeating: "x", count: 301)] {
            #expect(throws: PipelineError.self, "\(text)") { try ReviewReason(text) }
        }
    }
}

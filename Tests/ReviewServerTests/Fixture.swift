import DICOMModel
import Foundation
import HeaderDeidentification
import Ledger
import Pipeline
import ReviewServer
import Synchronization

/// A clock that tests set.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// An output with held Series and nothing in its quarantine, and a page for it; no socket, no worker.
struct Fixture {
    let folder: String
    let clock: TestClock
    let page: ReviewPage
    let configuration: RunConfiguration
    /// What goes with cookies.
    private let tokens = Tokens()

    static let port = 8420
    static let origin = "http://127.0.0.1:8420"
    static let password = "seven quiet harbours"

    /// Runs `body` with an output of so many held Series, of one instance each.
    static func with(series: Int = 3, _ body: (Fixture) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/quench-review-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try fill(folder, series: series)
        let configuration = RunConfiguration(
            policy: try Policy.builtIn(), key: try ProjectKey(bytes: [UInt8](repeating: 7, count: 32)),
            workerCommand: ["/bin/false"], workerCount: 1, versions: ["quench": "test"], interruption: Interruption(),
            progress: { _ in })
        try ReviewerAccounts(folder: folder, configuration: configuration)
            .add(try Reviewer("Ann Example"), password: password)
        let clock = TestClock()
        let page = try ReviewPage(
            folder: folder, configuration: configuration, port: port, origin: nil, makeReports: {},
            now: { clock.now })
        try body(Fixture(folder: folder, clock: clock, page: page, configuration: configuration))
    }

    private static func fill(_ folder: String, series: Int) throws {
        let ledger = try Ledger(path: folder + "/ledger.sqlite")
        let policy = try Policy.builtIn()
        let key = try ProjectKey(bytes: [UInt8](repeating: 7, count: 32))
        try ledger.append(
            .runStarted(
                RunStarted(
                    versions: ["quench": "test"], policyDigest: policy.digest, policy: policy.source,
                    keyID: key.fingerprint, deidentification: [:])))
        try ledger.append((0..<series).flatMap(events))
        try ledger.append(.runFinished(RunFinished(inputs: series, interrupted: false)))
    }

    static func id(_ number: Int) -> InstanceID { InstanceID(rawValue: "instance\(number)") }

    static func events(_ number: Int) -> [(InstanceID?, LedgerEntry)] {
        let summary = InstanceSummary(
            patient: "P-\(number)", study: "2.25.1.\(number)", series: "2.25.2.\(number)",
            instance: "2.25.3.\(number)", modality: number.isMultiple(of: 2) ? "US" : "CT", sopClassUID: "",
            transferSyntaxUID: "", seriesKind: "image", manufacturer: "MAKER", model: "M", rows: 100, columns: 200,
            numberOfFrames: 10, photometricInterpretation: "MONOCHROME2")
        let finding = Finding(
            region: PixelRegion(x: 10, y: 10, width: 50, height: 10),
            frames: [1, 2, 3, 7].compactMap { FrameNumber($0) },
            category: .identifier, source: .pixels, engine: "test", score: 0.9)
        let inspected = Inspected(
            summary: summary, framesExamined: 10, findings: [finding], reasons: [], notChecked: [],
            smallestGlyphHeight: 6, milliseconds: 1)
        let entries: [LedgerEntry] = [
            .received(Received(sourceSHA256: "00", byteCount: 1)), .inspected(inspected),
            .decided(Decided(outcome: .quarantined, reasons: ["text-found"])),
            .quarantined(Quarantined(reasons: ["text-found"])),
        ]
        return entries.map { (id(number), $0) }
    }

    // MARK: - Asking

    /// - Parameter form: the page's token, where it isn't the one that came with the cookie.
    func get(
        _ path: String, query: String = "", cookie: String? = nil, form: String? = nil,
        _ headers: [String: String] = [:]
    ) -> PageResponse {
        var sent = ["host": "127.0.0.1:8420"].merging(headers) { $1 }
        sent["cookie"] = cookie
        sent["x-quench-page"] = form ?? cookie.flatMap(tokens.token)
        return page.respond(to: PageRequest(method: "GET", path: path, query: query, headers: sent))
    }

    func post(
        _ path: String, _ body: [String: Any], cookie: String? = nil, form: String? = nil,
        _ headers: [String: String] = [:]
    ) -> PageResponse {
        var sent = [
            "host": "127.0.0.1:8420", "origin": Self.origin, "content-type": "application/json",
        ].merging(headers) { $1 }
        sent["cookie"] = cookie
        sent["x-quench-page"] = form
        let data = (try? JSONSerialization.data(withJSONObject: body)) ?? Data()
        return page.respond(to: PageRequest(method: "POST", path: path, headers: sent, body: data))
    }

    /// The cookie and the page's token.
    func signIn() throws -> (cookie: String, form: String) {
        let response = post("/api/sign-in", ["name": "Ann Example", "password": Self.password])
        guard response.status == 200, let cookie = response.headers["Set-Cookie"],
            let form = response.object["page"] as? String
        else { throw NotSignedIn(response: response.text) }
        let sent = String(cookie.prefix { $0 != ";" })
        tokens.add(form, for: sent)
        return (sent, form)
    }

    private final class Tokens: Sendable {
        private let byCookie = Mutex<[String: String]>([:])

        func add(_ token: String, for cookie: String) { byCookie.withLock { $0[cookie] = token } }
        func token(for cookie: String) -> String? { byCookie.withLock { $0[cookie] } }
    }

    struct NotSignedIn: Error {
        var response: String
    }

    /// What the ledger holds of sign-ins.
    func accesses() throws -> [String] {
        try Ledger.openReadOnly(path: folder + "/ledger.sqlite").state().accesses.map {
            $0.accessed.action.rawValue + " " + $0.accessed.by
        }
    }
}

extension PageResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
    var object: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
}

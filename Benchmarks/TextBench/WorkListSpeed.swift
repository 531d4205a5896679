import DICOMModel
import Foundation
import HeaderDeidentification
import Ledger
import Pipeline
import ReviewServer

/// Fills a ledger with made-up instances, all of them held, four to a Series, and prints how long the review page takes to start on
/// it, to open its work list the first time, to open it again, to decide about a Series, and to open the list once more.
func measureWorkList(instances count: Int) throws {
    let folder = NSTemporaryDirectory() + "/quench-bench-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let policy = try Policy.builtIn()
    let key = try ProjectKey(bytes: [UInt8](repeating: 7, count: 32))
    try fillWithHeld(folder, instances: count, policy: policy, key: key)
    let configuration = RunConfiguration(
        policy: policy, key: key, workerCommand: ["/bin/false"], workerCount: 1, versions: [:],
        interruption: Interruption(), progress: { _ in })
    let clock = ContinuousClock()
    func timed<Result>(_ what: String, _ body: () throws -> Result) rethrows -> Result {
        let start = clock.now
        defer { print("\(what): \(Int((clock.now - start) / .milliseconds(1))) ms") }
        return try body()
    }
    let page = try timed("starting the page") {
        try ReviewPage(folder: folder, configuration: configuration, port: 1, origin: nil, makeReports: {})
    }
    let link = page.oneTimeLink(for: try Reviewer("Bench")).split(separator: "/").last.map(String.init) ?? ""
    let head = ["host": "127.0.0.1:1", "origin": "http://127.0.0.1:1", "content-type": "application/json"]
    let entered = timed("signing in") {
        page.respond(
            to: PageRequest(
                method: "POST", path: "/api/link", headers: head, body: Data("{\"token\":\"\(link)\"}".utf8)))
    }
    let cookie = String((entered.headers["Set-Cookie"] ?? "").prefix { $0 != ";" })
    let token = (try? JSONSerialization.jsonObject(with: entered.body) as? [String: Any])?["page"] as? String ?? ""
    let sent = head.merging(["cookie": cookie, "x-quench-page": token]) { $1 }
    func open(_ query: String) -> PageResponse {
        page.respond(
            to: PageRequest(
                method: "GET", path: "/api/work", query: query, headers: sent))
    }
    let first = timed("opening the work list") { open("") }
    _ = timed("opening it again") { open("") }
    _ = timed("filtering it") { open("modality=US&reason=text-found&text=series-7") }
    func decide(_ name: String) -> PageResponse {
        let decision = "{\"name\":\"\(name)\",\"action\":\"reject\",\"reason\":\"bench\"}"
        let answer = page.respond(
            to: PageRequest(method: "POST", path: "/api/decide", headers: sent, body: Data(decision.utf8)))
        page.jobs.finish()
        return answer
    }
    let decided = timed("the first decision") { decide("series-0") }
    _ = timed("the second decision") { decide("series-1") }
    _ = timed("the third decision") { decide("series-2") }
    _ = timed("opening the work list after it") { open("") }
    guard decided.status == 202 else { return print("the decision was refused: \(decided.status)") }
    print("status \(first.status), \(first.body.count) bytes")
}

private func fillWithHeld(_ folder: String, instances count: Int, policy: Policy, key: ProjectKey) throws {
    let ledger = try Ledger(path: folder + "/ledger.sqlite")
    try ledger.append(
        .runStarted(
            RunStarted(
                versions: [:], policyDigest: policy.digest, policy: policy.source, keyID: key.fingerprint,
                deidentification: [:])))
    for start in stride(from: 0, to: count, by: 500) {
        try ledger.append((start..<min(start + 500, count)).flatMap(heldEvents))
    }
    _ = try ledger.makeReceipt(signedBy: nil)
    try ledger.close()
}

private func heldEvents(_ number: Int) -> [(InstanceID?, LedgerEntry)] {
    let id = InstanceID(rawValue: "id-\(number)")
    let series = number / 4
    let summary = InstanceSummary(
        patient: "Q-\(series / 20)", study: "study-\(series / 5)", series: "series-\(series)",
        instance: "instance-\(number)",
        modality: ["CT", "MR", "US", "CR"][series % 4], sopClassUID: "", transferSyntaxUID: "", seriesKind: "image",
        manufacturer: "MAKER", model: "M\(series % 7)", rows: 512, columns: 512, numberOfFrames: 1,
        photometricInterpretation: "MONOCHROME2")
    let inspected = Inspected(
        summary: summary, framesExamined: 1, findings: [], reasons: [], notChecked: [], smallestGlyphHeight: 6,
        milliseconds: 40)
    let entries: [LedgerEntry] = [
        .received(Received(sourceSHA256: "sha-\(number)", byteCount: 500_000)), .inspected(inspected),
        .quarantined(Quarantined(reasons: ["text-found"])),
    ]
    return entries.map { (id, $0) }
}

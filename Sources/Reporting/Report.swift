internal import Foundation
public import Ledger

/// A report, made from a ledger alone: `index.html`, `report.json`, `instances.csv`, `series.csv`, `findings.csv` and `attributes.csv`. It can be made
/// again at any time; the CSV files of two runs over the same input with the same key are equal byte for byte.
public struct Report {
    let content: ReportContent
    private let ledger: Ledger

    /// Verifies the chain of `ledger`, unless the caller just did and gives the result, and adds up `state`.
    public init(
        state: LedgerState, ledger: Ledger, chain: ChainVerification? = nil, options: ReportOptions = ReportOptions()
    ) throws {
        content = try ReportContent(
            state: state, chain: try chain ?? ledger.verifyChain(), receipt: try ledger.latestReceipt(),
            options: options, list: ledger.attributes(sha256:))
        self.ledger = ledger
    }

    /// Reads `ledger` once, verifying its chain on the way.
    public init(ledger: Ledger, options: ReportOptions = ReportOptions()) throws {
        let (state, chain) = try ledger.auditedState()
        try self.init(state: state, ledger: ledger, chain: chain, options: options)
    }

    /// The sums by decision.
    public var totals: ReportTotals { content.totals }

    /// The sentence that matters, as at the top of the page: "412 series came in: 380 released, …".
    public var headline: String {
        ReportHeadline(totals: totals, isProposal: content.options.isProposal).text
    }

    /// The files of a report.
    public static let files = [
        "instances.csv", "series.csv", "findings.csv", "attributes.csv", "report.json", "index.html",
    ]

    /// Which files of a report that lies in `folder` are not what this one would write, or aren't there.
    public func mismatches(in folder: String) throws -> [String] {
        let made = NSTemporaryDirectory() + "/quench-report-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: made, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: made) }
        try write(to: made)
        return Self.files.filter { name in
            !FileManager.default.contentsEqual(atPath: made + "/" + name, andPath: folder + "/" + name)
        }
    }

    /// Writes the files into an existing folder, each by a rename once it is whole.
    ///
    /// Throws `ReportError` where a file can't be written, `LedgerError` where a picture can't be read.
    public func write(to folder: String) throws {
        try writeInstances(to: AtomicFile(name: "instances.csv", in: folder))
        try writeSeries(to: AtomicFile(name: "series.csv", in: folder))
        try writeFindings(to: AtomicFile(name: "findings.csv", in: folder))
        try writeAttributes(to: AtomicFile(name: "attributes.csv", in: folder))
        try writeJSON(to: AtomicFile(name: "report.json", in: folder))
        try writePage(to: AtomicFile(name: "index.html", in: folder))
    }

    private func writePage(to file: AtomicFile) throws {
        let page = ReportPage(content: content) { try ledger.picture(sha256: $0) }
        try file.append(page.text())
        try file.finish()
    }
}

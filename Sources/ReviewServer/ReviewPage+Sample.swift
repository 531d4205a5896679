import DICOMModel
import Foundation
import Ledger
import Pipeline

/// The last sample as the page shows it.
struct SampleView: Encodable {
    struct Item: Encodable {
        var id: String
        var modality: String
        var kind: String
        var frames: Int
        var isMasked: Bool
        /// False once it is withdrawn.
        var isReleased: Bool
        var verdict: Judged.Verdict?
        var by: String?
    }

    struct Target: Encodable {
        var share: Double
        var size: Int
    }

    /// How many released instances there are to draw from now.
    var released: Int
    /// Nil where none was drawn yet.
    var sums: DrawnSample.Sums?
    var targets: [Target]
    var items: [Item] = []

    init(_ state: LedgerState) {
        released = state.instances.count { $0.outcome?.isReleased == true }
        targets = [0.01, 0.001].compactMap { share in
            SampleBound.sampleSize(for: share).map { Target(share: share, size: $0) }
        }
        guard let sample = state.samples.last else { return }
        sums = DrawnSample.Sums(sample)
        items = sample.sampled.instances.map { id in
            let summary = state[id]?.inspected?.summary
            let verdict = sample.verdicts[id]
            return Item(
                id: id.rawValue, modality: summary?.modality ?? "", kind: summary?.seriesKind ?? "",
                frames: summary?.numberOfFrames ?? 0, isMasked: state[id]?.outcome == .releasedMasked,
                isReleased: state[id]?.released != nil, verdict: verdict?.verdict, by: verdict?.by)
        }
    }
}

extension ReviewPage {
    private struct DrawRequest: Decodable {
        var size: Int
        var seed: String?
    }

    private struct VerdictRequest: Decodable {
        var ids: [String]
        var verdict: Judged.Verdict
    }

    private struct WithdrawRequest: Decodable {
        var id: String
        var reason: String
    }

    func sample() throws -> PageResponse { try .json(try index.read { SampleView($0.state) }) }

    func draw(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        let wanted = try Self.decoded(DrawRequest.self, request)
        guard (1...100_000).contains(wanted.size) else {
            throw Refusal(status: 400, message: "a sample has 1 to 100,000")
        }
        return try start(session) {
            _ = try self.sampling.draw(size: wanted.size, seed: wanted.seed.flatMap { $0.isEmpty ? nil : $0 })
            return Jobs.Status(state: .done)
        }
    }

    func judge(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        let judged = try Self.decoded(VerdictRequest.self, request)
        return try start(session) {
            _ = try self.sampling.judge(judged.ids, judged.verdict, by: session.reviewer)
            return Jobs.Status(state: .done)
        }
    }
    /// Takes back an instance of the sample. Its original isn't here unless it was held once: the command line takes one.
    func withdraw(_ request: PageRequest, _ session: Session) throws -> PageResponse {
        let wanted = try Self.decoded(WithdrawRequest.self, request)
        let reason = try ReviewReason(wanted.reason)
        let id = InstanceID(rawValue: wanted.id)
        guard try index.read({ $0.state.samples.last?.sampled.instances.contains(id) == true }) else {
            throw Refusal(status: 404, message: "the sample has no such image")
        }
        return try start(session) {
            let results = try self.quarantine.withdraw(wanted.id, by: session.reviewer, because: reason)
            self.viewing.close(id)
            return Jobs.Status(state: .done, results: results)
        }
    }
}

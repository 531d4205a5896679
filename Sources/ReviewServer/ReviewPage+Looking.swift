import Foundation
import Ledger
import Pipeline
import Synchronization

extension ReviewPage {
    /// As many frames as go into one answer.
    private static let mostFrames = 16

    func work(_ fields: [String: String]) throws -> PageResponse {
        func field(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let filter = WorkList.Filter(
            state: field("state"), reason: field("reason"), modality: fields["modality"], device: fields["device"],
            text: field("text"))
        return try .json(try workList().part(filter, from: max(0, field("from").flatMap { Int($0) } ?? 0)))
    }

    func workList() throws -> WorkList {
        let current = try index.current()
        return list.withLock { known in
            if let known, known.revision == current.revision { return known.list }
            let list = WorkList(current.series)
            known = (current.revision, list)
            return list
        }
    }

    func series(_ name: String) throws -> PageResponse? {
        let current = try index.current()
        guard let series = current.series.first(where: { $0.name == name }) else { return nil }
        return try .json(
            SeriesView(
                series, state: current.state, policy: configuration.policy, alike: try index.alike(series)))
    }

    /// Frames of an original or a released file. Recorded first, then sent.
    func frames(of id: String, picture: String, range: String, _ session: Session) throws -> PageResponse? {
        let numbers = range.split(separator: "-").compactMap { Int($0) }
        guard let picture = Viewed.Picture(rawValue: picture), numbers.count == 2, numbers[0] >= 1,
            numbers[0] <= numbers[1], numbers[1] - numbers[0] < Self.mostFrames,
            let record = try index.current().state[InstanceID(rawValue: id)]
        else { return nil }
        // Of released files only those that a person has to look at.
        guard picture == .original || record.heldSince != nil || isSampled(record.id) else { return nil }
        let viewed = try viewing.frames(numbers[0]...numbers[1], of: record, picture)
        guard !viewed.frames.isEmpty else { return nil }
        let sent = numbers[0]...(numbers[0] + viewed.frames.count - 1)
        if try looks.record(sent, of: record.id, picture, to: session) { reports.want() }
        return PageResponse(
            type: "application/octet-stream", body: try FrameMessage.bytes(viewed, from: numbers[0]))
    }

    private func isSampled(_ id: InstanceID) -> Bool {
        (try? index.current().state.samples.last?.sampled.instances.contains(id)) == true
    }

    func report() throws -> PageResponse? {
        reports.finish()
        guard let page = FileManager.default.contents(atPath: folder + "/report/index.html") else { return nil }
        return PageResponse(type: "text/html; charset=utf-8", body: page, policy: PageResponse.reportPolicy)
    }
}

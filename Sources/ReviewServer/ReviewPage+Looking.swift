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
        try index.read { held in
            list.withLock { known in
                if let known, known.revision == held.revision { return known.list }
                let list = WorkList(held.series)
                known = (held.revision, list)
                return list
            }
        }
    }

    func series(_ name: String) throws -> PageResponse? {
        let view = try index.read { held in
            held.series.first { $0.name == name }
                .map { SeriesView($0, state: held.state, policy: configuration.policy, alike: held.alike($0)) }
        }
        return try view.map { try .json($0) }
    }

    /// Frames of an original or a released file. Recorded first, then sent.
    func frames(of id: String, picture: String, range: String, _ session: Session) throws -> PageResponse? {
        let numbers = range.split(separator: "-").compactMap { Int($0) }
        guard let picture = Viewed.Picture(rawValue: picture), numbers.count == 2, numbers[0] >= 1,
            numbers[0] <= numbers[1], numbers[1] - numbers[0] < Self.mostFrames,
            let record = try index.read({ $0.record(of: InstanceID(rawValue: id), toShow: picture) })
        else { return nil }
        let viewed = try viewing.frames(numbers[0]...numbers[1], of: record, picture)
        guard !viewed.frames.isEmpty else { return nil }
        let sent = numbers[0]...(numbers[0] + viewed.frames.count - 1)
        if try looks.record(sent, of: record.id, picture, to: session) { reports.want() }
        return PageResponse(
            type: "application/octet-stream", body: try FrameMessage.bytes(viewed, from: numbers[0]))
    }

    func report() throws -> PageResponse? {
        reports.finish()
        guard let page = FileManager.default.contents(atPath: folder + "/report/index.html") else { return nil }
        return PageResponse(type: "text/html; charset=utf-8", body: page, policy: PageResponse.reportPolicy)
    }
}

extension QuarantineIndex.Held {
    /// Of released files only those are shown that a person has to look at.
    fileprivate func record(of id: InstanceID, toShow picture: Viewed.Picture) -> InstanceRecord? {
        guard let record = state[id] else { return nil }
        let isToBeSeen = picture == .original || record.heldSince != nil
        return isToBeSeen || state.samples.last?.sampled.instances.contains(id) == true ? record : nil
    }
}

package import DICOMModel
import Foundation
package import Ledger

/// Which frames of which instances a report shows small: as many a Series as policy says, spread evenly, so that a cine or a
/// stack of slices is checked at a glance.
package struct ContactSheetPlan: Sendable {
    package struct Member: Sendable {
        let id: InstanceID
        /// Patient, Study and Series.
        let series: [String]
        let frameCount: Int
        /// Frames that are to be masked; all count as such where that isn't known yet.
        let masked: Set<FrameNumber>

        /// Nil for what isn't released.
        init?(_ instance: DecidedInstance) {
            guard instance.decided.outcome.isReleased else { return nil }
            self.init(
                instance.id, instance.scanned.summary, masked: Set(instance.regions.flatMap(\.frames)))
        }

        package init(_ id: InstanceID, _ summary: InstanceSummary, isMasked: Bool) {
            let all = 0..<(summary.numberOfFrames ?? 0)
            self.init(id, summary, masked: isMasked ? Set(all.map(FrameNumber.init(index:))) : [])
        }

        package init(_ id: InstanceID, _ summary: InstanceSummary, masked: Set<FrameNumber>) {
            self.id = id
            series = summary.seriesKey
            frameCount = summary.numberOfFrames ?? 0
            self.masked = masked
        }
    }

    private struct Place: Hashable {
        var member: Int
        var frame: FrameNumber
    }

    private var chosen: [InstanceID: [FrameNumber]] = [:]

    /// - Parameter members: those of a Series in the order in which the sheet shows them.
    package init(_ members: [Member], rules: Policy.ReportRules) {
        guard rules.contactSheets != .off else { return }
        var order: [[String]] = []
        var bySeries: [[String]: [Member]] = [:]
        for member in members where member.frameCount > 0 {
            if bySeries[member.series] == nil { order.append(member.series) }
            bySeries[member.series, default: []].append(member)
        }
        let wanted = order.filter { series in
            rules.contactSheets == .all || bySeries[series, default: []].contains { !$0.masked.isEmpty }
        }
        for series in wanted.prefix(rules.mostSheets) {
            choose(from: bySeries[series, default: []], most: rules.framesPerSheet)
        }
    }

    package func frames(of id: InstanceID) -> [FrameNumber] { chosen[id] ?? [] }

    /// Where few are masked, half from these and the rest from the others; else from all of them.
    private mutating func choose(from members: [Member], most: Int) {
        let all = members.indices.flatMap { index in
            (0..<members[index].frameCount).map { Place(member: index, frame: FrameNumber(index: $0)) }
        }
        let masked = all.filter { members[$0.member].masked.contains($0.frame) }
        let isRare = 2 * masked.count < all.count
        let picked = Set(Self.spread(masked, most: isRare ? (most + 1) / 2 : 0))
        let rest = all.filter { !picked.contains($0) }
        let places = picked.union(Self.spread(rest, most: most - picked.count))
        for place in places { chosen[members[place.member].id, default: []].append(place.frame) }
        for member in members { chosen[member.id]?.sort() }
    }

    /// At most so many, the first and the last among them.
    static func spread<Item>(_ items: [Item], most: Int) -> [Item] {
        guard most > 0, items.count > most else { return most > 0 ? items : [] }
        guard most > 1 else { return [items[items.count / 2]] }
        return (0..<most).map { items[$0 * (items.count - 1) / (most - 1)] }
    }
}

extension RedactedFile {
    /// What was redacted, with the names of its pictures and of the list of what stays; and those, to be stored with it.
    func named(_ redacted: Redacted) -> (redacted: Redacted, blobs: [LedgerBlob]) {
        var redacted = redacted
        var blobs: [LedgerBlob] = []
        func name(_ data: Data) -> String {
            let blob = LedgerBlob(data)
            blobs.append(blob)
            return blob.name
        }
        if let before, let after { redacted.pictures = Pictures(before: name(before), after: name(after)) }
        if !tiles.isEmpty { redacted.tiles = tiles.map { Tile(frame: $0.frame, picture: name($0.png)) } }
        redacted.attributes = attributes.map { name(Data($0.utf8)) }
        return (redacted, blobs)
    }
}

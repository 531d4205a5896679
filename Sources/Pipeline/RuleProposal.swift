public import DICOMModel
public import DeviceRules
import Ledger

/// A device rule that people's decisions suggest, and what it would do to the present set.
public struct RuleProposal: Hashable, Sendable, Encodable {
    /// A box of the rule.
    public struct Box: Hashable, Sendable, Encodable {
        public var region: PixelRegion
        /// On how many of the instances that people reviewed it was masked.
        public var reviewed: Int
        /// On how many examined instances the detector found nothing in it that policy masks.
        public var withoutFinding: Int
    }

    public var name: String
    public var device: DeviceMatch
    /// Instances that people released masked; the rule is learnt from these.
    public var reviewed: Int
    /// How much of the present set the rule would act on.
    public var instances: Int
    public var series: Int
    /// Of `instances`, those whose pixels were examined; the counts below are of them.
    public var examined: Int
    public var boxes: [Box]
    /// Findings that policy masks, wholly in a box of the rule, and not.
    public var findingsInside: Int
    public var findingsOutside: Int
    public var instancesWithFindingsOutside: Int

    public var rule: DeviceRule {
        DeviceRule(name: name, device: device, effect: .mask(boxes.map { RulePaint(.mask, .box($0.region)) }))
    }
}

extension Quarantine {
    /// Device rules that the masks of reviewed releases suggest: one for each device and size, of the boxes that were masked
    /// on at least half of what people released masked, and there on at least half of the frames. Nothing is written.
    ///
    /// - Parameter name: a held or released Series or instance, whose device alone is meant; nil for all.
    /// - Throws: `PipelineError` with code `.review` where nothing is called so, or where nothing can be learnt about it.
    public func ruleProposals(for name: String? = nil) throws -> [RuleProposal] {
        let held = try index.read { $0 }
        let wanted = try name.map { Set(try held.find($0).records.compactMap(DeviceFormat.init)) }
        let groups = Dictionary(grouping: held.state.instances, by: DeviceFormat.init)
        let proposals = groups.compactMap { format, records -> RuleProposal? in
            guard let format, wanted?.contains(format) ?? true, format.isTellable else { return nil }
            return RuleLearning(policy: configuration.policy, format: format, records: records).proposal
        }
        guard name == nil || !proposals.isEmpty else {
            throw PipelineError(
                .review, "nothing can be learnt from it",
                hint: "release it masked first; its header must name modality, maker and model")
        }
        return proposals.sorted { ($1.instances, $0.name) < ($0.instances, $1.name) }
    }
}

extension DeviceFormat {
    /// Whether a rule on it would be about one kind of device, not about all whose header says nothing.
    fileprivate var isTellable: Bool { ![modality, manufacturer, model].contains { $0.isEmpty || $0 == "?" } }
}

/// Learns a rule from the records of one device and size.
struct RuleLearning {
    let policy: Policy
    let format: DeviceFormat
    let records: [InstanceRecord]

    /// Nil where people released nothing masked.
    var proposal: RuleProposal? {
        let reviewed = records.filter { $0.reviewState == .releasedMasked && $0.redacted?.regions.isEmpty == false }
        let regions = boxes(masked: reviewed.map(Self.lasting))
        guard !regions.isEmpty else { return nil }
        let examined = records.filter { ($0.inspected?.framesExamined ?? 0) > 0 }.map(findings)
        let outside = examined.map { findings in
            findings.count { finding in !regions.contains { $0.region.contains(finding) } }
        }
        let boxes = regions.map { region, count in
            RuleProposal.Box(
                region: region, reviewed: count,
                withoutFinding: examined.count { !$0.contains { $0.intersects(region) } })
        }
        return RuleProposal(
            name: name, device: match, reviewed: reviewed.count,
            instances: records.count, series: Set(records.map { $0.inspected?.summary.series }).count,
            examined: examined.count, boxes: boxes,
            findingsInside: examined.joined().count - outside.reduce(0, +), findingsOutside: outside.reduce(0, +),
            instancesWithFindingsOutside: outside.count { $0 > 0 })
    }

    /// What was masked on at least half of the frames: a device writes its banner on all of them, and what was taken for text
    /// on a few is no habit of it.
    private static func lasting(_ record: InstanceRecord) -> [PixelRegion] {
        let frames = record.inspected?.summary.numberOfFrames ?? 1
        return record.redacted?.regions.filter { 2 * $0.frames.count >= frames }.map(\.region) ?? []
    }

    private var match: DeviceMatch {
        DeviceMatch(
            modality: format.modality, manufacturer: format.manufacturer, model: format.model, rows: format.rows,
            columns: format.columns)
    }

    private var name: String {
        let size = "\(format.columns ?? 0)x\(format.rows ?? 0)"
        let text = [format.modality, format.manufacturer, format.model].joined(separator: " ")
        let ascii = text.map { $0.isASCII && !$0.isNewline && $0 != "\"" && $0 != "\\" ? $0 : "-" }
        return String(ascii.prefix(80)) + " " + size
    }

    /// Boxes around what was masked at one place, with the number of instances on which it was.
    private func boxes(masked: [[PixelRegion]]) -> [(region: PixelRegion, count: Int)] {
        MaskPlan.merged(masked.flatMap { $0 }).compactMap { region in
            let count = masked.count { $0.contains { region.contains($0) } }
            return 2 * count >= masked.count ? (region, count) : nil
        }
    }

    /// Where the detector found something that policy masks.
    private func findings(_ record: InstanceRecord) -> [PixelRegion] {
        (record.inspected?.findings ?? []).filter { !$0.category.isAskedFor && policy.masks($0) }.map(\.region)
    }
}

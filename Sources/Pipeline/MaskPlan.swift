package import DICOMModel
package import Ledger

/// From findings to the boxes that are filled.
package struct MaskPlan {
    package let policy: Policy
    package let summary: InstanceSummary

    package init(policy: Policy, summary: InstanceSummary) {
        self.policy = policy
        self.summary = summary
    }

    /// Boxes for every finding in the pixels that policy masks. On a cine under `cine-mask: union`, each stands on
    /// every frame. Boxes that overlap much, as the same line found on many frames does, become one.
    package func regions(for findings: [Finding]) -> [MaskedRegion] {
        let masked = findings.filter(policy.masks).map(withMargin)
        guard !masked.isEmpty else { return [] }
        if isUnited { return Self.merged(masked.map(\.region)).map { MaskedRegion(frames: allFrames, region: $0) } }
        var byFrame: [FrameNumber: [PixelRegion]] = [:]
        for finding in masked {
            for frame in finding.frames { byFrame[frame, default: []].append(finding.region) }
        }
        var framesByRegion: [PixelRegion: [FrameNumber]] = [:]
        for (frame, regions) in byFrame {
            for region in Self.merged(regions) { framesByRegion[region, default: []].append(frame) }
        }
        return framesByRegion.map { MaskedRegion(frames: $0.value.sorted(), region: $0.key) }.sorted(by: Self.isBefore)
    }

    /// The frames on which the place of a finding is masked.
    package func frames(of finding: Finding) -> [FrameNumber] { isUnited ? allFrames : finding.frames }

    var frameCount: Int { max(1, summary.numberOfFrames ?? 1) }

    /// Empty where the size isn't known.
    var bounds: PixelRegion { PixelRegion(x: 0, y: 0, width: summary.columns ?? 0, height: summary.rows ?? 0) }

    private var allFrames: [FrameNumber] { (0..<frameCount).map(FrameNumber.init(index:)) }

    private var isUnited: Bool { isCine && policy.cineMask == .union }

    /// Grown for what a reader's box leaves out: descenders and commas below the line, soft edges, ringing. A fifth of
    /// the line's height, and two pixels at least.
    package func withMargin(_ finding: Finding) -> Finding {
        // What a script or a rule asks for is meant as it is.
        guard !finding.category.isAskedFor else { return finding }
        var finding = finding
        let bounds = PixelRegion(x: 0, y: 0, width: summary.columns ?? .max / 4, height: summary.rows ?? .max / 4)
        let margin = max(2, min(finding.region.width, finding.region.height) / 5)
        finding.region = finding.region.expanded(by: margin, within: bounds)
        return finding
    }

    /// The largest share of a frame that the boxes cover, 0…1; an upper bound where boxes overlap.
    package func maskedShare(of regions: [MaskedRegion]) -> Double {
        guard let rows = summary.rows, let columns = summary.columns, rows > 0, columns > 0 else { return 0 }
        var areas: [FrameNumber: Int] = [:]
        for masked in regions {
            for frame in masked.frames { areas[frame, default: 0] += masked.region.area }
        }
        return Double(areas.values.max() ?? 0) / Double(rows * columns)
    }

    /// Frames that follow each other in time in front of a fixed camera, so that a place means the same on all of
    /// them; slices and tiles of multi-frame objects are not.
    private var isCine: Bool {
        (summary.numberOfFrames ?? 1) > 1
            && ["US", "IVUS", "XA", "RF", "ES", "GM", "XC", "OP", "SC", "OT"].contains(summary.modality)
    }

    /// Replaces boxes that share more than half of the smaller one by the box around both, until none do.
    static func merged(_ regions: [PixelRegion]) -> [PixelRegion] {
        var result: [PixelRegion] = []
        for region in Set(regions).sorted(by: isBefore) {
            var grown = region
            while let index = result.firstIndex(where: { overlapsMuch($0, grown) }) {
                grown = grown.union(result.remove(at: index))
            }
            result.append(grown)
        }
        return result.sorted(by: isBefore)
    }

    static func overlapsMuch(_ one: PixelRegion, _ other: PixelRegion) -> Bool {
        2 * one.intersection(other).area > min(one.area, other.area)
    }

    private static func isBefore(_ one: PixelRegion, _ other: PixelRegion) -> Bool {
        (one.y, one.x, one.height, one.width) < (other.y, other.x, other.height, other.width)
    }

    private static func isBefore(_ one: MaskedRegion, _ other: MaskedRegion) -> Bool {
        isBefore(one.region, other.region)
    }
}

package import DICOMModel
package import Ledger

/// From findings to the boxes that are filled.
package struct MaskPlan {
    package let policy: Policy
    package let summary: InstanceSummary
    /// Those of the findings whose place is masked on every frame.
    private let everywhere: Set<Finding>

    /// - Parameter findings: all of the instance.
    package init(policy: Policy, summary: InstanceSummary, findings: [Finding]) {
        self.policy = policy
        self.summary = summary
        everywhere =
            Self.isCine(summary) && policy.cineMask == .union
            ? Self.lasting(findings.filter { $0.source == .pixels }, frameCount: max(1, summary.numberOfFrames ?? 1))
            : []
    }

    /// Boxes for every finding in the pixels that policy masks, on a cine under `cine-mask: union` on every frame, unless it
    /// may well be no text and comes and goes. Boxes that overlap much, as the same line found on many frames does, become
    /// one.
    ///
    /// - Parameter findings: some or all of the instance's.
    package func regions(for findings: [Finding]) -> [MaskedRegion] {
        let masked = findings.filter(policy.masks)
        let lasting = Self.merged(masked.filter(everywhere.contains).map { withMargin($0).region })
        var byFrame: [FrameNumber: [PixelRegion]] = [:]
        for finding in masked where !everywhere.contains(finding) {
            for frame in finding.frames { byFrame[frame, default: []].append(withMargin(finding).region) }
        }
        var framesByRegion: [PixelRegion: [FrameNumber]] = [:]
        for (frame, regions) in byFrame {
            for region in Self.merged(regions) where !lasting.contains(where: { $0.contains(region) }) {
                framesByRegion[region, default: []].append(frame)
            }
        }
        let passing = framesByRegion.map { MaskedRegion(frames: $0.value.sorted(), region: $0.key) }
        return (lasting.map { MaskedRegion(frames: allFrames, region: $0) } + passing).sorted(by: Self.isBefore)
    }

    /// The frames on which the place of a finding is masked.
    package func frames(of finding: Finding) -> [FrameNumber] {
        everywhere.contains(finding) ? allFrames : finding.frames
    }

    /// What is surely so is text: nearly all lines are found with this score or a higher one on some frame, what speckle
    /// looks like is not (`Models/README.md`).
    private static let sure = 0.95

    /// Findings whose place is masked on all frames of a cine: text that is sure or was understood, and what is seen at
    /// about the same place on half of the frames.
    private static func lasting(_ findings: [Finding], frameCount: Int) -> Set<Finding> {
        var result: Set<Finding> = []
        var doubtful: [Finding] = []
        for finding in findings {
            let isKnown = finding.category.isAskedFor || [.identifier, .pattern].contains(finding.category)
            if isKnown || finding.score >= sure || finding.frames.count * 2 >= frameCount {
                result.insert(finding)
            } else {
                doubtful.append(finding)
            }
        }
        var byCell = PlaceIndex()
        for index in findings.indices { byCell.add(index, at: findings[index].region) }
        for finding in doubtful {
            var frames: Set<FrameNumber> = []
            for index in byCell.near(finding.region) where stands(finding.region, in: findings[index].region) {
                frames.formUnion(findings[index].frames)
                if frames.count * 2 >= frameCount { break }
            }
            if frames.count * 2 >= frameCount { result.insert(finding) }
        }
        return result
    }

    /// Whether most of a place lies in another that isn't much larger.
    private static func stands(_ region: PixelRegion, in other: PixelRegion) -> Bool {
        2 * region.intersection(other).area > region.area && other.area <= 3 * region.area
    }

    var frameCount: Int { max(1, summary.numberOfFrames ?? 1) }

    /// Empty where the size isn't known.
    var bounds: PixelRegion { PixelRegion(x: 0, y: 0, width: summary.columns ?? 0, height: summary.rows ?? 0) }

    private var allFrames: [FrameNumber] { (0..<frameCount).map(FrameNumber.init(index:)) }

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
    private static func isCine(_ summary: InstanceSummary) -> Bool {
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

/// Which boxes lie in which squares of the image.
private struct PlaceIndex {
    private var cells: [[Int]: [Int]] = [:]
    private static let side = 64

    mutating func add(_ index: Int, at region: PixelRegion) {
        for cell in Self.cells(of: region) { cells[cell, default: []].append(index) }
    }

    func near(_ region: PixelRegion) -> Set<Int> { Set(Self.cells(of: region).flatMap { cells[$0] ?? [] }) }

    private static func cells(of region: PixelRegion) -> [[Int]] {
        (region.y / side...max(region.y, region.maxY - 1) / side).flatMap { row in
            (region.x / side...max(region.x, region.maxX - 1) / side).map { [row, $0] }
        }
    }
}

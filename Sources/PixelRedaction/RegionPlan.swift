public import DICOMModel

/// From findings to the boxes to mask on each frame.
public struct RegionPlan: Hashable, Sendable {
    /// Where on a multi-frame object a finding is masked.
    public enum Extent: String, Hashable, Sendable, CaseIterable {
        /// On every frame: text that is read on some frames only is mostly there on the others as well.
        case everyFrame = "every-frame"
        /// On the frames where it was found.
        case findingFrames = "finding-frames"
    }

    public var extent: Extent
    /// Pixels added on each side of a finding.
    public var margin: Int

    public init(extent: Extent = .everyFrame, margin: Int = 0) {
        self.extent = extent
        self.margin = margin
    }

    /// Boxes by frame, cut to the image; of boxes that lie inside another only the larger is kept.
    ///
    /// Findings in overlays and unused bits give none: those planes are taken away as a whole.
    public func regions(
        for findings: [Finding], numberOfFrames: Int, bounds: PixelRegion
    ) -> [FrameNumber: [PixelRegion]] {
        guard numberOfFrames > 0 else { return [:] }
        var boxes: [FrameNumber: [PixelRegion]] = [:]
        var everywhere: [PixelRegion] = []
        for finding in findings where finding.source == .pixels {
            let box = Self.sane(finding.region).expanded(by: max(0, min(margin, 65_535)), within: bounds)
            guard !box.isEmpty else { continue }
            switch extent {
            case .everyFrame: everywhere.append(box)
            case .findingFrames:
                for frame in Set(finding.frames) where frame.value <= numberOfFrames {
                    boxes[frame, default: []].append(box)
                }
            }
        }
        if extent == .everyFrame {
            let merged = Self.merged(everywhere)
            guard !merged.isEmpty else { return [:] }
            return Dictionary(uniqueKeysWithValues: (0..<numberOfFrames).map { (FrameNumber(index: $0), merged) })
        }
        return boxes.mapValues(Self.merged)
    }

    /// Without boxes that lie inside another, in reading order.
    public static func merged(_ boxes: [PixelRegion]) -> [PixelRegion] {
        var kept: [PixelRegion] = []
        for box in boxes.sorted(by: { ($1.area, $0.y, $0.x) < ($0.area, $1.y, $1.x) }) where !box.isEmpty {
            if !kept.contains(where: { $0.contains(box) }) { kept.append(box) }
        }
        return kept.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
    }

    /// Coordinates that no later sum can overflow.
    private static func sane(_ box: PixelRegion) -> PixelRegion {
        let limit = 1 << 24
        func cut(_ value: Int) -> Int { min(max(value, -limit), limit) }
        return PixelRegion(x: cut(box.x), y: cut(box.y), width: cut(box.width), height: cut(box.height))
    }
}

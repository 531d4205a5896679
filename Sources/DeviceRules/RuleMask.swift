public import DICOMFile
public import DICOMModel

/// The mask that rules paint on an image.
public struct RuleMask: Hashable, Sendable {
    public let bounds: PixelRegion
    /// Disjoint, in a stable order.
    public private(set) var regions: [PixelRegion] = []

    public init(bounds: PixelRegion) {
        self.bounds = bounds
    }

    /// Paints one rule's strokes, cut to the image.
    ///
    /// - Throws: `DeviceRuleError` where a box to be masked lies wholly outside the image: the rule wasn't made for it.
    public mutating func paint(_ paints: [RulePaint], of dataSet: DataSet) throws {
        for paint in paints {
            for area in try areas(paint, dataSet) {
                subtract(area)
                if paint.kind == .mask { regions.append(area) }
            }
        }
        regions.sort { ($0.y, $0.x, $0.height, $0.width) < ($1.y, $1.x, $1.height, $1.width) }
    }

    private func areas(_ paint: RulePaint, _ dataSet: DataSet) throws -> [PixelRegion] {
        let wanted: [PixelRegion]
        switch paint.area {
        case .everything: wanted = [bounds]
        case .box(let box): wanted = [box]
        case .ultrasoundRegions: wanted = Self.ultrasoundRegions(of: dataSet)
        }
        let inside = wanted.map { $0.intersection(bounds) }.filter { !$0.isEmpty }
        if case .box = paint.area, paint.kind == .mask, inside.isEmpty {
            throw DeviceRuleError("a box of the rule lies outside the image")
        }
        return inside
    }

    /// PS3.3 C.8.5.5.1.1; Items with a number missing, or too large to be one of a pixel, are left out.
    static func ultrasoundRegions(of dataSet: DataSet) -> [PixelRegion] {
        dataSet.items(.sequenceOfUltrasoundRegions).compactMap { item in
            let numbers = [0x6018, 0x601A, 0x601C, 0x601E].compactMap { item.integer(Tag(0x0018, $0)) }
            guard numbers.count == 4, numbers.allSatisfy({ (0..<1 << 31).contains($0) }), numbers[2] > numbers[0],
                numbers[3] > numbers[1]
            else { return nil }
            return PixelRegion(
                x: numbers[0], y: numbers[1], width: numbers[2] - numbers[0], height: numbers[3] - numbers[1])
        }
    }

    private mutating func subtract(_ area: PixelRegion) {
        regions = regions.flatMap { Self.difference($0, area) }
    }

    /// What is left of `region` without `area`: up to four boxes.
    static func difference(_ region: PixelRegion, _ area: PixelRegion) -> [PixelRegion] {
        let common = region.intersection(area)
        guard !common.isEmpty else { return [region] }
        return [
            PixelRegion(x: region.x, y: region.y, width: region.width, height: common.y - region.y),
            PixelRegion(x: region.x, y: common.maxY, width: region.width, height: region.maxY - common.maxY),
            PixelRegion(x: region.x, y: common.y, width: common.x - region.x, height: common.height),
            PixelRegion(x: common.maxX, y: common.y, width: region.maxX - common.maxX, height: common.height),
        ].filter { !$0.isEmpty }
    }
}

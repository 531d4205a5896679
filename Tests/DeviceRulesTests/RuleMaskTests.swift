import DICOMFile
import DICOMModel
import DeviceRules
import Testing

@Suite struct RuleMaskTests {
    private let bounds = PixelRegion(x: 0, y: 0, width: 40, height: 30)

    /// Pixels of the mask, counted one by one; a pixel that two boxes cover counts twice.
    private func masked(_ mask: RuleMask) -> [[Int]] {
        (0..<30).map { y in (0..<40).map { x in mask.regions.count { $0.contains(x: x, y: y) } } }
    }

    private func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> PixelRegion {
        PixelRegion(x: x, y: y, width: width, height: height)
    }

    @Test func `strokes cover each other in order, and boxes stay apart`() throws {
        let strokes: [(RulePaint.Kind, PixelRegion)] = [
            (.mask, box(0, 0, 30, 20)), (.keep, box(5, 5, 10, 10)), (.mask, box(12, 2, 20, 9)),
            (.keep, box(25, 0, 3, 30)),
        ]
        var mask = RuleMask(bounds: bounds)
        try mask.paint(strokes.map { RulePaint($0, .box($1)) }, of: DataSet())
        var expected = [[Int]](repeating: [Int](repeating: 0, count: 40), count: 30)
        for (kind, box) in strokes {
            for y in box.y..<min(30, box.maxY) {
                for x in box.x..<min(40, box.maxX) { expected[y][x] = kind == .mask ? 1 : 0 }
            }
        }
        #expect(masked(mask) == expected)
    }

    @Test func `a box is cut to the image, and one wholly outside is an error`() throws {
        var mask = RuleMask(bounds: bounds)
        try mask.paint([RulePaint(.mask, .box(box(30, 20, 1000, 1000)))], of: DataSet())
        #expect(mask.regions == [box(30, 20, 10, 10)])
        #expect(throws: DeviceRuleError.self) {
            try mask.paint([RulePaint(.mask, .box(box(40, 0, 5, 5)))], of: DataSet())
        }
        try mask.paint([RulePaint(.keep, .box(box(40, 0, 5, 5)))], of: DataSet())
    }

    @Test func `everything but the regions of an ultrasound image is masked`() throws {
        func item(_ numbers: [Int]) -> DataSet {
            var item = DataSet()
            for (tag, number) in zip([0x6018, 0x601A, 0x601C, 0x601E], numbers) {
                item[Tag(0x0018, UInt16(tag))] = DataElement(
                    tag: Tag(0x0018, UInt16(tag)), vr: .ul,
                    bytes: (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
            }
            return item
        }
        // The second one has no area, the third no X1.
        let items = [item([5, 10, 35, 28]), item([5, 10, 5, 28]), item([1, 2])]
        let object = Header.object([], items: [(.sequenceOfUltrasoundRegions, items)])
        var mask = RuleMask(bounds: bounds)
        try mask.paint([RulePaint(.mask, .everything), RulePaint(.keep, .ultrasoundRegions)], of: object.dataSet)
        let counts = masked(mask)
        for y in 0..<30 {
            for x in 0..<40 {
                #expect(counts[y][x] == ((5..<35).contains(x) && (10..<28).contains(y) ? 0 : 1))
            }
        }
    }
}

import DICOMModel
import PixelRedaction
import Testing

@Suite struct RegionPlanTests {
    private let bounds = PixelRegion(x: 0, y: 0, width: 100, height: 80)

    private func finding(
        _ region: PixelRegion, frames: [Int], source: FindingSource = .pixels
    ) -> Finding {
        Finding(
            region: region, frames: frames.compactMap { FrameNumber($0) }, category: .identifier, source: source,
            engine: "test", score: 1)
    }

    @Test func `a name on frame 17 of a cine is masked on every frame`() {
        let box = PixelRegion(x: 10, y: 10, width: 20, height: 5)
        let regions = RegionPlan().regions(for: [finding(box, frames: [17])], numberOfFrames: 30, bounds: bounds)
        #expect(regions.count == 30 && regions.values.allSatisfy { $0 == [box] })
    }

    @Test func `with finding frames only those are masked, and frames that aren't there are left out`() {
        let box = PixelRegion(x: 10, y: 10, width: 20, height: 5)
        let regions = RegionPlan(extent: .findingFrames, margin: 2).regions(
            for: [finding(box, frames: [2, 2, 99])], numberOfFrames: 3, bounds: bounds)
        #expect(regions.keys.map(\.value) == [2])
        #expect(regions.values.first == [PixelRegion(x: 8, y: 8, width: 24, height: 9)])
    }

    @Test func `findings in overlays and unused bits give no region`() {
        let box = PixelRegion(x: 10, y: 10, width: 20, height: 5)
        let findings = [
            finding(box, frames: [1], source: .overlay), finding(box, frames: [1], source: .unusedBits),
        ]
        #expect(RegionPlan().regions(for: findings, numberOfFrames: 3, bounds: bounds).isEmpty)
    }

    @Test func `boxes inside another and beyond the image are dropped, huge ones cut`() {
        let findings = [
            finding(PixelRegion(x: 10, y: 10, width: 20, height: 5), frames: [1]),
            finding(PixelRegion(x: 5, y: 5, width: 40, height: 20), frames: [1]),
            finding(PixelRegion(x: 200, y: 5, width: 40, height: 20), frames: [1]),
            finding(PixelRegion(x: 60, y: 70, width: .max, height: .max), frames: [1]),
        ]
        let regions = RegionPlan().regions(for: findings, numberOfFrames: 1, bounds: bounds)
        #expect(
            regions.values.first == [
                PixelRegion(x: 5, y: 5, width: 40, height: 20), PixelRegion(x: 60, y: 70, width: 40, height: 10),
            ])
    }
}

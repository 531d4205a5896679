import DICOMModel
import Foundation
import Testing
import TextFinding

@Suite struct RepetitionTests {
    /// Things that go on as they began, 24 pixels high, each by whether a place in it is ink.
    enum Pattern: CaseIterable {
        case evenTicks, ticksOfTwoLengths, zigzag, sawtooth, ellipses, squares

        func isInk(_ x: Int, _ y: Int) -> Bool {
            switch self {
            case .evenTicks: x % 9 == 0
            case .ticksOfTwoLengths: x % 8 == 0 && (x % 40 == 0 || y >= 12)
            case .zigzag: abs(y - abs(x % 32 - 16) * 23 / 16) <= 1
            case .sawtooth: abs(y - x % 20) <= 1 || x % 20 == 0
            case .ellipses: (x % 18 - 8) * (x % 18 - 8) * 9 + (y - 12) * (y - 12) * 4 <= 500
            case .squares: x % 22 < 15 && (x % 22 % 14 == 0 || y % 23 == 0)
            }
        }
    }

    private let box = PixelRegion(x: 60, y: 50, width: 240, height: 24)

    /// On a ground that becomes lighter along the line and across it.
    private func canvas(_ pattern: Pattern) -> Canvas {
        Canvas(360, 124) { x, y in
            let isInk = box.contains(x: x, y: y) && pattern.isInk(x - box.x, y - box.y)
            return 20 + x / 4 + y / 3 + (isInk ? 60 : 0)
        }
    }

    @Test(arguments: Pattern.allCases) func `what goes on as it began does, level or upright`(pattern: Pattern) throws {
        let canvas = canvas(pattern)
        #expect(try canvas.image.repetition(of: box, isVertical: false).own >= 0.8)
        #expect(try canvas.turned.image.repetition(of: box.turned, isVertical: true).own >= 0.8)
        // Read the other way it is another picture.
        #expect(try canvas.image.repetition(of: box, isVertical: true).own == 0)
    }

    @Test(arguments: Pattern.allCases)
    func `of a part too short to tell, what lies before and behind it does`(pattern: Pattern) throws {
        let part = PixelRegion(x: 150, y: box.y, width: 12, height: box.height)
        let canvas = canvas(pattern)
        let (level, upright) = (
            try canvas.image.repetition(of: part, isVertical: false),
            try canvas.turned.image.repetition(of: part.turned, isVertical: true)
        )
        #expect(level.own < 0.6 && upright.own < 0.6)
        #expect(level.beyond >= 0.8)
        #expect(abs(level.beyond - upright.beyond) < 0.01)
    }

    @Test(arguments: ["name", "date", "small", "large"], [0, 3]) func `text doesn't`(name: String, margin: Int) throws {
        let ink = try Ink(name)
        var canvas = Canvas(ink.width + 160, ink.height + 160) { x, y in 40 + x / 8 + (x ^ y) & 7 }
        canvas.draw(ink, x: 80, y: 80, value: 200)
        let box = ink.box(x: 80, y: 80).expanded(by: margin)
        let level = try canvas.image.repetition(of: box, isVertical: false)
        #expect(level.own < 0.6 && level.beyond < 0.6)
        let upright = try canvas.turned.image.repetition(of: box.turned, isVertical: true)
        #expect(upright.own < 0.6 && upright.beyond < 0.6)
    }

    @Test func `nothing goes on in what is flat, smooth, tiny or outside`() throws {
        let flat = Canvas(200, 60) { _, _ in 77 }
        let smooth = Canvas(200, 60) { x, y in Int(128 + 100 * sin(Double(x) / 30) + Double(y)) }
        let ticks = canvas(.evenTicks)
        let line = PixelRegion(x: 20, y: 20, width: 150, height: 20)
        #expect(try flat.image.repetition(of: line, isVertical: false) == .none)
        #expect(try smooth.image.repetition(of: line, isVertical: false) == .none)
        for (width, height) in [(0, 0), (1, 1), (8, 24), (-3, 5)] {
            let tiny = PixelRegion(x: 100, y: 60, width: width, height: height)
            #expect(try ticks.image.repetition(of: tiny, isVertical: false).own == 0)
        }
        let outside = PixelRegion(x: 400, y: 60, width: 100, height: 20)
        #expect(try ticks.image.repetition(of: outside, isVertical: false) == .none)
    }

    @Test func `what is cut off at the picture's edge counts as far as it goes`() throws {
        let ruler = Canvas(200, 24) { x, _ in x % 9 == 0 ? 200 : 20 }
        let cut = try ruler.image.repetition(of: PixelRegion(x: -50, y: -5, width: 400, height: 40), isVertical: false)
        #expect(cut.own >= 0.99 && cut.own == cut.beyond)
    }

    @Test func `large strips are told as well, at less than their size`() throws {
        let large = Canvas(3000, 300) { x, y in (x / 120 + y / 150) % 2 == 0 ? 200 : 20 }
        #expect(try large.image.repetition(of: large.image.bounds, isVertical: false).own >= 0.9)
    }

    @Test(arguments: [false, true]) func `a line is judged by it`(isVertical: Bool) throws {
        let ink = try Ink("name")
        var canvas = Canvas(360, 360) { _, _ in 20 }
        for y in [60, 200] { canvas.draw(ink, x: 40, y: y, value: 220) }
        if isVertical { canvas = canvas.turned }
        let image = try canvas.image
        let finder = try TextFinder()
        var lines: [(region: PixelRegion, measures: [Double])] = []
        finder.observer = { lines += $0 }
        let found = try finder.findText(in: canvas.frame(), rendering: RenderingDescription())
        #expect(!found.isEmpty)
        // Where text runs downwards, some crumbs of its letters are level lines.
        let along = lines.filter { ($0.measures[10] == 1) == isVertical }
        #expect(along.contains { $0.measures[12] > 0 && $0.measures[13] != $0.measures[12] })
        for line in along {
            let repetition = image.repetition(of: line.region, isVertical: isVertical)
            #expect(line.measures.count == 20)
            #expect(abs(line.measures[12] - repetition.own) < 0.05 && abs(line.measures[13] - repetition.beyond) < 0.05)
        }
    }
}

extension Canvas {
    fileprivate var image: GrayImage {
        get throws {
            try #require(GrayImage(width: width, height: height, pixels: values.map { UInt8(clamping: $0) }))
        }
    }

    /// Rows for columns, so that what is read to the right is read downwards.
    fileprivate var turned: Canvas { Canvas(height, width) { x, y in values[x * width + y] } }
}

extension PixelRegion {
    fileprivate var turned: PixelRegion { PixelRegion(x: y, y: x, width: height, height: width) }
}

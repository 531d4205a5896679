import DICOMModel
import TestSupport
import Testing
import TextFinding

/// Cines whose picture moves: what earlier frames explain isn't searched again.
@Suite(.serialized) struct CineTests {
    private let grey = RenderingDescription()

    /// Soft blotches of some eight pixels, and noise that no two frames share.
    private func canvas(_ number: Int, right: Int = 0, down: Int = 0, noise: Int = 2) -> Canvas {
        var random = SeededGenerator(seed: UInt64(number) + 1)
        return Canvas(256, 192) { x, y in
            Self.blotches(x + right + 1000, y + down + 1000) + Int.random(in: -noise...noise, using: &random)
        }
    }

    /// Between values of 40…110 at every eighth pixel.
    private static func blotches(_ x: Int, _ y: Int) -> Int {
        func corner(_ x: Int, _ y: Int) -> Int {
            var random = SeededGenerator(seed: UInt64(x * 7919 + y * 104_729))
            return Int.random(in: 40...110, using: &random)
        }
        let (column, row, right, down) = (x / 8, y / 8, x % 8, y % 8)
        let upper = corner(column, row) * (8 - right) + corner(column + 1, row) * right
        let lower = corner(column, row + 1) * (8 - right) + corner(column + 1, row + 1) * right
        return (upper * (8 - down) + lower * down) / 64
    }

    /// All but those at the edge, into which something unseen moves.
    private let tiles = stride(from: 32, to: 160, by: 32).flatMap { y in
        stride(from: 32, to: 224, by: 32).map { PixelRegion(x: $0, y: y, width: 32, height: 32) }
    }

    @Test func `what moves by up to seven pixels is explained, what moves further isn't`() {
        let first = canvas(0).frame()
        #expect(canvas(1).frame().unexplained(by: [first], in: tiles).isEmpty)
        #expect(canvas(1, right: 5, down: -7).frame().unexplained(by: [first], in: tiles).isEmpty)
        let far = canvas(1, right: 24, down: 24).frame()
        #expect(far.unexplained(by: [first], in: tiles).count > tiles.count / 2)
        #expect(far.unexplained(by: [first, canvas(2, right: 23, down: 25).frame()], in: tiles).isEmpty)
    }

    @Test(arguments: [25, 60, -25])
    func `a letter that comes up is explained by nothing`(contrast: Int) throws {
        let ink = try Ink("small")
        var (first, next) = (canvas(0), canvas(1, right: 3, down: 2))
        next.draw(ink, x: 101, y: 77, value: 75 + contrast)
        let boxes = next.frame().unexplained(by: [first.frame()], in: tiles)
        #expect(boxes.contains { $0.intersects(ink.box(x: 101, y: 77)) })
        // Nor by text elsewhere in an earlier frame.
        first.draw(ink, x: 60, y: 120, value: 75 + contrast)
        #expect(
            next.frame().unexplained(by: [first.frame()], in: tiles).contains {
                $0.intersects(ink.box(x: 101, y: 77))
            })
    }

    @Test func `on flat ground two grey levels are new`() {
        let first = Canvas(64, 64) { _, _ in 12 }
        var next = first
        next.fill(PixelRegion(x: 20, y: 20, width: 10, height: 9), value: 14)
        let tiles = [PixelRegion(x: 0, y: 0, width: 64, height: 64)]
        #expect(next.frame().unexplained(by: [first.frame()], in: tiles).count == 1)
    }

    @Test func `what comes and goes is usual after a while, and a letter on it isn't`() throws {
        // As strong compression leaves noise: short rows that are lighter or darker as a whole, without steps along them.
        func frame(_ number: Int, change: (inout Canvas) -> Void = { _ in }) -> NativeFrame {
            var random = SeededGenerator(seed: UInt64(number) + 1)
            let levels = (0..<32 * 192).map { _ in Int.random(in: -3...3, using: &random) }
            var canvas = Canvas(256, 192) { x, y in 90 + levels[y * 32 + x / 8] }
            change(&canvas)
            return canvas.frame()
        }
        var usual: [UInt16] = []
        var counts: [Int] = []
        for number in 1..<12 {
            counts.append(
                frame(number).unexplained(by: [(frame(number - 1), [])], in: tiles, surroundings: 16, usual: &usual)
                    .count)
        }
        #expect(counts[0] > tiles.count / 2)
        #expect(counts[10] < tiles.count / 4)
        let ink = try Ink("small")
        for contrast in [25, -25] {
            var usual = usual
            let next = frame(12) { $0.draw(ink, x: 101, y: 77, value: 90 + contrast) }
            let boxes = next.unexplained(by: [(frame(11), [])], in: tiles, surroundings: 16, usual: &usual)
            #expect(boxes.contains { $0.intersects(ink.box(x: 101, y: 77)) })
        }
    }

    @Test func `a name on one frame of a moving cine is found, and little else is searched`() throws {
        let finder = try TextFinder()
        let (banner, name) = (try Ink("date"), try Ink("name"))
        for number in 0..<40 {
            var canvas = canvas(number, right: number * 2, down: number)
            canvas.fill(PixelRegion(x: 0, y: 0, width: 256, height: 30), value: 0)
            canvas.draw(banner, x: 5, y: 5, value: 220)
            if number == 23 { canvas.draw(name, x: 60, y: 120, value: 200) }
            let regions = try finder.findText(in: canvas.frame(), rendering: grey)
            #expect(regions.cover(banner.box(x: 5, y: 5)))
            #expect(regions.cover(name.box(x: 60, y: 120)) == (number == 23))
        }
        #expect(finder.counters.framesPartlySearched >= 36)
    }

    @Test func `text that moves with the picture is covered where it stands`() throws {
        let finder = try TextFinder()
        let name = try Ink("name")
        for number in 0..<12 {
            var canvas = canvas(number, right: number * 3)
            canvas.draw(name, x: 44 - number * 3, y: 90, value: 200)
            let regions = try finder.findText(in: canvas.frame(), rendering: grey)
            #expect(name.share(inside: regions, x: 44 - number * 3, y: 90) == 1)
        }
    }

    /// A frame before the last one may show what the last one didn't; what it shows explains no name.
    @Test(arguments: [2, 3, 4, 6]) func `a name that blinks is found each time`(period: Int) throws {
        let finder = try TextFinder()
        let name = try Ink("name")
        for number in 0..<24 {
            var canvas = canvas(number)
            let isShown = number % period == 0
            if isShown { canvas.draw(name, x: 60, y: 90, value: 200) }
            let regions = try finder.findText(in: canvas.frame(), rendering: grey)
            #expect(regions.cover(name.box(x: 60, y: 90)) == isShown, "frame \(number)")
        }
    }

    @Test func `a name that fades in slowly is found`() throws {
        let finder = try TextFinder()
        let name = try Ink("name")
        var found: [Int] = []
        for number in 0..<230 {
            var canvas = canvas(number)
            canvas.draw(name, x: 60, y: 90, value: min(75 + number, 200))
            if try finder.findText(in: canvas.frame(), rendering: grey).cover(name.box(x: 60, y: 90)) {
                found.append(number)
            }
        }
        // Frames are searched as a whole from time to time.
        #expect(try #require(found.first) <= 202)
        #expect(found.contains(229))
    }

    @Test func `grey levels that a narrow window sets apart aren't taken for noise`() throws {
        let finder = try TextFinder()
        let name = try Ink("name")
        let window = RenderingDescription(windows: [.init(center: 78, width: 20)])
        for number in 0..<2 {
            var canvas = Canvas(256, 192) { x, y in 76 + (x + y + number) % 2 }
            if number == 1 { canvas.draw(name, x: 60, y: 90, value: 80) }
            let regions = try finder.findText(in: canvas.frame(), rendering: window)
            #expect(regions.cover(name.box(x: 60, y: 90)) == (number == 1))
        }
    }
}

extension NativeFrame {
    /// Before anything is known of what is usual.
    fileprivate func unexplained(by earlier: [NativeFrame], in tiles: [PixelRegion]) -> [PixelRegion] {
        var usual: [UInt16] = []
        return unexplained(by: earlier.map { ($0, []) }, in: tiles, surroundings: 16, usual: &usual)
    }
}

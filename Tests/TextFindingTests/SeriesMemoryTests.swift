import DICOMModel
import Testing
import TextFinding

@Suite(.serialized) struct SeriesMemoryTests {
    private let grey = RenderingDescription()

    @Test func `a banner that stays is read once`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        var readings: [Int] = []
        for number in 0..<8 {
            var canvas = Canvas(320, 240) { _, _ in 10 }
            canvas.draw(ink, x: 20, y: 10, value: 230)
            canvas.fill(PixelRegion(x: 40 + number * 20, y: 150, width: 12, height: 12), value: 90 + number)
            let regions = try finder.findText(in: canvas.frame(), rendering: grey)
            #expect(regions.cover(ink.box(x: 20, y: 10)))
            readings.append(finder.counters.readings)
        }
        #expect(readings[0] >= 1)
        #expect(readings[7] == readings[0])
        #expect(finder.counters.framesSearched == 1)
        #expect(finder.counters.framesPartlySearched == 7)
    }

    @Test func `a name on one frame of 300 is found, there alone`() throws {
        let finder = try TextFinder()
        let (banner, name) = (try Ink("date"), try Ink("name"))
        for number in 1...300 {
            var canvas = Canvas(256, 192) { _, _ in 12 }
            canvas.draw(banner, x: 5, y: 5, value: 220)
            canvas.fill(PixelRegion(x: 60 + number % 90, y: 100, width: 9, height: 9), value: 140)
            if number == 171 { canvas.draw(name, x: 30, y: 160, value: 230) }
            let regions = try finder.findText(in: canvas.frame(), rendering: grey)
            #expect(regions.cover(banner.box(x: 5, y: 5)))
            #expect(regions.cover(name.box(x: 30, y: 160)) == (number == 171))
        }
        #expect(finder.counters.framesRepeated == 300 - 91)
    }

    @Test func `frames seen before cost nothing, until the Series is forgotten`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        var canvas = Canvas(320, 200) { _, _ in 10 }
        canvas.draw(ink, x: 40, y: 60, value: 240)
        let first = try finder.findText(in: canvas.frame(), rendering: grey)
        let again = try finder.findText(in: canvas.frame(), rendering: grey)
        #expect(first == again)
        #expect(finder.counters.framesRepeated == 1)
        finder.forgetSeries()
        _ = try finder.findText(in: canvas.frame(), rendering: grey)
        #expect(finder.counters.framesSearched == 2)
    }

    enum Layout: CaseIterable {
        case interleaved, planar, halfColour
    }

    @Test(arguments: Layout.allCases)
    func `a name that comes up on a later colour frame is found where it stands`(layout: Layout) throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        for number in 0..<2 {
            var canvas = Canvas(320, 300) { x, y in 20 + (x + y) / 30 }
            if number == 1 { canvas.draw(ink, x: 41, y: 201, value: 230) }
            let bytes: [UInt8] =
                switch layout {
                case .interleaved: canvas.values.flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
                case .planar: (0..<3).flatMap { _ in canvas.values.map { UInt8($0) } }
                case .halfColour:  // Y0 Y1 CB CR
                    stride(from: 0, to: canvas.values.count, by: 2).flatMap {
                        [UInt8(canvas.values[$0]), UInt8(canvas.values[$0 + 1]), 128, 128]
                    }
                }
            let description = PixelDescription(
                rows: 300, columns: 320, samplesPerPixel: 3, isPlanar: layout == .planar,
                photometricInterpretation: layout == .halfColour ? .ybrFull422 : .rgb)
            let frame = NativeFrame(description: description, bytes: bytes)
            let regions = try finder.findText(in: frame, rendering: grey)
            #expect(regions.cover(ink.box(x: 41, y: 201)) == (number == 1))
            #expect(regions.allSatisfy { $0.region.intersects(ink.box(x: 41, y: 201)) })
        }
        #expect(finder.counters.framesPartlySearched == 1)
    }
}

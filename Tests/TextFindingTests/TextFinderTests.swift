import DICOMModel
import Testing
import TextFinding

@Suite(.serialized) struct TextFinderTests {
    @Test(arguments: [-30.0, -12, 12, 30]) func `a slanted line is covered`(degrees: Double) throws {
        var canvas = Canvas(420, 420) { x, y in 40 + (x + y) / 20 }
        let ink = try Ink("name").turned(byDegrees: degrees)
        let (x, y) = (210 - ink.width / 2, 210 - ink.height / 2)
        canvas.draw(ink, x: x, y: y, value: 220)
        let regions = try TextFinder().findText(in: canvas.frame(), rendering: RenderingDescription())
        #expect(ink.share(inside: regions, x: x, y: y) >= 0.99)
    }

    private let grey = RenderingDescription()

    @Test(arguments: InspectionPass.allCases)
    func `light and dark text is found and read`(pass: InspectionPass) throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        for (ground, value) in [(10, 240), (240, 10), (120, 200)] {
            var canvas = Canvas(320, 200) { _, _ in ground }
            canvas.draw(ink, x: 40, y: 60, value: value)
            let regions = try finder.findText(in: canvas.frame(), rendering: grey, pass: pass)
            #expect(
                regions.allSatisfy { $0.region.intersects(ink.box(x: 40, y: 60)) },
                "\(regions.map(\.region)) \(regions.map { $0.text?.reveal() ?? "-" }) \(regions.map(\.score))")
            #expect(regions.cover(ink.box(x: 40, y: 60)))
            #expect(regions.readText.contains("HARROWGATE"))
        }
    }

    @Test func `text of one value's contrast in signed 16 bits is found`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        var canvas = Canvas(320, 200) { _, _ in -1 }
        canvas.draw(ink, x: 7, y: 160, value: 0, isSoft: false)
        let window = RenderingDescription(windows: [.init(center: 40, width: 400)])
        let regions = try finder.findText(in: canvas.frame(bitsAllocated: 16, isSigned: true), rendering: window)
        #expect(regions.cover(ink.box(x: 7, y: 160)))
        #expect(regions.readText.contains("MIRANDA"))
    }

    @Test func `text that only a palette's order of indices hides is found`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        var canvas = Canvas(320, 200) { _, _ in 200 }
        canvas.draw(ink, x: 30, y: 30, value: 201, isSoft: false)
        let table = LookupTable(
            firstMappedValue: 0, bitsPerEntry: 16, entries: (0..<256).map { $0 == 201 ? 0xF000 : 0x2000 })
        let rendering = RenderingDescription(palette: .init(red: table, green: table, blue: table))
        let frame = canvas.frame(photometricInterpretation: .paletteColor)
        #expect(try finder.findText(in: frame, rendering: rendering).cover(ink.box(x: 30, y: 30)))
    }

    @Test(arguments: ["small", "date", "large"])
    func `sizes from small to large are found`(name: String) throws {
        let finder = try TextFinder()
        let ink = try Ink(name)
        var canvas = Canvas(512, 400) { x, y in 400 + x + y / 2 }
        canvas.draw(ink, x: 50, y: 100, value: 2500)
        let frame = canvas.frame(bitsAllocated: 16, photometricInterpretation: .monochrome1)
        #expect(try finder.findText(in: frame, rendering: grey).cover(ink.box(x: 50, y: 100)))
    }

    @Test func `a line that runs upwards is found and read`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name").upright
        var canvas = Canvas(200, 320) { _, _ in 20 }
        canvas.draw(ink, x: 90, y: 30, value: 220)
        let regions = try finder.findText(in: canvas.frame(), rendering: grey)
        #expect(regions.cover(ink.box(x: 90, y: 30)))
        #expect(regions.readText.contains("HARROWGATE"))
    }

    @Test func `text that crosses a body's outline is found`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        var canvas = Canvas(400, 300) { x, y in
            (x - 200) * (x - 200) + (y - 150) * (y - 150) < 120 * 120 ? 900 + (x ^ y) & 31 : 10
        }
        canvas.draw(ink, x: 10, y: 140, value: 2000)
        let regions = try finder.findText(in: canvas.frame(bitsAllocated: 16), rendering: grey)
        #expect(regions.cover(ink.box(x: 10, y: 140)))
    }

    @Test func `gradients, noise and discs give nothing`() throws {
        let finder = try TextFinder()
        var noise = Noise(seed: 7)
        let canvases = [
            Canvas(256, 256) { x, y in x * 8 + y * 3 },
            Canvas(256, 256) { _, _ in 1000 + noise.next(40) },
            Canvas(256, 256) { x, y in
                (x - 128) * (x - 128) + (y - 128) * (y - 128) < 9000 ? 1100 + noise.next(30) : noise.next(12)
            },
        ]
        for canvas in canvases {
            let frame = canvas.frame(bitsAllocated: 16)
            for pass in InspectionPass.allCases {
                #expect(try finder.findText(in: frame, rendering: grey, pass: pass).isEmpty)
            }
        }
    }

    @Test func `filled boxes are no text, what stands beside them is`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        var canvas = Canvas(400, 300) { x, y in 150 + (x + y) / 16 }
        for (x, y, width) in [(20, 20, 180), (20, 44, 90), (220, 20, 40), (270, 20, 14), (290, 20, 60)] {
            canvas.fill(PixelRegion(x: x, y: y, width: width, height: 20), value: 0)
        }
        #expect(try finder.findText(in: canvas.frame(), rendering: grey, pass: .verification).isEmpty)
        canvas.draw(ink, x: 30, y: 200, value: 255)
        let left = try finder.findText(in: canvas.frame(), rendering: grey, pass: .verification)
        #expect(left.cover(ink.box(x: 30, y: 200)))
    }

    @Test func `bit planes are searched in both senses`() throws {
        let finder = try TextFinder()
        let ink = try Ink("name")
        for (ground, value) in [(0, 1), (1, 0)] {
            var canvas = Canvas(300, 120) { _, _ in ground }
            canvas.draw(ink, x: 20, y: 50, value: value, isSoft: false)
            let plane = BitPlane(rows: 120, columns: 300, bits: canvas.values.map { UInt8($0) })
            let regions = try finder.findText(in: plane)
            #expect(regions.cover(ink.box(x: 20, y: 50)))
        }
    }

    @Test func `a missing model is named with the way to get it`() {
        let error = #expect(throws: TextFindingError.self) { try TextFinder(dataPath: "/nonexistent") }
        #expect(error?.code == .missingModel)
        #expect(error?.hint == "apt-get install tesseract-ocr-eng")
    }

    @Test func `versions and models are known`() {
        #expect(versions()["Tesseract"]?.isEmpty == false)
        #expect(versions()["Leptonica"]?.isEmpty == false)
        #expect(languageModels().map(\.name) == ["eng"])
    }
}

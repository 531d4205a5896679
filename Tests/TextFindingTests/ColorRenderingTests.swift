import DICOMModel
import Testing
import TextFinding

@Suite struct ColorRenderingTests {
    private func display(
        _ bytes: [UInt8], columns: Int, photometricInterpretation: PhotometricInterpretation, isPlanar: Bool = false
    ) throws -> [UInt8] {
        let description = PixelDescription(
            rows: 1, columns: columns, samplesPerPixel: 3, isPlanar: isPlanar,
            photometricInterpretation: photometricInterpretation)
        let frame = NativeFrame(description: description, bytes: bytes)
        return try FrameRenderer(rendering: RenderingDescription(), description: description)
            .displayImage(of: frame).pixels
    }

    @Test func `planes and interleaved samples give the same picture`() throws {
        let interleaved = try display([1, 2, 3, 4, 5, 6], columns: 2, photometricInterpretation: .rgb)
        let planar = try display([1, 4, 2, 5, 3, 6], columns: 2, photometricInterpretation: .rgb, isPlanar: true)
        #expect(interleaved == [1, 2, 3, 4, 5, 6])
        #expect(planar == interleaved)
    }

    @Test func `YBR_FULL becomes RGB by the standard's equations`() throws {
        // PS3.3 C.7.6.3.1.2: R = Y + 1.402 (CR - 128) = 76 + 178.05, G = 76 + 14.8 - 90.7, B = 76 - 76.2.
        #expect(try display([76, 85, 255], columns: 1, photometricInterpretation: .ybrFull) == [254, 0, 0])
        #expect(try display([90, 128, 128], columns: 1, photometricInterpretation: .ybrFull) == [90, 90, 90])
    }

    @Test func `two pixels share their colour in native 4 2 2`() throws {
        let pixels = try display([76, 100, 128, 128], columns: 2, photometricInterpretation: .ybrFull422)
        #expect(pixels == [76, 76, 76, 100, 100, 100])
    }

    @Test func `red ink on grey of the same luminance shows in some picture`() throws {
        // 0.299 * 255 = 76
        var bytes = [UInt8](repeating: 76, count: 64 * 64 * 3)
        for pixel in 2000..<2040 { bytes.replaceSubrange(pixel * 3..<pixel * 3 + 3, with: [255, 0, 0]) }
        let description = PixelDescription(
            rows: 64, columns: 64, samplesPerPixel: 3, photometricInterpretation: .rgb)
        let frame = NativeFrame(description: description, bytes: bytes)
        let renderer = FrameRenderer(rendering: RenderingDescription(), description: description)
        for pass in InspectionPass.allCases {
            let contrast =
                try renderer.images(of: frame, pass: pass)
                .map { abs(Int($0.pixels[2010]) - Int($0.pixels[0])) }.max() ?? 0
            #expect(contrast >= 80)
        }
    }

    @Test func `palette indices are shown through their tables`() throws {
        let table = LookupTable(firstMappedValue: 0, bitsPerEntry: 16, entries: [0x1000, 0xFF00, 0x8000])
        let rendering = RenderingDescription(palette: .init(red: table, green: table, blue: table))
        let description = PixelDescription(rows: 1, columns: 3, photometricInterpretation: .paletteColor)
        let frame = NativeFrame(description: description, bytes: [2, 0, 1])
        let made = try FrameRenderer(rendering: rendering, description: description).renderings(of: frame)
        #expect(made.first?.kind == .luminance)
        #expect(made.first?.image.pixels == [0x80, 0x10, 0xFF])
    }

    @Test func `grey in colour gives no colour pictures`() throws {
        let description = PixelDescription(
            rows: 8, columns: 8, samplesPerPixel: 3, photometricInterpretation: .rgb)
        let bytes = (0..<192).map { UInt8($0 / 3 * 4) }
        let made = try FrameRenderer(rendering: RenderingDescription(), description: description)
            .renderings(of: NativeFrame(description: description, bytes: bytes))
        let colours: Set<Rendering.Kind> = [.saturation, .blueDifference, .redDifference, .maximumChannel]
        #expect(!made.contains { colours.contains($0.kind) })
    }

    @Test func `a display image is reduced to the edge asked for`() throws {
        let frame = Canvas(400, 100) { x, _ in x < 200 ? 0 : 200 }.frame()
        let image = try FrameRenderer(rendering: RenderingDescription(), description: frame.description)
            .displayImage(of: frame, maximalEdge: 40)
        #expect([image.width, image.height, image.samplesPerPixel] == [40, 10, 1])
        #expect(image.scale == 0.1)
        let png = try image.png()
        // PNG signature, then IHDR with width and height (RFC 2083).
        #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(Array(png[16..<24]) == [0, 0, 0, 40, 0, 0, 0, 10])
    }
}

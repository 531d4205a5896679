import DICOMModel
import Testing
import TextFinding

@Suite struct RenderingTests {
    private func renderings(
        _ values: [Int], bitsAllocated: Int = 16, bitsStored: Int? = nil, isSigned: Bool = false,
        photometricInterpretation: PhotometricInterpretation = .monochrome2,
        rendering: RenderingDescription = RenderingDescription()
    ) throws -> [Rendering] {
        let canvas = Canvas(values.count, 1) { x, _ in values[x] }
        let frame = canvas.frame(
            bitsAllocated: bitsAllocated, bitsStored: bitsStored, isSigned: isSigned,
            photometricInterpretation: photometricInterpretation)
        return try FrameRenderer(rendering: rendering, description: frame.description).renderings(of: frame)
    }

    private func pixels(_ kind: Rendering.Kind, of renderings: [Rendering]) throws -> [UInt8] {
        try #require(renderings.first { $0.kind == kind }).image.pixels
    }

    @Test func `a window maps values by the linear function of the standard`() throws {
        // PS3.3 C.11.2.1.2.1: y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255; for c 2048 and w 4096, x = 2048 gives 127.53.
        let window = RenderingDescription(windows: [.init(center: 2048, width: 4096)])
        let made = try renderings([0, 1024, 2048, 4095, 9000], rendering: window)
        #expect(try pixels(.window, of: made) == [0, 64, 128, 255, 255])
    }

    @Test func `rescaling comes before the window`() throws {
        // c - 0.5 is -952.5 and w - 1 is 100: -1000 gives 6.4, -952 gives 128.8, -940 gives 159.4.
        let window = RenderingDescription(
            rescaleSlope: 2, rescaleIntercept: -1000, windows: [.init(center: -952, width: 101)])
        let made = try renderings([0, 24, 30, 4000], rendering: window)
        #expect(try pixels(.window, of: made) == [6, 129, 159, 255])
    }

    @Test func `a modality table replaces the rescale`() throws {
        let table = LookupTable(firstMappedValue: 10, bitsPerEntry: 16, entries: [500, 0, 1000])
        let made = try renderings([9, 10, 11, 12, 13], rendering: RenderingDescription(modalityLUT: table))
        // Before the first entry 500 again, beyond the last one 1000 again: 500 / 1000 * 255 = 127.5
        #expect(try pixels(.fullRange, of: made) == [128, 128, 0, 255, 255])
    }

    @Test func `the sign bit is that of the stored bits, whatever stands above them`() throws {
        // 12 bits stored: 0xF800 is -2048, 0xA000 is 0 with other bits set above, 0x07FF is 2047.
        let made = try renderings([0xF800, 0xA000, 0x07FF], bitsStored: 12, isSigned: true)
        #expect(try pixels(.fullRange, of: made) == [0, 128, 255])
    }

    @Test func `0 and -1 are as far apart as can be`() throws {
        let made = try renderings([-1, 0, -1, -1], isSigned: true)
        #expect(made.count == 1)
        #expect(made[0].image.pixels == [0, 255, 0, 0])
    }

    @Test func `MONOCHROME1 shows the lowest value white`() throws {
        let made = try renderings([0, 100], bitsAllocated: 8, photometricInterpretation: .monochrome1)
        #expect(try pixels(.fullRange, of: made) == [255, 0])
    }

    @Test func `padding doesn't stretch the range`() throws {
        let rendering = RenderingDescription(paddingValues: -2000 ... -2000)
        let made = try renderings([-2000, 0, 50, 100], isSigned: true, rendering: rendering)
        #expect(try pixels(.fullRange, of: made) == [0, 0, 128, 255])
    }

    @Test func `a level of text among thousands of values gets room of its own`() throws {
        let values = (0..<4000).map { $0 < 2000 ? 0 : $0 < 2040 ? 3 : 1000 + $0 * 13 }
        let made = try renderings(values)
        let best = made.map { abs(Int($0.image.pixels[0]) - Int($0.image.pixels[2010])) }.max() ?? 0
        #expect(best >= 60)
    }

    @Test func `values of 32 bits keep their order and small differences`() throws {
        let made = try renderings([0, 70000, 70001, 2_000_000_000], bitsAllocated: 32)
        #expect(try pixels(.fullRange, of: made) == [0, 0, 0, 255])
        let apart = made.contains { $0.image.pixels[1] != $0.image.pixels[2] }
        #expect(apart)
    }

    private func float(_ values: [Double], _ rendering: RenderingDescription = .init()) throws -> [Rendering] {
        // No frame is wider than 65,536 pixels.
        let columns = min(values.count, 1000)
        let description = PixelDescription(
            rows: values.count / columns, columns: columns, bitsAllocated: 64, isFloat: true)
        let bytes = values.flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
        }
        return try FrameRenderer(rendering: rendering, description: description)
            .renderings(of: NativeFrame(description: description, bytes: bytes))
    }

    @Test func `float values are shown by their size, padding left out`() throws {
        #expect(try pixels(.fullRange, of: float([-0.5, 0, 0.25, 1.5])) == [0, 64, 96, 255])
        let padded = RenderingDescription(paddingValues: -1e30 ... -1e30)
        #expect(try pixels(.fullRange, of: float([-1e30, 1, 2, 3], padded)) == [0, 0, 128, 255])
    }

    @Test func `what is no number stands out, and so do small values among huge ones`() throws {
        let made = try float([.nan, 1, 1, 2, .infinity, -.infinity])
        let shown = try pixels(.fullRange, of: made)
        #expect(shown[0] < shown[1] && shown[3] < shown[4])
        #expect(shown[0] == shown[5])
        let wide = try float([1e-3, 2e-3, 1e30, -1e30])
        #expect(wide.contains { abs(Int($0.image.pixels[0]) - Int($0.image.pixels[1])) >= 60 })
    }

    @Test func `more float values than grey levels keep their order`() throws {
        let made = try float((0..<100_000).map { Double($0 * $0) })
        #expect(
            made.allSatisfy { rendering in
                zip(rendering.image.pixels, rendering.image.pixels.dropFirst()).allSatisfy { $0 <= $1 }
            })
        #expect(try pixels(.fullRange, of: made).first == 0 && pixels(.fullRange, of: made).last == 255)
    }

    @Test func `one bit a pixel is read from the least significant bit`() throws {
        let description = PixelDescription(rows: 1, columns: 10, bitsAllocated: 1)
        let frame = NativeFrame(description: description, bytes: [0b0000_0101, 0b10])
        let made = try FrameRenderer(rendering: RenderingDescription(), description: description).images(of: frame)
        #expect(made[0].pixels == [255, 0, 255, 0, 0, 0, 0, 0, 0, 255])
    }

    @Test func `too few bytes are an error`() {
        let description = PixelDescription(rows: 1000, columns: 1000, bitsAllocated: 16)
        let frame = NativeFrame(description: description, bytes: [1, 2, 3])
        #expect(throws: TextFindingError.self) {
            try FrameRenderer(rendering: RenderingDescription(), description: description).renderings(of: frame)
        }
    }

    @Test func `numbers of any size in the header don't stop the rendering`() throws {
        let extremes = [
            Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, .nan, 0, Double.leastNonzeroMagnitude,
        ]
        for first in extremes {
            for second in extremes {
                let rendering = RenderingDescription(
                    rescaleSlope: first, rescaleIntercept: second, windows: [.init(center: second, width: first)],
                    voiLUTs: [LookupTable(firstMappedValue: -32768, bitsPerEntry: 16, entries: [7])])
                #expect(try !renderings([0, 1, 65535], rendering: rendering).isEmpty)
            }
        }
    }
}

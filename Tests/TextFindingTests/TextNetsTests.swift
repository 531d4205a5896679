import DICOMModel
import Testing
import TextFinding

/// The networks asked in turn, against each of them by itself.
@Suite struct TextNetsTests {
    /// Black on grey, so large in the picture that what is looked at again is all of it.
    private func picture() throws -> GrayImage {
        let ink = try Ink("name")
        let (width, height) = ((ink.width + 15) / 8 * 8, (ink.height + 15) / 8 * 8)
        var pixels = [UInt8](repeating: 160, count: width * height)
        for y in 0..<ink.height {
            for x in 0..<ink.width {
                let coverage = Int(ink.coverage[y * ink.width + x])
                pixels[(y + 4) * width + x + 4] = UInt8(160 - coverage * 160 / 255)
            }
        }
        return try #require(GrayImage(width: width, height: height, pixels: pixels))
    }

    @Test(arguments: TextNets.Size.allCases)
    func `where text stands the mean of four looks counts, the first one twice but in reduced pictures`(
        _ size: TextNets.Size
    ) throws {
        let image = try picture()
        let nets = try (0..<4).map { try TextNet($0) }
        let upsideDown = try #require(
            GrayImage(width: image.width, height: image.height, pixels: image.pixels.reversed().map { 255 - $0 }))
        let first = try nets[0].logits(of: image)
        let (same, other, last) = (
            try nets[2].logits(of: image).values,
            try nets[size == .whole ? 3 : 1].logits(of: upsideDown).values.reversed() as [Float],
            try nets[2].logits(of: upsideDown).values.reversed() as [Float]
        )
        let mean = try TextNets().logits(
            of: image, seeds: [UInt8](repeating: 1, count: first.values.count / 4), size: size)
        #expect((mean.columns, mean.rows) == (first.columns, first.rows))
        let own: Float = size == .reduced ? 1 : 2
        var (asked, unasked) = (0, 0)
        for index in mean.values.indices {
            let three = own * first.values[index] + max(same[index], -8) + max(other[index], -8)
            if first.values[index] < 0 {
                #expect(mean.values[index] == first.values[index])
                unasked += 1
            } else if three >= 0 {
                #expect(abs(mean.values[index] - (three + max(last[index], -8)) / (own + 3)) < 1e-3)
                asked += 1
            } else {
                #expect(abs(mean.values[index] - three / (own + 2)) < 1e-3)
            }
        }
        #expect(asked > 50 && unasked > 0)
        #expect(zip(mean.values, first.values).contains { abs($0 - $1) > 0.5 })
    }
}

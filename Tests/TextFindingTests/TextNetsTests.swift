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

    @Test func `where text stands the mean of two looks of each network counts`() throws {
        let image = try picture()
        let nets = try (0..<3).map { try TextNet($0) }
        let first = try nets[0].logits(of: image)
        let upsideDown = try #require(
            GrayImage(width: image.width, height: image.height, pixels: image.pixels.reversed().map { 255 - $0 }))
        /// By cell, what a network says of the picture turned by `turns` quarters clockwise.
        func values(_ network: Int, turns: Int, isNegative: Bool) throws -> [Float] {
            var shown = isNegative ? image.inverted() : image
            if turns == 2 { shown = upsideDown }
            if turns == 1 || turns == 3 { shown = shown.turned(clockwise: turns == 1) }
            let answer = try nets[network].logits(of: shown)
            return (0..<first.rows).flatMap { row in
                (0..<first.columns).map { column in
                    switch turns {
                    case 1: answer.values[column * answer.columns + answer.columns - 1 - row]
                    case 2: answer.values[(first.rows - 1 - row) * answer.columns + first.columns - 1 - column]
                    case 3: answer.values[(answer.rows - 1 - column) * answer.columns + row]
                    default: answer.values[row * answer.columns + column]
                    }
                }
            }
        }
        let looks = [
            first.values, try values(1, turns: 3, isNegative: false), try values(2, turns: 0, isNegative: false),
            try values(0, turns: 1, isNegative: true), try values(1, turns: 2, isNegative: true),
            try values(2, turns: 2, isNegative: true),
        ].map { $0.map { max($0, -8) } }
        let mean = try TextNets().logits(of: image, seeds: [UInt8](repeating: 1, count: first.values.count / 4))
        #expect((mean.columns, mean.rows) == (first.columns, first.rows))
        var (asked, unasked) = (0, 0)
        for index in mean.values.indices {
            let sum = looks.reduce(0) { $0 + $1[index] }
            if first.values[index] < -1 {
                #expect(mean.values[index] == first.values[index])
                unasked += 1
            } else if (looks[0][index] + looks[1][index] + looks[2][index]) / 3 >= -0.5 {
                #expect(abs(mean.values[index] - sum / 6) < 1e-3)
                asked += 1
            }
        }
        #expect(asked > 50 && unasked > 0)
        #expect(zip(mean.values, first.values).contains { abs($0 - $1) > 0.5 })
    }
}

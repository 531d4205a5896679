import Foundation
import Testing
import TextFinding

/// The kernel against PyTorch, and against itself.
@Suite struct TextNetTests {
    /// A picture and what PyTorch's own layers answer for it, by network: `Models/training/reference.py` writes it.
    private func reference() throws -> (image: GrayImage, logits: [[Float]]) {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/textnet-reference", withExtension: "bin"))
        let bytes = try Data(contentsOf: url)
        func number(_ at: Int) -> UInt32 {
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt32.self) }
        }
        let (width, height) = (Int(number(0)), Int(number(4)))
        let pixels = [UInt8](bytes[8..<8 + width * height])
        let count = width * height / 16
        #expect(bytes.count == 8 + width * height + TextNet.count * count * 4)
        let logits = (0..<TextNet.count).map { network in
            (0..<count).map { Float(bitPattern: number(8 + width * height + 4 * (network * count + $0))) }
        }
        return (try #require(GrayImage(width: width, height: height, pixels: pixels)), logits)
    }

    @Test(arguments: 0..<TextNet.count)
    func answersAsPyTorchDoes(_ number: Int) throws {
        let (image, all) = try reference()
        let expected = all[number]
        let found = try TextNet(number).logits(of: image).values
        #expect(found.count == expected.count)
        #expect(expected.contains { $0 > 1 } && expected.contains { $0 < -3 })
        for (mine, theirs) in zip(found, expected) { #expect(abs(mine - theirs) <= 1e-4) }
    }

    @Test(arguments: TextNet.Instructions.allCases.filter(\.isSupported), 0..<TextNet.count)
    func allInstructionsGiveTheSameBits(_ instructions: TextNet.Instructions, of number: Int) throws {
        let image = try reference().image
        let network = try TextNet(number)
        let portable = try network.logits(of: image, instructions: .portable).values
        #expect(try network.logits(of: image, instructions: instructions).values == portable)
    }

    /// What the kernel adds up in 16 bits must fit for every picture, else instruction sets would differ: in each layer
    /// but those that read the features, weights of one sign over four quads, each half of a quad apart, times 127.
    @Test func sumsOfSixteenBitsCannotOverflow() throws {
        let (tensors, data) = try TextNet.withModelFile { file in
            let length = Int(file.loadUnaligned(as: UInt64.self))
            let header = try JSONSerialization.jsonObject(with: Data(file[8..<8 + length])) as? [String: Any]
            return (try #require(header), [Int8](file[(8 + length)...].map { Int8(bitPattern: $0) }))
        }
        var layers = 0
        for case (let name, let tensor as [String: Any]) in tensors where tensor["dtype"] as? String == "I8" {
            if name.hasSuffix("stem.weight") || name.hasSuffix("detail.0.weight") { continue }
            let span = try #require(tensor["data_offsets"] as? [Int])
            let shape = try #require(tensor["shape"] as? [Int])  // sixteens, rows, quads, 16, 4
            #expect(shape.count == 5 && shape[2] % 4 == 0 && shape[3...] == [16, 4])
            layers += 1
            var most = 0
            for group in stride(from: span[0], to: span[1], by: 4 * 64) {
                for lane in 0..<32 {
                    var (above, below) = (0, 0)
                    for at in 0..<8 {
                        let weight = Int(data[group + at / 2 * 64 + lane * 2 + at % 2])
                        if weight > 0 { above += weight } else { below -= weight }
                    }
                    most = max(most, above, below)
                }
            }
            #expect(most * 127 <= Int(Int16.max), "\(name)")
        }
        #expect(layers == TextNet.count * 16)
    }

    @Test func tilesLeaveNoSeams() throws {
        let (small, _) = try reference()
        // The same picture again and again, wider and higher than a tile: a cell's answer depends on its
        // surroundings alone.
        let (across, down) = (1400 / small.width + 1, 1300 / small.height + 1)
        let (width, height) = (small.width * across, small.height * down)
        var pixels: [UInt8] = []
        for row in 0..<height {
            let line = small.pixels[row % small.height * small.width..<(row % small.height + 1) * small.width]
            for _ in 0..<across { pixels += line }
        }
        let large = try #require(GrayImage(width: width, height: height, pixels: pixels))
        let (columns, rows, values) = try TextNet().logits(of: large)
        let (period, lines) = (small.width / 4, small.height / 4)
        for row in 2 * lines..<rows - 2 * lines {
            for column in 2 * period..<columns - 2 * period {
                let first = values[(row % lines + 2 * lines) * columns + column % period + 2 * period]
                #expect(values[row * columns + column] == first)
            }
        }
    }

    @Test func aFlatPictureCostsNothingAndHoldsNothing() throws {
        let image = try #require(GrayImage(width: 100, height: 60, pixels: [UInt8](repeating: 90, count: 6000)))
        #expect(try TextNet().logits(of: image).values.allSatisfy { $0 == -20 })
    }

    @Test func aPictureIsLookedAtOnlyWhereItShowsMoreThanAnEarlierOne() throws {
        func picture(_ value: (_ x: Int, _ y: Int) -> UInt8) throws -> GrayImage {
            let pixels = (0..<64 * 32).map { value($0 % 64, $0 / 64) }
            return try #require(GrayImage(width: 64, height: 32, pixels: pixels))
        }
        // Left: stripes of 20 levels. Right: stripes of 2 levels, which only the second picture stretches.
        let first = try picture { x, _ in x < 32 ? (x % 2 == 0 ? 100 : 120) : (x % 2 == 0 ? 100 : 102) }
        let second = try picture { x, _ in x < 32 ? (x % 2 == 0 ? 100 : 140) : (x % 2 == 0 ? 100 : 180) }
        var seen = SeenSpans()
        let left = (0..<4).flatMap { _ in [1, 1, 1, 1, 0, 0, 0, 0] as [UInt8] }
        #expect(seen.seeds(of: first, level: 0) == left)
        #expect(seen.seeds(of: second, level: 0) == left.map { 1 - $0 })
        #expect(seen.seeds(of: second, level: 0).allSatisfy { $0 == 0 })
    }
}

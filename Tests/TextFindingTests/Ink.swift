import DICOMModel
import Foundation
import TextFinding

/// Text drawn beforehand (DejaVu, by Pillow): how much of each pixel is ink, 0…255, tight around it.
struct Ink {
    var width: Int
    var height: Int
    var coverage: [UInt8]

    /// Reads `Fixtures/<name>.pgm`.
    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name + ".pgm")))
        let header = bytes.prefix(32).split(separator: 10, maxSplits: 3)
        let size = String(decoding: header[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        (width, height) = (size[0], size[1])
        coverage = bytes.suffix(width * height)
    }

    /// A quarter turn, so that the line runs upwards.
    var upright: Ink {
        var turned = self
        (turned.width, turned.height) = (height, width)
        for y in 0..<width {
            for x in 0..<height { turned.coverage[y * height + x] = coverage[x * width + (width - 1 - y)] }
        }
        return turned
    }

    /// Turned clockwise about its middle, as large as it has to be.
    func turned(byDegrees degrees: Double) -> Ink {
        let (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        var turned = self
        turned.width = Int(abs(cosine) * Double(width) + abs(sine) * Double(height)) + 2
        turned.height = Int(abs(sine) * Double(width) + abs(cosine) * Double(height)) + 2
        turned.coverage = [UInt8](repeating: 0, count: turned.width * turned.height)
        for y in 0..<turned.height {
            for x in 0..<turned.width {
                let (right, down) = (Double(x) - Double(turned.width) / 2, Double(y) - Double(turned.height) / 2)
                let column = Int((right * cosine + down * sine + Double(width) / 2).rounded())
                let row = Int((down * cosine - right * sine + Double(height) / 2).rounded())
                guard (0..<width).contains(column), (0..<height).contains(row) else { continue }
                turned.coverage[y * turned.width + x] = coverage[row * width + column]
            }
        }
        return turned
    }

    /// The share of its ink, drawn at a place, that lies inside regions.
    func share(inside regions: [TextRegion], x: Int, y: Int) -> Double {
        var (inside, all) = (0, 0)
        for row in 0..<height {
            for column in 0..<width where coverage[row * width + column] > 100 {
                let pixel = PixelRegion(x: x + column, y: y + row, width: 1, height: 1)
                all += 1
                if regions.contains(where: { $0.region.intersects(pixel) }) { inside += 1 }
            }
        }
        return Double(inside) / Double(max(all, 1))
    }

    func box(x: Int, y: Int) -> PixelRegion { PixelRegion(x: x, y: y, width: width, height: height) }
}

/// A grey frame of whole numbers that tests draw on.
struct Canvas {
    var width: Int
    var height: Int
    var values: [Int]

    init(_ width: Int, _ height: Int, value: (_ x: Int, _ y: Int) -> Int) {
        (self.width, self.height) = (width, height)
        values = (0..<width * height).map { value($0 % width, $0 / width) }
    }

    /// Mixes `value` into what is there by the ink's coverage, or sets it where more than half is covered.
    mutating func draw(_ ink: Ink, x: Int, y: Int, value: Int, isSoft: Bool = true) {
        for row in 0..<ink.height {
            for column in 0..<ink.width {
                let (index, cover) = ((y + row) * width + x + column, Int(ink.coverage[row * ink.width + column]))
                if isSoft {
                    values[index] += (value - values[index]) * cover / 255
                } else if cover > 127 {
                    values[index] = value
                }
            }
        }
    }

    mutating func fill(_ box: PixelRegion, value: Int) {
        for y in box.y..<box.maxY {
            for x in box.x..<box.maxX { values[y * width + x] = value }
        }
    }

    func frame(
        bitsAllocated: Int = 8, bitsStored: Int? = nil, isSigned: Bool = false,
        photometricInterpretation: PhotometricInterpretation = .monochrome2
    ) -> NativeFrame {
        let description = PixelDescription(
            rows: height, columns: width, bitsAllocated: bitsAllocated, bitsStored: bitsStored, isSigned: isSigned,
            photometricInterpretation: photometricInterpretation)
        let bytes = values.flatMap { value in
            (0..<bitsAllocated / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        }
        return NativeFrame(description: description, bytes: bytes)
    }
}

/// The same numbers on every run.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }
}

extension [TextRegion] {
    /// Whether the regions together cover nine tenths of a box.
    func cover(_ box: PixelRegion) -> Bool {
        var covered = 0
        for y in box.y..<box.maxY {
            for x in box.x..<box.maxX where contains(where: { $0.region.contains(x: x, y: y) }) { covered += 1 }
        }
        return covered * 10 >= box.area * 9
    }

    var readText: String { compactMap { $0.text?.reveal() }.joined(separator: " ") }
}

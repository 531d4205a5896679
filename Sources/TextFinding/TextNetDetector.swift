import DICOMModel
import Glibc

/// The network says where text may stand; strokes are measured there, and only there, to tell line from line.
///
/// What the network marks and no line of strokes explains is a candidate by itself.
public struct TextNetDetector: TextDetector {
    public let name = "textnet"
    public let smallestGlyphHeight = 6
    private let network: TextNet
    private let strokes = ComponentDetector()

    /// - Throws: `TextFindingError` `.missingModel`.
    public init() throws {
        network = try TextNet()
    }

    /// Log odds above which a cell counts as text.
    private static let threshold: Float = -0.4
    /// Lines of strokes with so high a score stand without the network.
    private static let certain = 0.9

    public func candidates(in image: GrayImage) -> [TextCandidate] {
        guard let marked = try? MarkedCells(image, network: network, threshold: Self.threshold) else {
            return strokes.candidates(in: image)
        }
        if marked.isEmpty { return [] }
        let places = marked.places()
        var lines: [TextCandidate] = []
        for box in PixelRegion.united(places.map({ marked.surroundings(of: $0) })) {
            guard let part = image.cropped(to: box) else { continue }
            for var line in strokes.candidates(in: part) {
                line.region.x += box.x
                line.region.y += box.y
                let support = marked.support(of: line.region)
                if support.share >= 0.3 {
                    line.score = max(line.score, support.probability)
                } else if line.score < Self.certain {
                    continue
                }
                lines.append(line)
            }
        }
        for place in places {
            let explained = lines.reduce(0) { $0 + $1.region.intersection(place.region).area }
            guard explained * 5 < place.region.area * 2 else { continue }
            lines.append(Self.candidate(place, in: image))
        }
        return lines
    }

    /// A place that the network marked, taken for one line.
    private static func candidate(_ place: MarkedCells.Place, in image: GrayImage) -> TextCandidate {
        let region = place.region
        let isVertical = region.height > region.width * 3 / 2
        return TextCandidate(
            region: region, score: place.probability * 0.9, isLightOnDark: isLightOnDark(image, in: region),
            isVertical: isVertical, glyphHeight: max(4, (isVertical ? region.width : region.height) * 3 / 4))
    }

    /// Ink covers less than its ground: the rarer side of the middle grey is the ink.
    private static func isLightOnDark(_ image: GrayImage, in region: PixelRegion) -> Bool {
        guard let part = image.cropped(to: region), let low = part.pixels.min(), let high = part.pixels.max() else {
            return true
        }
        let middle = (Int(low) + Int(high)) / 2
        return part.pixels.count { Int($0) > middle } * 2 < part.pixels.count
    }
}

/// Where the network sees text at any size, in cells of 4 × 4 pixels of the picture.
struct MarkedCells {
    /// Cells that touch.
    struct Place {
        /// In pixels, tight around the cells.
        var region: PixelRegion
        /// The mean over its cells.
        var probability: Double
        /// Pixels to a pixel of the level it was seen at.
        var factor: Int
    }

    private let bounds: PixelRegion
    private let columns: Int
    private let rows: Int
    /// The strongest answer of all levels, 0…1; 0 where none is marked.
    private var probabilities: [Float]
    /// Which level gave it, as its factor.
    private var factors: [UInt16]
    private(set) var isEmpty = true

    init(_ image: GrayImage, network: TextNet, threshold: Float) throws {
        bounds = image.bounds
        columns = (image.width + TextNet.cell - 1) / TextNet.cell
        rows = (image.height + TextNet.cell - 1) / TextNet.cell
        probabilities = [Float](repeating: 0, count: columns * rows)
        factors = [UInt16](repeating: 0, count: columns * rows)
        var (level, factor) = (image, 1)
        while true {
            let answer = try network.logits(of: level)
            for row in 0..<answer.rows {
                for column in 0..<answer.columns {
                    let logit = answer.values[row * answer.columns + column]
                    if logit > threshold { mark(column, row, factor: factor, logit: logit) }
                }
            }
            guard min(level.width, level.height) >= 64, let half = level.halved() else { break }
            level = half
            factor *= 2
        }
    }

    private mutating func mark(_ column: Int, _ row: Int, factor: Int, logit: Float) {
        isEmpty = false
        let probability = Float(1 / (1 + exp(-Double(logit))))
        for y in row * factor..<min((row + 1) * factor, rows) {
            for x in column * factor..<min((column + 1) * factor, columns) {
                let index = y * columns + x
                guard probability > probabilities[index] else { continue }
                probabilities[index] = probability
                factors[index] = UInt16(clamping: factor)
            }
        }
    }

    /// How much of a box is marked, and how surely where it is.
    func support(of region: PixelRegion) -> (share: Double, probability: Double) {
        let box = region.intersection(bounds)
        guard !box.isEmpty else { return (0, 0) }
        var (marked, total, sum) = (0, 0, 0.0)
        for y in box.y / TextNet.cell...(box.maxY - 1) / TextNet.cell {
            for x in box.x / TextNet.cell...(box.maxX - 1) / TextNet.cell {
                let value = probabilities[y * columns + x]
                total += 1
                if value > 0 {
                    marked += 1
                    sum += Double(value)
                }
            }
        }
        return (Double(marked) / Double(total), marked == 0 ? 0 : sum / Double(marked))
    }

    /// Cells that touch, sideways or cornerwise; single ones are left out.
    func places() -> [Place] {
        var seen = [Bool](repeating: false, count: probabilities.count)
        var result: [Place] = []
        for start in probabilities.indices where probabilities[start] > 0 && !seen[start] {
            var (left, top, right, bottom) = (columns, rows, 0, 0)
            var (stack, sum, count, factor) = ([start], 0.0, 0, 1)
            seen[start] = true
            while let index = stack.popLast() {
                let (x, y) = (index % columns, index / columns)
                (left, top, right, bottom) = (min(left, x), min(top, y), max(right, x), max(bottom, y))
                sum += Double(probabilities[index])
                count += 1
                factor = max(factor, Int(factors[index]))
                for near in neighbours(x, y) where probabilities[near] > 0 && !seen[near] {
                    seen[near] = true
                    stack.append(near)
                }
            }
            guard count >= 3 * factor * factor else { continue }
            let cell = TextNet.cell
            let region = PixelRegion(
                x: left * cell, y: top * cell, width: (right - left + 1) * cell, height: (bottom - top + 1) * cell)
            result.append(
                Place(region: region.intersection(bounds), probability: sum / Double(count), factor: factor))
        }
        return result
    }

    private func neighbours(_ x: Int, _ y: Int) -> [Int] {
        var result: [Int] = []
        for row in max(0, y - 1)...min(rows - 1, y + 1) {
            for column in max(0, x - 1)...min(columns - 1, x + 1) { result.append(row * columns + column) }
        }
        return result
    }

    /// Enough room that the strokes of a line and their ground can be measured.
    func surroundings(of place: Place) -> PixelRegion {
        place.region.expanded(by: max(24, 16 * place.factor), within: bounds)
    }
}

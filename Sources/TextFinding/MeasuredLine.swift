import DICOMModel
import Glibc

/// A line of glyphs with the measures by which text differs from anatomy and noise.
struct MeasuredLine {
    /// Tight, in pixels of the picture that was searched.
    let region: PixelRegion
    let isLightOnDark: Bool
    let isVertical: Bool
    let glyphHeight: Int
    /// How far the line sinks for each pixel along it.
    let slope: Double
    /// What `score` weighs, in the order of `LineWeights.names`.
    let measures: [Double]

    var score: Double { LineWeights.score(measures) }

    /// In pixels of a picture of which the searched one is a part.
    func candidate(at origin: (x: Int, y: Int)) -> TextCandidate {
        var place = region
        place.x += origin.x
        place.y += origin.y
        return TextCandidate(
            region: place, strokes: score,
            support: .init(logOdds: 0, peak: 0, share: 0, other: 0, strength: 0, cells: 0),
            isLightOnDark: isLightOnDark, isVertical: isVertical, glyphHeight: glyphHeight, slope: slope)
    }

    init(
        _ glyphs: [Component], mask: StrokeMask, noise: Int, factor: Int, isLightOnDark: Bool, isVertical: Bool
    ) {
        var box = glyphs[0]
        for glyph in glyphs.dropFirst() { box.absorb(glyph) }
        let placed = isVertical ? box.transposed : box
        region = PixelRegion(
            x: placed.minX * factor, y: placed.minY * factor, width: placed.width * factor,
            height: placed.height * factor)
        self.isLightOnDark = isLightOnDark
        self.isVertical = isVertical
        let heights = glyphs.map { Double($0.height) }
        let height = Self.median(heights)
        glyphHeight = Int(height) * factor
        let slope = Self.slope(of: glyphs)
        self.slope = slope
        let sunk = glyphs.map { slope * Double($0.minX + $0.maxX) / 2 }
        let contrasts = glyphs.map(\.meanContrast)
        let contrast = contrasts.reduce(0, +) / Double(glyphs.count)
        let strokes = glyphs.map { Double($0.area) / Double($0.runs) }
        let stroke = strokes.reduce(0, +) / Double(glyphs.count)
        let letters = glyphs.reduce(0) { $0 + max(1, Double($1.width) / (0.7 * Double(max($1.height, 1)))) }
        let ink = Double(box.area) / Double(max(box.width * box.height, 1))
        let gaps = zip(glyphs, glyphs.dropFirst()).map { Double($1.minX - $0.maxX) }
        measures = [
            log2(letters), log2(height * Double(factor)),
            min(Self.spread(heights) / height, 0.6),
            Self.spread(zip(glyphs, sunk).map { Double($0.maxY) - $1 }) / height,
            Self.spread(zip(glyphs, sunk).map { Double($0.minY) - $1 }) / height,
            log2(contrast + 1), min(Self.deviation(contrasts) / (contrast + 1), 0.3),
            log2((contrast + 1) / Double(noise + 2)),
            ink, stroke / height, min(Self.deviation(strokes) / (stroke + 0.1), 0.8),
            gaps.isEmpty ? 0 : min(Self.deviation(gaps) / height, 2),
            Self.clutter(around: placed, height: Int(height), ink: ink, mask: mask),
            Double(box.runs) / (letters * height),
            glyphs.reduce(0) { $0 + $1.meanContrast / Double(max($1.peak, 1)) } / Double(glyphs.count),
            glyphs.count == 1 ? 1 : 0, isVertical ? 1 : 0, factor > 1 ? 1 : 0,
        ]
    }

    /// How dense strokes are just outside the line, relative to inside.
    private static func clutter(around box: Component, height: Int, ink: Double, mask: StrokeMask) -> Double {
        let margin = max(height / 2, 2)
        let inner = PixelRegion(x: box.minX, y: box.minY, width: box.width, height: box.height)
        let outer = PixelRegion(
            x: box.minX - margin, y: box.minY - margin, width: box.width + 2 * margin,
            height: box.height + 2 * margin)
        let (inside, all) = (mask.count(in: inner), mask.count(in: outer))
        let area = all.area - inside.area
        guard area > 0 else { return 0 }
        return min(Double(all.set - inside.set) / Double(area) / max(ink, 0.02), 3)
    }

    /// Of the glyphs' middles by least squares; few glyphs say nothing about it.
    private static func slope(of glyphs: [Component]) -> Double {
        guard glyphs.count >= 5 else { return 0 }
        let places = glyphs.map { (x: Double($0.minX + $0.maxX) / 2, y: Double($0.minY + $0.maxY) / 2) }
        let count = Double(places.count)
        let (middleX, middleY) = (
            places.reduce(0) { $0 + $1.x } / count, places.reduce(0) { $0 + $1.y } / count
        )
        let square = places.reduce(0) { $0 + ($1.x - middleX) * ($1.x - middleX) }
        let product = places.reduce(0) { $0 + ($1.x - middleX) * ($1.y - middleY) }
        // Ascenders and commas sway a level line a little.
        guard square > 0, abs(product / square) >= 0.04 else { return 0 }
        return min(max(product / square, -0.5), 0.5)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// The median distance from the median.
    private static func spread(_ values: [Double]) -> Double {
        let middle = median(values)
        return median(values.map { abs($0 - middle) })
    }

    private static func deviation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
}

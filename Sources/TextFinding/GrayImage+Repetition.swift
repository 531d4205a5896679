package import DICOMModel

/// How well a line goes on as it began: 0 not at all, 1 exactly.
package struct Repetition: Hashable, Sendable {
    package static let none = Repetition(own: 0, beyond: 0)

    /// Of the line's own pixels.
    package var own: Double
    /// With what lies before and behind the line, for three times its height each: of a ruler often only a part is marked.
    package var beyond: Double
}

extension GrayImage {
    /// How well a line's pixels go on as they began, read along the line: what gives away rulers, stents and rows of ribs.
    ///
    /// The best correlation of the strip with itself, shifted by a period of at most four times the line's height and at
    /// most a third of its length. Words made of the same strokes again and again (`IIIIII`, `mm`) repeat themselves too,
    /// and single letters hardly ever do.
    ///
    /// - Parameters:
    ///   - region: upright, in pixels of this picture; what lies outside the picture is left out.
    ///   - isVertical: whether the line is read downwards. How it slants makes no difference.
    package func repetition(of region: PixelRegion, isVertical: Bool) -> Repetition {
        let box = region.intersection(bounds)
        guard !box.isEmpty else { return .none }
        let reach = 3 * (isVertical ? box.width : box.height)
        let longer =
            isVertical
            ? PixelRegion(x: box.x, y: box.y - reach, width: box.width, height: box.height + 2 * reach)
            : PixelRegion(x: box.x - reach, y: box.y, width: box.width + 2 * reach, height: box.height)
        let whole = longer.intersection(bounds)
        guard var strip = cropped(to: whole) else { return .none }
        if isVertical { strip = strip.turned(clockwise: false) }
        var (start, length) = isVertical ? (box.y - whole.y, box.height) : (box.x - whole.x, box.width)
        while strip.width * Bands.longestPeriod(width: strip.width, height: strip.height) > Bands.mostProducts,
            let half = strip.halved()
        {
            strip = half
            (start, length) = (start / 2, length / 2)
        }
        let columns = start..<min(start + length, strip.width)
        let bands = Bands(strip)
        return Repetition(own: bands.repetition(in: columns), beyond: bands.repetition(in: 0..<strip.width))
    }
}

/// A strip as a few rows, each the mean of several pixel rows: they tell shapes apart, and noise is less.
private struct Bands {
    private static let mostRows = 8
    /// Of columns and periods: larger strips are halved.
    static let mostProducts = 1 << 17
    /// At shorter ones whatever is smooth is like itself.
    private static let shortestPeriod = 3
    /// A period counts where the correlation was lower by this much at a shorter one. That of wide or smooth shapes falls
    /// and doesn't come back.
    private static let leastRise = 0.3
    /// In squared grey levels: what varies less is flat.
    private static let leastVariance: Float = 0.5
    /// Where contrast falls below this share of the strip's mean, in squares, it is left low.
    private static let leastContrast: Float = 0.1

    private let height: Int
    private let width: Int
    private let rows: Int
    /// Row by row.
    private let values: [Float]

    init(_ strip: GrayImage) {
        (height, width) = (strip.height, strip.width)
        let thickness = (strip.height + Self.mostRows - 1) / Self.mostRows
        rows = strip.height / thickness
        let width = width
        var sums = [Int32](repeating: 0, count: rows * width)
        strip.pixels.withUnsafeBufferPointer { pixels in
            for y in 0..<strip.height / thickness * thickness {
                let (target, source) = (y / thickness * width, y * width)
                for x in 0..<width { sums[target + x] &+= Int32(pixels[source + x]) }
            }
        }
        values = sums.map { Float($0) / Float(thickness) }
    }

    /// What occurs three times goes on. Of what is there but twice, short words have too much by chance.
    static func longestPeriod(width: Int, height: Int) -> Int { min(4 * height, width / 3) }

    /// 0…1.
    func repetition(in columns: Range<Int>) -> Double {
        let longest = Self.longestPeriod(width: columns.count, height: height)
        guard longest >= Self.shortestPeriod, let strip = evened(columns) else { return 0 }
        let correlations = strip.correlations(upTo: longest)
        var (best, lowest) = (0.0, 1.0)
        for (index, correlation) in correlations.enumerated() {
            let isPeriod = index + 1 >= Self.shortestPeriod && correlation - lowest >= Self.leastRise
            if isPeriod { best = max(best, correlation) }
            lowest = min(lowest, correlation)
        }
        return min(best, 1)
    }

    /// Without slow changes of brightness and contrast along the rows; nil where nothing is left.
    private func evened(_ columns: Range<Int>) -> EvenedStrip? {
        let count = columns.count
        var levels: [Float] = []
        levels.reserveCapacity(rows * count)
        var energies = [Float](repeating: 0, count: count)
        for row in 0..<rows {
            let line = Self.withoutTrend(values[row * width + columns.lowerBound..<row * width + columns.upperBound])
            let means = Self.runningMeans(of: line, reach: height)
            for x in 0..<count {
                let level = line[x] - means[x]
                levels.append(level)
                energies[x] += level * level
            }
        }
        let variance = energies.reduce(0, +) / Float(rows * count)
        guard variance >= Self.leastVariance else { return nil }
        let scales = Self.runningMeans(of: energies, reach: height / 2).map { energy in
            EvenedStrip.unit / (energy / Float(rows) + Self.leastContrast * variance).squareRoot()
        }
        return EvenedStrip(levels: levels, scales: scales)
    }

    /// Less the straight line that fits best.
    private static func withoutTrend(_ line: ArraySlice<Float>) -> [Float] {
        let middle = Float(line.count - 1) / 2
        let mean = line.reduce(0, +) / Float(line.count)
        var (slope, spread): (Float, Float) = (0, 0)
        for (x, value) in line.enumerated() {
            slope += (Float(x) - middle) * (value - mean)
            spread += (Float(x) - middle) * (Float(x) - middle)
        }
        slope /= max(spread, 1)
        return line.enumerated().map { $1 - mean - slope * (Float($0) - middle) }
    }

    /// Of each value and those up to `reach` beside it.
    private static func runningMeans(of line: [Float], reach: Int) -> [Float] {
        var sums: [Float] = [0]
        sums.reserveCapacity(line.count + 1)
        for value in line { sums.append(sums[sums.count - 1] + value) }
        return line.indices.map { x in
            let (first, end) = (max(x - reach, 0), min(x + reach + 1, line.count))
            return (sums[end] - sums[first]) / Float(end - first)
        }
    }
}

/// Small whole numbers, so that sums of products are exact and quick.
private struct EvenedStrip {
    /// What the strip's usual contrast becomes.
    static let unit: Float = 32
    private static let limit: Float = 255

    private let width: Int
    private let rows: Int
    /// Row by row.
    private let values: [Int16]
    /// Of the values, and of their squares, in the columns before each and in all.
    private let sums: [Int]
    private let squares: [Int]

    /// - Parameters:
    ///   - levels: row by row.
    ///   - scales: of the columns: what their levels are multiplied by.
    init(levels: [Float], scales: [Float]) {
        (width, rows) = (scales.count, levels.count / scales.count)
        var values: [Int16] = []
        values.reserveCapacity(levels.count)
        var (sums, squares) = ([Int](repeating: 0, count: width + 1), [Int](repeating: 0, count: width + 1))
        for row in 0..<rows {
            for x in 0..<width {
                let level = levels[row * width + x] * scales[x]
                let value = Int16(min(max(level, -Self.limit), Self.limit).rounded())
                values.append(value)
                sums[x + 1] += Int(value)
                squares[x + 1] += Int(value) * Int(value)
            }
        }
        for x in 0..<width {
            sums[x + 1] += sums[x]
            squares[x + 1] += squares[x]
        }
        (self.values, self.sums, self.squares) = (values, sums, squares)
    }

    /// Of the strip with itself, shifted by 1, 2 and so on, each over the columns that overlap.
    func correlations(upTo longest: Int) -> [Double] {
        values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return [] }
            return (1...longest).map { correlation(start, shift: $0) }
        }
    }

    private func correlation(_ values: UnsafePointer<Int16>, shift: Int) -> Double {
        var products = 0
        for row in 0..<rows {
            let (first, second) = (values + row * width, values + row * width + shift)
            // Some thousand columns of products below 2^16 fit into 32 bits.
            var sum: Int32 = 0
            for x in 0..<width - shift { sum &+= Int32(first[x]) &* Int32(second[x]) }
            products += Int(sum)
        }
        let overlap = width - shift
        let count = Double(rows * overlap)
        let (first, second) = (Double(sums[overlap]), Double(sums[width] - sums[shift]))
        let spreads = (
            Double(squares[overlap]) - first * first / count,
            Double(squares[width] - squares[shift]) - second * second / count
        )
        guard spreads.0 > 0, spreads.1 > 0 else { return 0 }
        return (Double(products) - first * second / count) / (spreads.0 * spreads.1).squareRoot()
    }
}

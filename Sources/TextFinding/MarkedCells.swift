import DICOMModel
import Glibc

/// Where the network sees text at any size, in cells of 4 × 4 pixels of the picture.
struct MarkedCells {
    /// Cells that touch.
    struct Place {
        /// In pixels, tight around the cells.
        var region: PixelRegion
        /// The mean over its cells.
        var logOdds: Double
        /// 0…1: how much of the region they fill.
        var share: Double
        /// Pixels to a pixel of the level it was seen at.
        var factor: Int
        /// Of the cells' middles, in pixels: variances and how they go together.
        fileprivate var spread: (x: Double, y: Double, both: Double)
    }

    private let bounds: PixelRegion
    private let columns: Int
    private let rows: Int
    /// The strongest answer of all levels, by cell.
    private var logOdds: [Float]
    /// Which level gave it, as its factor.
    private var factors: [UInt16]
    /// All cells outside these are unlikely to be text.
    private var likely: PixelRegion?

    /// Cells with lower log odds are as good as empty.
    private static let least: Float = -4

    init(_ image: GrayImage, network: TextNet, seen: inout SeenSpans) throws {
        bounds = image.bounds
        columns = (image.width + TextNet.cell - 1) / TextNet.cell
        rows = (image.height + TextNet.cell - 1) / TextNet.cell
        logOdds = [Float](repeating: Self.least, count: columns * rows)
        factors = [UInt16](repeating: 0, count: columns * rows)
        var (level, factor, depth) = (image, 1, 0)
        while true {
            let seeds = seen.seeds(of: level, level: depth)
            if seeds.contains(1) {
                let answer = try network.logits(of: level, seeds: seeds)
                mark(answer.values, columns: answer.columns, rows: answer.rows, factor: factor)
            }
            guard min(level.width, level.height) >= 64, let half = level.halved() else { break }
            level = half
            factor *= 2
            depth += 1
        }
    }

    /// Takes over the answer of one level. What a finer level has seen already is left to it, since large cells tell
    /// less well where text ends.
    private mutating func mark(_ values: [Float], columns width: Int, rows height: Int, factor: Int) {
        if factor == 1 {
            for index in values.indices where values[index] > Self.least {
                mark(index % width, index / width, factor: 1, logit: values[index])
            }
            return
        }
        let grid = PixelRegion(x: 0, y: 0, width: width, height: height)
        var seen = values.map { $0 <= Self.worthKeeping }
        for start in values.indices where !seen[start] {
            var (cells, next) = ([start], 0)
            seen[start] = true
            while next < cells.count {
                let (x, y) = (cells[next] % width, cells[next] / width)
                next += 1
                for near in Self.neighbours(x, y, in: grid) where !seen[near] {
                    seen[near] = true
                    cells.append(near)
                }
            }
            let known = cells.count { isMarked($0 % width, $0 / width, factor: factor) }
            guard known * 3 < cells.count else { continue }
            for cell in cells { mark(cell % width, cell / width, factor: factor, logit: values[cell]) }
        }
    }

    /// Cells of a coarse level with lower log odds are left out.
    private static let worthKeeping: Float = -2

    /// Whether at least half of a coarse level's cell is marked as text.
    private func isMarked(_ column: Int, _ row: Int, factor: Int) -> Bool {
        let cells = PixelRegion(x: column * factor, y: row * factor, width: factor, height: factor)
            .intersection(PixelRegion(x: 0, y: 0, width: columns, height: rows))
        var count = 0
        for y in cells.y..<max(cells.y, cells.maxY) {
            for x in cells.x..<cells.maxX where logOdds[y * columns + x] > 0 { count += 1 }
        }
        return count * 2 >= max(cells.area, 1)
    }

    private mutating func mark(_ column: Int, _ row: Int, factor: Int, logit: Float) {
        let cells = PixelRegion(x: column * factor, y: row * factor, width: factor, height: factor)
            .intersection(PixelRegion(x: 0, y: 0, width: columns, height: rows))
        guard !cells.isEmpty else { return }
        likely = likely?.union(cells) ?? cells
        for y in cells.y..<cells.maxY {
            for x in cells.x..<cells.maxX {
                let index = y * columns + x
                guard logit > logOdds[index] else { continue }
                logOdds[index] = logit
                factors[index] = UInt16(clamping: factor)
            }
        }
    }

    /// Empties all cells that a box touches.
    mutating func remove(_ region: PixelRegion) {
        forEachCell(of: region) { logOdds[$0] = Self.least }
    }

    /// How much of a box is likely text, and how likely it is.
    func support(of region: PixelRegion) -> TextCandidate.Support {
        var (marked, total, sum) = (0, 0, 0.0)
        forEachCell(of: region) { index in
            total += 1
            if logOdds[index] > 0 { marked += 1 }
            sum += Double(min(logOdds[index], 8))
        }
        guard total > 0 else { return TextCandidate.Support(logOdds: Double(Self.least), share: 0) }
        return TextCandidate.Support(logOdds: sum / Double(total), share: Double(marked) / Double(total))
    }

    private func forEachCell(of region: PixelRegion, _ body: (Int) -> Void) {
        let box = region.intersection(bounds)
        guard !box.isEmpty else { return }
        for y in box.y / TextNet.cell...(box.maxY - 1) / TextNet.cell {
            for x in box.x / TextNet.cell...(box.maxX - 1) / TextNet.cell { body(y * columns + x) }
        }
    }

    /// Cells of at least these log odds that touch, sideways or cornerwise; a few alone are left out.
    func places(atLeast threshold: Float) -> [Place] {
        guard let likely else { return [] }
        var seen = [Bool](repeating: false, count: logOdds.count)
        var result: [Place] = []
        for y in likely.y..<likely.maxY {
            for start in y * columns + likely.x..<y * columns + likely.maxX
            where logOdds[start] > threshold && !seen[start] {
                if let place = place(from: start, atLeast: threshold, seen: &seen) { result.append(place) }
            }
        }
        return result
    }

    private func place(from start: Int, atLeast threshold: Float, seen: inout [Bool]) -> Place? {
        let grid = PixelRegion(x: 0, y: 0, width: columns, height: rows)
        var (box, stack, factor) = (PixelRegion?.none, [start], 1)
        var (count, odds, x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        seen[start] = true
        while let index = stack.popLast() {
            let (column, row) = (index % columns, index / columns)
            let cell = PixelRegion(x: column, y: row, width: 1, height: 1)
            box = box?.union(cell) ?? cell
            let (across, down) = (Double(column), Double(row))
            (count, odds) = (count + 1, odds + Double(logOdds[index]))
            (x, y) = (x + across, y + down)
            (xx, yy, xy) = (xx + across * across, yy + down * down, xy + across * down)
            factor = max(factor, Int(factors[index]))
            for near in Self.neighbours(column, row, in: grid) where logOdds[near] > threshold && !seen[near] {
                seen[near] = true
                stack.append(near)
            }
        }
        guard let box, Int(count) >= 3 * factor * factor else { return nil }
        let side = TextNet.cell
        let unit = Double(side * side)
        let region = PixelRegion(x: box.x * side, y: box.y * side, width: box.width * side, height: box.height * side)
        return Place(
            region: region.intersection(bounds), logOdds: odds / count, share: count / Double(box.area), factor: factor,
            spread: (
                (xx / count - x * x / count / count) * unit, (yy / count - y * y / count / count) * unit,
                (xy / count - x * y / count / count) * unit
            ))
    }

    /// The places of the cells around one in a grid, row by row.
    private static func neighbours(_ x: Int, _ y: Int, in grid: PixelRegion) -> [Int] {
        var result: [Int] = []
        for row in max(0, y - 1)...min(grid.height - 1, y + 1) {
            for column in max(0, x - 1)...min(grid.width - 1, x + 1) { result.append(row * grid.width + column) }
        }
        return result
    }

    /// Enough room that the strokes of a line and their ground can be measured.
    func surroundings(of place: Place) -> PixelRegion {
        place.region.expanded(by: max(24, 16 * place.factor), within: bounds)
    }
}

extension MarkedCells.Place {
    /// Standard deviations along and across the way in which the cells spread most, and that way's angle to the rows.
    private var axes: (along: Double, across: Double, angle: Double) {
        let middle = (spread.x + spread.y) / 2
        let reach = ((spread.x - spread.y) * (spread.x - spread.y) / 4 + spread.both * spread.both).squareRoot()
        return (
            (middle + reach).squareRoot(), max(middle - reach, 0).squareRoot(),
            atan2(2 * spread.both, spread.x - spread.y) / 2
        )
    }

    /// One long line that is neither level nor upright, by some 7 degrees or more.
    var isSlanted: Bool {
        let (along, across, angle) = axes
        let turn = abs(angle).truncatingRemainder(dividingBy: .pi / 2)
        return along > 3 * across && along > 16 && min(turn, .pi / 2 - turn) > 0.12
    }

    /// Taken for one line that runs where the cells spread most.
    func candidate(in image: GrayImage) -> TextCandidate {
        let (along, across, angle) = axes
        // A band of even cells varies by a twelfth of its height squared; capitals fill some three quarters of it.
        let thickness = max(12.0.squareRoot() * across, 4) * 0.75
        let isLine = along > 2 * across
        let isVertical = isLine ? abs(angle) > .pi / 4 : region.height > region.width * 3 / 2
        let slope = isVertical ? 1 / tan(angle) : tan(angle)
        return TextCandidate(
            region: region.expanded(by: TextNet.cell / 2 * factor, within: image.bounds), strokes: nil,
            support: TextCandidate.Support(logOdds: logOdds, share: isSlanted ? 1 : share),
            isLightOnDark: isLightOnDark(in: image), isVertical: isVertical, glyphHeight: max(4, Int(thickness)),
            slope: isLine && abs(slope) >= 0.04 ? slope : 0)
    }

    /// Whether a level or upright line is but a part of this slanted one.
    func explains(_ line: TextCandidate) -> Bool {
        line.slope == 0 && region.intersection(line.region).area * 10 >= line.region.area * 7
    }

    /// Ink covers less than its ground: the rarer side of the middle grey is the ink.
    private func isLightOnDark(in image: GrayImage) -> Bool {
        guard let part = image.cropped(to: region), let low = part.pixels.min(), let high = part.pixels.max() else {
            return true
        }
        let middle = (Int(low) + Int(high)) / 2
        return part.pixels.count { Int($0) > middle } * 2 < part.pixels.count
    }
}

import DICOMModel
import Glibc

/// Where the network sees text at any size, in cells of 4 × 4 pixels of the picture.
struct MarkedCells {
    /// Cells that touch.
    struct Place {
        /// In pixels, tight around the cells.
        var region: PixelRegion
        var support: TextCandidate.Support
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
    /// The strongest answer of any other level: what only one size of the picture shows is seldom text.
    private var others: [Float]
    /// By marked cell, how sure the network is of the surest part of all marked cells that hang together with it.
    private var strengths: [Float] = []
    /// The network marks none outside these.
    private var likely: PixelRegion?

    /// Pictures with a shorter side aren't halved: letters of a quarter of the picture are small enough at half of it.
    private static let leastSide = 192
    /// Cells with lower log odds are as good as empty.
    private static let least: Float = -4

    /// - Parameter isEnlarged: whether the picture is larger than the frame.
    init(_ image: GrayImage, isEnlarged: Bool, networks: TextNets, seen: inout SeenSpans) throws {
        bounds = image.bounds
        columns = (image.width + TextNet.cell - 1) / TextNet.cell
        rows = (image.height + TextNet.cell - 1) / TextNet.cell
        logOdds = [Float](repeating: Self.least, count: columns * rows)
        factors = [UInt16](repeating: 0, count: columns * rows)
        others = logOdds
        var (level, factor, depth) = (image, 1, 0)
        while true {
            let seeds = seen.seeds(of: level, level: depth)
            if seeds.contains(1) {
                let size: TextNets.Size = depth > 0 ? .reduced : isEnlarged ? .enlarged : .whole
                let answer = try networks.logits(of: level, seeds: seeds, size: size)
                mark(answer.values, columns: answer.columns, rows: answer.rows, factor: factor)
            }
            guard min(level.width, level.height) >= Self.leastSide, let half = level.halved() else { break }
            level = half
            factor *= 2
            depth += 1
        }
        judgePlaces()
    }

    private(set) var isEmpty = true

    /// So many of the surest cells of a place speak for it all: some two letters.
    private static let speakers = 6
    /// Weaker places are taken for no text. Chosen by hand: see `Models/README.md`.
    private static let leastStrength: Float = 0.5

    private mutating func judgePlaces() {
        strengths = [Float](repeating: 0, count: logOdds.count)
        for cells in connectedCells() {
            let strength = strength(of: cells)
            if strength >= Self.leastStrength {
                isEmpty = false
                for cell in cells { strengths[cell] = strength }
            } else {
                for cell in cells { logOdds[cell] = 0 }
            }
        }
    }

    private func strength(of cells: [Int]) -> Float {
        let factor = cells.map { Int(factors[$0]) }.max() ?? 1
        let surest = cells.map { logOdds[$0] }.sorted(by: >).prefix(Self.speakers * factor * factor)
        // Too few cells count as if the rest were doubtful.
        return surest.reduce(0, +) / Float(Self.speakers * factor * factor)
    }

    /// Once boxes are removed: what is left, an edge of the line that went perhaps, is as strong as it is by itself.
    mutating func weighWhatIsLeft() {
        for cells in connectedCells() {
            let strength = strength(of: cells)
            for cell in cells { strengths[cell] = strength }
        }
    }

    /// The marked cells, those together that touch one another.
    private func connectedCells() -> [[Int]] {
        guard let likely else { return [] }
        let grid = PixelRegion(x: 0, y: 0, width: columns, height: rows)
        var seen = logOdds.map { $0 <= 0 }
        var result: [[Int]] = []
        for y in likely.y..<likely.maxY {
            for start in y * columns + likely.x..<y * columns + likely.maxX where !seen[start] {
                result.append(Self.connected(to: start, in: grid, seen: &seen))
            }
        }
        return result
    }

    /// A cell and all that hang together with it, sideways or cornerwise, but for those seen; all of them are then.
    private static func connected(to start: Int, in grid: PixelRegion, seen: inout [Bool]) -> [Int] {
        var (cells, next) = ([start], 0)
        seen[start] = true
        while next < cells.count {
            let (column, row) = (cells[next] % grid.width, cells[next] / grid.width)
            next += 1
            for near in neighbours(column, row, in: grid) where !seen[near] {
                seen[near] = true
                cells.append(near)
            }
        }
        return cells
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
            let cells = Self.connected(to: start, in: grid, seen: &seen)
            let known = cells.count { isMarked($0 % width, $0 / width, factor: factor) }
            let isNew = known * 3 < cells.count || isStronger(cells, values, columns: width, factor: factor)
            for cell in cells { mark(cell % width, cell / width, factor: factor, logit: values[cell], isNew: isNew) }
        }
    }

    /// Cells of a coarse level with lower log odds are left out.
    private static let worthKeeping: Float = -2

    /// Whether a level is surer of these cells than the finer ones were: to them, large letters are crumbs.
    private func isStronger(_ cells: [Int], _ values: [Float], columns width: Int, factor: Int) -> Bool {
        let finer = cells.map { cell in
            let (x, y) = (min(cell % width * factor, columns - 1), min(cell / width * factor, rows - 1))
            return max(logOdds[y * columns + x], logOdds[min(y + factor / 2, rows - 1) * columns + x])
        }
        return cells.reduce(0) { $0 + values[$1] } > finer.reduce(0) { $0 + max($1, 0) }
    }

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

    /// - Parameter isNew: whether no finer level has seen it.
    private mutating func mark(_ column: Int, _ row: Int, factor: Int, logit: Float, isNew: Bool = true) {
        let cells = PixelRegion(x: column * factor, y: row * factor, width: factor, height: factor)
            .intersection(PixelRegion(x: 0, y: 0, width: columns, height: rows))
        guard !cells.isEmpty else { return }
        if logit > 0, isNew { likely = likely?.union(cells) ?? cells }
        for y in cells.y..<cells.maxY {
            for x in cells.x..<cells.maxX {
                let index = y * columns + x
                guard isNew, logit > logOdds[index] else {
                    others[index] = max(others[index], logit)
                    continue
                }
                others[index] = logOdds[index]
                logOdds[index] = logit
                factors[index] = UInt16(clamping: factor)
            }
        }
    }

    /// Empties all cells that a box touches.
    mutating func remove(_ region: PixelRegion) {
        forEachCell(of: region) { logOdds[$0] = Self.least }
    }

    /// What the network says of a box.
    func support(of region: PixelRegion) -> TextCandidate.Support {
        var (marked, total, sum, cells, peak, other, strength) = (0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
        forEachCell(of: region) { index in
            total += 1
            let odds = Double(logOdds[index])
            guard odds > 0 else { return }
            marked += 1
            sum += odds
            peak = max(peak, odds)
            other += Double(others[index])
            strength = max(strength, Double(strengths[index]))
            cells += 1 / Double(factors[index]) / Double(factors[index])
        }
        return TextCandidate.Support(
            logOdds: sum / Double(max(marked, 1)), peak: peak, share: Double(marked) / Double(max(total, 1)),
            other: other / Double(max(marked, 1)), strength: strength, cells: cells)
    }

    /// A level or upright line, as far as marked cells continue it: the network sees the comma and the faint letter
    /// that the strokes lost.
    func extended(_ line: TextCandidate) -> PixelRegion {
        var region = line.region
        let reach = max(line.glyphHeight * 2, 2 * TextNet.cell)
        for isForward in [false, true] {
            var left = reach
            while left > 0 {
                let next = Self.slice(beside: region, isVertical: line.isVertical, isForward: isForward)
                    .intersection(bounds)
                guard !next.isEmpty, support(of: next).share >= 0.5 else { break }
                region = region.union(next)
                left -= TextNet.cell
            }
        }
        return region
    }

    /// The cells' width beyond one end of a line.
    private static func slice(beside region: PixelRegion, isVertical: Bool, isForward: Bool) -> PixelRegion {
        let side = TextNet.cell
        return isVertical
            ? PixelRegion(x: region.x, y: isForward ? region.maxY : region.y - side, width: region.width, height: side)
            : PixelRegion(x: isForward ? region.maxX : region.x - side, y: region.y, width: side, height: region.height)
    }

    private func forEachCell(of region: PixelRegion, _ body: (Int) -> Void) {
        let box = region.intersection(bounds)
        guard !box.isEmpty else { return }
        for y in box.y / TextNet.cell...(box.maxY - 1) / TextNet.cell {
            for x in box.x / TextNet.cell...(box.maxX - 1) / TextNet.cell { body(y * columns + x) }
        }
    }

    /// From which log odds on cells are taken for text as well, in a certain place.
    enum Certainty: Float {
        /// Beside text.
        case near = -1.5
        /// Where they continue a line.
        case faint = -2
    }

    /// The boxes of cells that touch, a single one included, and are at least so certain, as far as they begin beside one
    /// of the regions; in pixels.
    func boxes(beside regions: [PixelRegion], _ certainty: Certainty) -> [PixelRegion] {
        let grid = PixelRegion(x: 0, y: 0, width: columns, height: rows)
        var seen = logOdds.map { $0 <= certainty.rawValue }
        var result: [PixelRegion] = []
        for region in regions {
            forEachCell(of: region.expanded(by: min(region.width, region.height), within: bounds)) { start in
                guard !seen[start] else { return }
                let cells = Self.connected(to: start, in: grid, seen: &seen)
                result.append(pixels(cells.dropFirst().reduce(cell(start)) { $0.union(cell($1)) }))
            }
        }
        return result
    }

    /// One cell's place in the grid.
    private func cell(_ index: Int) -> PixelRegion {
        PixelRegion(x: index % columns, y: index / columns, width: 1, height: 1)
    }

    /// What a box of cells covers, in pixels.
    private func pixels(_ box: PixelRegion) -> PixelRegion {
        let side = TextNet.cell
        return PixelRegion(x: box.x * side, y: box.y * side, width: box.width * side, height: box.height * side)
            .intersection(bounds)
    }

    /// Marked cells that touch; a few alone are left out.
    func places() -> [Place] { connectedCells().compactMap(place) }

    private func place(of cells: [Int]) -> Place? {
        var (box, factor) = (PixelRegion?.none, 1)
        var (count, odds, peak, other, strength) = (0.0, 0.0, 0.0, 0.0, 0.0)
        var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for index in cells {
            let cell = cell(index)
            box = box?.union(cell) ?? cell
            let (across, down) = (Double(cell.x), Double(cell.y))
            (count, odds, peak) = (count + 1, odds + Double(logOdds[index]), max(peak, Double(logOdds[index])))
            (other, strength) = (other + Double(others[index]), max(strength, Double(strengths[index])))
            (x, y) = (x + across, y + down)
            (xx, yy, xy) = (xx + across * across, yy + down * down, xy + across * down)
            factor = max(factor, Int(factors[index]))
        }
        guard let box, Int(count) >= 3 * factor * factor else { return nil }
        let unit = Double(TextNet.cell * TextNet.cell)
        return Place(
            region: pixels(box),
            support: TextCandidate.Support(
                logOdds: odds / count, peak: peak, share: count / Double(box.area), other: other / count,
                strength: strength,
                cells: count / Double(factor * factor)), factor: factor,
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
        var support = support
        if isSlanted { support.share = 1 }  // its box is mostly ground
        return TextCandidate(
            region: region.expanded(by: TextNet.cell / 2 * factor, within: image.bounds), strokes: nil,
            support: support, isLightOnDark: isLightOnDark(in: image), isVertical: isVertical,
            glyphHeight: max(4, Int(thickness)), slope: isLine && abs(slope) >= 0.04 ? slope : 0)
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

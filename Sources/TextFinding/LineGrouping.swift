/// Joins components of like height that stand side by side into lines.
struct LineGrouping {
    private let glyphs: [Component]
    private var parents: [Int32]

    /// - Parameter heights: of glyphs, in pixels; components of other heights are left out.
    init(_ components: [Component], heights: ClosedRange<Int>) {
        glyphs = components.filter { Self.isGlyph($0, heights: heights) }.sorted { $0.minX < $1.minX }
        parents = glyphs.indices.map { Int32($0) }
    }

    /// The glyphs of each line, from left to right.
    mutating func lines() -> [[Component]] {
        link()
        var positions: [Int: Int] = [:]
        var lines: [[Component]] = []
        for index in glyphs.indices {
            let root = Component.find(index, in: &parents)
            if let position = positions[root] {
                lines[position].append(glyphs[index])
            } else {
                positions[root] = lines.count
                lines.append([glyphs[index]])
            }
        }
        return lines
    }

    private static func isGlyph(_ component: Component, heights: ClosedRange<Int>) -> Bool {
        guard heights.contains(component.height), component.area >= 5 else { return false }
        // Letters that touch make a word; a bar is as long and has no strokes across.
        if component.width > 2 * component.height {
            guard component.width <= 40 * component.height else { return false }
            return component.runs * 2 * component.height > component.width * component.height / 2
        }
        return true
    }

    /// A gap of up to this many glyph heights is a space between words.
    private static let widestGap = 1.3

    private mutating func link() {
        let bucketHeight = 16
        var buckets: [Int: [Int]] = [:]
        for index in glyphs.indices {
            let middle = (glyphs[index].minY + glyphs[index].maxY) / 2
            buckets[middle / bucketHeight, default: []].append(index)
        }
        for index in glyphs.indices {
            let glyph = glyphs[index]
            let middle = (glyph.minY + glyph.maxY) / 2
            let reach = Int(Self.widestGap * 2 * Double(glyph.height)) + 1
            let low = (middle - glyph.height) / bucketHeight
            let high = (middle + glyph.height) / bucketHeight
            for bucket in low...max(low, high) {
                guard let others = buckets[bucket] else { continue }
                for other in others.suffix(from: Self.position(after: index, in: others)) {
                    guard glyphs[other].minX <= glyph.maxX + reach else { break }
                    if Self.areNeighbours(glyph, glyphs[other]) { Component.unite(index, other, in: &parents) }
                }
            }
        }
    }

    /// Where indices above `index` begin in an ascending list.
    private static func position(after index: Int, in sorted: [Int]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] <= index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func areNeighbours(_ left: Component, _ right: Component) -> Bool {
        let (small, large) = (min(left.height, right.height), max(left.height, right.height))
        guard Double(large) <= 2.2 * Double(small) + 1 else { return false }
        let overlap = min(left.maxY, right.maxY) - max(left.minY, right.minY)
        guard overlap * 2 >= small else { return false }
        let gap = right.minX - left.maxX
        guard Double(gap) <= widestGap * Double(large), gap > -large else { return false }
        let offset = abs(left.minY + left.maxY - right.minY - right.maxY)
        guard Double(offset) <= 0.8 * Double(large) + 1 else { return false }
        let (weak, strong) = (
            min(left.meanContrast, right.meanContrast), max(left.meanContrast, right.meanContrast)
        )
        return strong <= 2.5 * weak
    }
}

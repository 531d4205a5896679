/// A connected patch of set pixels and the sums that tell strokes from blobs.
struct Component {
    var minX: Int
    var minY: Int
    /// One beyond the last column and row.
    var maxX: Int
    var maxY: Int
    var area: Int
    /// How many horizontal runs of pixels it consists of.
    var runs: Int
    /// Sum and highest of the contrast values under it.
    var contrast: Int
    var peak: Int

    var width: Int { maxX - minX }
    var height: Int { maxY - minY }
    var meanContrast: Double { Double(contrast) / Double(max(area, 1)) }

    /// Mirrored at the main diagonal.
    var transposed: Component {
        var other = self
        (other.minX, other.minY, other.maxX, other.maxY) = (minY, minX, maxY, maxX)
        return other
    }

    mutating func absorb(_ other: Component) {
        (minX, minY) = (min(minX, other.minX), min(minY, other.minY))
        (maxX, maxY) = (max(maxX, other.maxX), max(maxY, other.maxY))
        area += other.area
        runs += other.runs
        contrast += other.contrast
        peak = max(peak, other.peak)
    }

    /// All 8-connected components of the pixels where `mask` isn't 0, in no order.
    ///
    /// - Parameters:
    ///   - contrast: as many bytes as `mask`.
    ///   - limit: pictures with more runs than this are noise and give nothing.
    static func all(in mask: [UInt8], contrast: [UInt8], width: Int, height: Int, limit: Int) -> [Component] {
        var runs: [Component] = []
        var parents: [Int32] = []
        runs.reserveCapacity(4096)
        parents.reserveCapacity(4096)
        var previous = 0..<0
        for row in 0..<height {
            let first = runs.count
            appendRuns(of: row, mask: mask, contrast: contrast, width: width, to: &runs)
            guard runs.count <= limit else { return [] }
            for index in first..<runs.count { parents.append(Int32(index)) }
            var above = previous.lowerBound
            for index in first..<runs.count {
                while above < previous.upperBound, runs[above].maxX < runs[index].minX { above += 1 }
                var touching = above
                while touching < previous.upperBound, runs[touching].minX <= runs[index].maxX {
                    unite(index, touching, in: &parents)
                    touching += 1
                }
            }
            previous = first..<runs.count
        }
        var positions = [Int32](repeating: -1, count: runs.count)
        var components: [Component] = []
        for index in runs.indices {
            let root = find(index, in: &parents)
            if positions[root] < 0 {
                positions[root] = Int32(components.count)
                components.append(runs[index])
            } else {
                components[Int(positions[root])].absorb(runs[index])
            }
        }
        return components
    }

    private static func appendRuns(
        of row: Int, mask: [UInt8], contrast: [UInt8], width: Int, to runs: inout [Component]
    ) {
        let start = row * width
        mask.withUnsafeBufferPointer { mask in
            contrast.withUnsafeBufferPointer { contrast in
                var column = 0
                while column < width {
                    if mask[start &+ column] == 0 {
                        column &+= 1
                        continue
                    }
                    let from = column
                    var (sum, peak) = (0, 0)
                    while column < width, mask[start &+ column] != 0 {
                        let value = Int(contrast[start &+ column])
                        sum &+= value
                        peak = max(peak, value)
                        column &+= 1
                    }
                    runs.append(
                        Component(
                            minX: from, minY: row, maxX: column, maxY: row + 1, area: column - from, runs: 1,
                            contrast: sum, peak: peak))
                }
            }
        }
    }

    static func find(_ index: Int, in parents: inout [Int32]) -> Int {
        var root = index
        while Int(parents[root]) != root { root = Int(parents[root]) }
        var walk = index
        while Int(parents[walk]) != root {
            let next = Int(parents[walk])
            parents[walk] = Int32(root)
            walk = next
        }
        return root
    }

    static func unite(_ first: Int, _ second: Int, in parents: inout [Int32]) {
        let (left, right) = (find(first, in: &parents), find(second, in: &parents))
        if left < right { parents[right] = Int32(left) } else { parents[left] = Int32(right) }
    }
}

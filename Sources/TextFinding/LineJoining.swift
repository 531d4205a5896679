package import DICOMModel

/// Joins regions that continue each other on one line: words far apart, or with a sign between them too small to be
/// seen as a glyph.
package enum LineJoining {
    /// - Parameter standsAlone: whether what lies in a line isn't made of its strokes.
    package static func joined(
        _ regions: [TextRegion], standsAlone: (_ crumb: PixelRegion, _ line: PixelRegion) -> Bool
    ) -> [TextRegion] {
        var result: [TextRegion] = []
        for region in regions.sorted(by: { ($0.region.x, $0.region.y) < ($1.region.x, $1.region.y) }) {
            if let index = result.lastIndex(where: { areOneLine($0, region) }) {
                result[index] = join(result[index], region)
            } else {
                result.append(region)
            }
        }
        return withoutCrumbs(result, standsAlone: standsAlone).sorted {
            ($0.region.y, $0.region.x) < ($1.region.y, $1.region.x)
        }
    }

    /// So many times its own area, and no more, a line takes in at once; of one that was surely read hardly so much can have
    /// been lost. Chosen by hand: see `Models/README.md`.
    private static let (mostGrowth, mostGrowthOfRead) = (12, 1)

    /// Regions that take in what the network marks beside them: letters that the strokes lost, and what stands between
    /// two pieces of an upright line.
    ///
    /// A line that grows by more than a letter wasn't read whole, so that its reading can't speak for it any more. Noise along
    /// an edge is nearly taken for text often enough: what is far larger than the line isn't a part of it, and a marker
    /// doesn't become more than its letter.
    ///
    /// - Parameter alongOnly: whether lines may become longer, but hardly thicker.
    package static func grown(
        _ regions: [TextRegion], by crumbs: [PixelRegion], alongOnly: Bool = false
    ) -> [TextRegion] {
        var (result, left) = (regions, crumbs)
        var isGrowing = !regions.isEmpty
        while isGrowing {
            isGrowing = false
            left.removeAll { crumb in
                let near = crumb.expanded(by: TextNet.cell)
                let fitting = result.indices.filter { index in
                    let region = result[index].region
                    let whole = region.union(crumb)
                    return region.intersects(near) && whole.area * 2 <= 3 * (region.area + crumb.area)
                        && crumb.area <= (regions[index].isSure ? mostGrowthOfRead : mostGrowth) * region.area
                        && (!alongOnly && !regions[index].isMarker || region.continues(as: whole))
                }
                guard let index = fitting.min(by: { result[$0].region.area < result[$1].region.area }) else {
                    return false
                }
                let region = result[index].region
                let whole = region.union(crumb)
                let growth = max(whole.width - region.width, whole.height - region.height)
                if growth * 2 > min(region.width, region.height) { result[index].confidence = 0 }
                result[index].region = whole
                isGrowing = true
                return true
            }
        }
        return result
    }

    /// Strokes of large letters pass for small letters, and letters for others that lie on their side. What lies in a line
    /// that was surely and wholly read goes, unless it is a reading of its own that says something else. Where it is
    /// small text beside large, the large line's reading doesn't speak for all of it.
    package static func withoutCrumbs(
        _ regions: [TextRegion], standsAlone: (_ crumb: PixelRegion, _ line: PixelRegion) -> Bool
    ) -> [TextRegion] {
        var result = regions
        let sure = regions.indices.filter { regions[$0].isSure }
        let isCrumb = regions.map { crumb in
            let isOwn = crumb.confidence >= 0.6 && Plausibility(of: crumb.said).letters >= 4
            let lines = sure.filter { index in
                let line = regions[index]
                let inside = line.region.intersection(crumb.region).area * 5 >= crumb.region.area * 4
                guard inside, line.region.area > crumb.region.area else { return false }
                return !isOwn || line.said.contains(crumb.said)
            }
            let beside = lines.filter {
                !regions[$0].said.contains(crumb.said) && standsAlone(crumb.region, regions[$0].region)
            }
            for index in beside { result[index].confidence = 0 }
            return !lines.isEmpty && beside.isEmpty
        }
        return zip(result, isCrumb).filter { !$0.1 }.map(\.0)
    }

    private static func areOneLine(_ left: TextRegion, _ right: TextRegion) -> Bool {
        // What could be read must not speak for what couldn't: `120 kVp` beside an unreadable name stays apart.
        guard (left.text == nil) == (right.text == nil) else { return false }
        let (first, second) = (left.region, right.region)
        let (low, high) = (min(first.height, second.height), max(first.height, second.height))
        // Upright lines lie across; only level ones are joined.
        guard first.width >= first.height / 2, second.width >= second.height / 2, high * 10 <= low * 16 else {
            return false
        }
        let overlap = min(first.maxY, second.maxY) - max(first.y, second.y)
        let gap = second.x - first.maxX
        return overlap * 10 >= low * 7 && gap * 10 <= high * 13 && gap >= -high / 2
    }

    private static func join(_ left: TextRegion, _ right: TextRegion) -> TextRegion {
        var joined = left
        joined.region = left.region.union(right.region)
        joined.score = max(left.score, right.score)
        joined.confidence = min(left.confidence, right.confidence)
        if let first = left.text, let second = right.text {
            joined.text = Sensitive(first.reveal() + " " + second.reveal())
        }
        return joined
    }
}

extension TextRegion {
    fileprivate var said: String { text?.reveal() ?? "" }

    /// Surely and wholly read.
    fileprivate var isSure: Bool { confidence >= 0.8 && Plausibility(of: said).letters >= 3 || isMarker }

    /// A letter or two, read beyond doubt.
    fileprivate var isMarker: Bool { confidence >= 0.9 && 1...2 ~= Plausibility(of: said).letters }
}

extension PixelRegion {
    /// Whether it is a line, and hardly thicker as a part of `whole`. One letter is no line.
    fileprivate func continues(as whole: PixelRegion) -> Bool {
        let (length, thickness, grown) =
            width >= height ? (width, height, whole.height) : (height, width, whole.width)
        return 2 * length >= 3 * thickness && grown <= thickness + 2 * TextNet.cell
    }
}

import DICOMModel

/// A place where one or several renderings show what may be a line of text, in stored pixels.
struct CandidateLine {
    /// One picture's view of it.
    struct View {
        /// Which of the frame's pictures.
        var picture: Int
        var candidate: TextCandidate
    }

    var region: PixelRegion
    /// The most text-like first; a few only.
    var views: [View]

    /// - Parameter pictures: of the frame, as large as it.
    func evidence(in pictures: [GrayImage]) -> LineEvidence {
        let best = views[0]
        return LineEvidence(
            candidates: views.map(\.candidate),
            repetition: pictures[best.picture].repetition(of: region, isVertical: best.candidate.isVertical))
    }

    /// The best look of its strokes.
    var strokes: Double { views.compactMap(\.candidate.strokes).max() ?? 0 }
    var glyphHeight: Int { views.first?.candidate.glyphHeight ?? 0 }

    /// Whether another line lies in this one and has glyphs of about the same height.
    func covers(_ other: CandidateLine) -> Bool {
        let height = other.glyphHeight
        return height * 2 >= glyphHeight && height <= glyphHeight * 2
            && region.intersection(other.region).area * 10 >= other.region.area * 9
    }

    /// Merges what the renderings show at the same place.
    ///
    /// Small glyphs come first, since several lines of them together look like one line of large ones. A candidate
    /// joins a line whose height it shares and that it overlaps by half; one that lies inside a better line, or is
    /// largely made of smaller ones, is dropped; all others are lines of their own.
    static func merged(_ views: [View], limit: Int) -> [CandidateLine] {
        let bucketHeight = 64
        var buckets: [Int: [Int]] = [:]
        var lines: [CandidateLine] = []
        for view in views.sorted(by: precedes) {
            let box = view.candidate.region
            let rows = box.y / bucketHeight...max(box.y, box.maxY - 1) / bucketHeight
            let near = Set(rows.flatMap { buckets[$0] ?? [] }).sorted()
            let outcome = near.lazy.compactMap { index in
                lines[index].accepts(view) ? index : nil
            }.first
            let covered = near.reduce(0) { sum, index in
                let line = lines[index]
                let isSmaller = line.strokes >= 0.3 && line.glyphHeight * 8 <= view.candidate.glyphHeight * 5
                return sum + (isSmaller ? line.region.intersection(box).area : 0)
            }
            // The strokes of one large letter are no lines, though they look like some: what it reads decides.
            if covered * 5 >= box.area * 2, !view.candidate.isOneGlyph { continue }
            if let index = outcome {
                lines[index].join(view)
                for row in rows where !(buckets[row] ?? []).contains(index) { buckets[row, default: []].append(index) }
            } else if lines.count < limit {
                for row in rows { buckets[row, default: []].append(lines.count) }
                lines.append(CandidateLine(region: box, views: [view]))
            }
        }
        return lines
    }

    /// A total order, so that equal scores give equal results on every run.
    private static func precedes(_ left: View, _ right: View) -> Bool {
        let (first, second) = (left.candidate, right.candidate)
        if band(of: first) != band(of: second) { return band(of: first) < band(of: second) }
        let (one, other) = (first.strokes ?? 0, second.strokes ?? 0)
        if one != other { return one > other }
        if left.picture != right.picture { return left.picture < right.picture }
        if first.region.y != second.region.y { return first.region.y < second.region.y }
        if first.region.x != second.region.x { return first.region.x < second.region.x }
        return first.region.area > second.region.area
    }

    /// By size, in octaves from 24 pixels; what looks hardly like text comes last.
    private static func band(of candidate: TextCandidate) -> Int {
        guard let strokes = candidate.strokes, strokes >= 0.3 else { return 64 }
        var (band, height) = (0, 24)
        while candidate.glyphHeight >= height, band < 16 {
            band += 1
            height *= 2
        }
        return band
    }

    private func accepts(_ view: View) -> Bool {
        let box = view.candidate.region
        let common = region.intersection(box).area
        guard common > 0 else { return false }
        if common * 10 >= box.area * 8 { return true }
        guard let own = views.first?.candidate, own.isVertical == view.candidate.isVertical else { return false }
        let (small, large) = (
            min(own.glyphHeight, view.candidate.glyphHeight), max(own.glyphHeight, view.candidate.glyphHeight)
        )
        guard large <= 2 * small + 2 else { return false }
        return common * 2 >= min(box.area, region.area) && isLevel(with: box, vertical: own.isVertical)
    }

    /// Whether a box extends the line rather than stands on it.
    private func isLevel(with box: PixelRegion, vertical: Bool) -> Bool {
        let (own, other) = vertical ? (region.width, box.width) : (region.height, box.height)
        let joined = region.union(box)
        return 2 * (vertical ? joined.width : joined.height) <= 3 * max(own, other) + 4
    }

    private mutating func join(_ view: View) {
        let box = view.candidate.region
        if let own = views.first?.candidate, own.isVertical == view.candidate.isVertical,
            isLevel(with: box, vertical: own.isVertical)
        {
            region = region.union(box)
        }
        let isNew = !views.contains { $0.candidate.isLightOnDark == view.candidate.isLightOnDark }
        if views.count < 4 || isNew { views.append(view) }
    }
}

extension TextCandidate {
    /// Whether there is room for one large letter only.
    fileprivate var isOneGlyph: Bool { glyphHeight >= 24 && 4 * max(region.width, region.height) <= 5 * glyphHeight }
}

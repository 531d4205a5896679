import DICOMModel

/// Joins regions that continue each other on one line: words far apart, or with a sign between them too small to be
/// seen as a glyph.
enum LineJoining {
    /// - Parameter glyphHeight: of the smallest glyphs; regions lower than twice this aren't lines.
    static func joined(_ regions: [TextRegion], glyphHeight: Int) -> [TextRegion] {
        var result: [TextRegion] = []
        for region in regions.sorted(by: { ($0.region.x, $0.region.y) < ($1.region.x, $1.region.y) }) {
            if let index = result.lastIndex(where: { areOneLine($0.region, region.region) }) {
                result[index] = join(result[index], region)
            } else {
                result.append(region)
            }
        }
        return result.sorted { ($0.region.y, $0.region.x) < ($1.region.y, $1.region.x) }
    }

    private static func areOneLine(_ left: PixelRegion, _ right: PixelRegion) -> Bool {
        let (low, high) = (min(left.height, right.height), max(left.height, right.height))
        // Upright lines lie across; only level ones are joined.
        guard left.width >= left.height / 2, right.width >= right.height / 2, high * 10 <= low * 16 else {
            return false
        }
        let overlap = min(left.maxY, right.maxY) - max(left.y, right.y)
        let gap = right.x - left.maxX
        return overlap * 10 >= low * 7 && gap * 10 <= high * 13 && gap >= -2 * high
    }

    private static func join(_ left: TextRegion, _ right: TextRegion) -> TextRegion {
        var joined = left
        joined.region = left.region.union(right.region)
        joined.score = max(left.score, right.score)
        let overlap = left.region.maxX - right.region.x
        if let first = left.text, let second = right.text {
            // Where they overlap, one is a part or a bad reading of the other.
            if overlap * 2 > min(left.region.width, right.region.width) {
                let better = left.confidence >= right.confidence ? left : right
                (joined.text, joined.confidence) = (better.text, better.confidence)
            } else {
                joined.text = Sensitive(first.reveal() + " " + second.reveal())
                joined.confidence = min(left.confidence, right.confidence)
            }
        } else {
            joined.text = left.text ?? right.text
            joined.confidence = max(left.confidence, right.confidence)
        }
        return joined
    }
}

import DICOMModel

/// Finds where text may stand in a frame, without reading it.
struct TextNetDetector {
    /// A stable name, recorded with every finding.
    let name = "textnet"
    /// In pixels: glyphs of at least this height are looked for.
    let smallestGlyphHeight = 6
    private let networks: TextNets

    /// - Throws: `TextFindingError` `.missingModel`.
    init() throws {
        networks = try TextNets()
    }

    /// The pictures on which the networks mark anything, looked at in `scale` times their size. What several pictures
    /// of a frame show alike is seen in one of them only.
    ///
    /// - Parameter area: where to look; nil means everywhere.
    /// - Throws: `TextFindingError` `.unsupported` where memory ran out.
    func looks(at plans: [RenderingPlan], scale: Double = 1, area: SearchArea? = nil) throws -> [TextLook] {
        let area = area?.enlarged(by: scale)
        var seen = SeenSpans(within: area?.parts)
        return try plans.compactMap { plan in
            if plan.kind.isColourAlone { seen = SeenSpans(within: area?.parts) }
            let picture = plan.image()
            let image =
                scale == 1
                ? picture
                : picture.scaled(
                    toWidth: Int(Double(picture.width) * scale), height: Int(Double(picture.height) * scale))
            var marked = try MarkedCells(image, isEnlarged: scale > 1, networks: networks, seen: &seen)
            for known in area?.known ?? [] { marked.remove(known.expanded(by: TextNet.cell, within: image.bounds)) }
            return marked.isEmpty ? nil : TextLook(picture: picture, image: image, marked: marked, scale: scale)
        }
    }
}

/// Where to look for text in a picture, in its pixels.
struct SearchArea {
    /// What is new.
    var parts: [PixelRegion]
    /// Text that needn't be found again.
    var known: [PixelRegion]

    /// In the pixels of a picture that is larger by a factor.
    func enlarged(by scale: Double) -> SearchArea {
        SearchArea(parts: parts.map { $0.enlarged(by: scale) }, known: known.map { $0.enlarged(by: scale) })
    }
}

/// How many grey levels the pictures of a frame spanned in each cell, at each level of their pyramids.
///
/// A picture that stretches a cell little more than an earlier one did shows the network nothing new there.
package struct SeenSpans {
    private var levels: [[UInt8]] = []
    /// Where alone anything is worth a look, in pixels of the frame; nil means everywhere.
    private let parts: [PixelRegion]?

    package init() { parts = nil }

    init(within parts: [PixelRegion]?) { self.parts = parts }

    /// 1 for each cell of 8 × 8 pixels of one picture, at one level, that is worth a look; remembers them.
    package mutating func seeds(of image: GrayImage, level: Int) -> [UInt8] {
        var spans = TextNet.spans(of: image)
        keepParts(of: &spans, columns: (image.width + 7) / 8, cell: 8 << level)
        guard level < levels.count, levels[level].count == spans.count else {
            while levels.count <= level { levels.append([]) }
            levels[level] = spans
            return spans.map { $0 >= TextNet.leastSpan ? 1 : 0 }
        }
        let seeds = zip(spans, levels[level]).map { span, earlier -> UInt8 in
            guard span >= TextNet.leastSpan else { return 0 }
            // The network sees contrasts of a few grey levels as well as large ones, but not finer than a level.
            let enough = earlier < 12 ? 2 * Int(earlier) : 4 * Int(earlier)
            return Int(span) > enough ? 1 : 0
        }
        for index in spans.indices where seeds[index] == 1 { levels[level][index] = spans[index] }
        return seeds
    }

    /// Takes what lies outside the parts for flat.
    ///
    /// - Parameter cell: the side of a cell in pixels of the frame.
    private func keepParts(of spans: inout [UInt8], columns: Int, cell: Int) {
        guard let parts else { return }
        var kept = [UInt8](repeating: 0, count: spans.count)
        let grid = PixelRegion(x: 0, y: 0, width: columns, height: spans.count / columns)
        for part in parts {
            let (left, top) = (max(part.x, 0) / cell, max(part.y, 0) / cell)
            let cells = PixelRegion(
                x: left, y: top, width: (part.maxX + cell - 1) / cell - left,
                height: (part.maxY + cell - 1) / cell - top
            ).intersection(grid)
            for y in cells.y..<max(cells.y, cells.maxY) {
                let row = y * columns
                for index in row + cells.x..<row + max(cells.x, cells.maxX) { kept[index] = spans[index] }
            }
        }
        spans = kept
    }
}

import DICOMModel

/// Finds where text may stand in a frame, without reading it.
struct TextNetDetector {
    /// A stable name, recorded with every finding.
    let name = "textnet"
    /// In pixels: glyphs of at least this height are looked for.
    let smallestGlyphHeight = 6
    private let network: TextNet

    /// - Throws: `TextFindingError` `.missingModel`.
    init() throws {
        network = try TextNet()
    }

    /// The pictures on which the network marks anything, looked at in `scale` times their size. What several pictures
    /// of a frame show alike is seen in one of them only.
    ///
    /// - Throws: `TextFindingError` `.unsupported` where memory ran out.
    func looks(at plans: [RenderingPlan], scale: Double = 1) throws -> [TextLook] {
        var seen = SeenSpans()
        return try plans.compactMap { plan in
            if plan.kind.isColourAlone { seen = SeenSpans() }
            let picture = plan.image()
            let image =
                scale == 1
                ? picture
                : picture.scaled(
                    toWidth: Int(Double(picture.width) * scale), height: Int(Double(picture.height) * scale))
            let marked = try MarkedCells(image, network: network, seen: &seen)
            return marked.isEmpty ? nil : TextLook(picture: picture, image: image, marked: marked, scale: scale)
        }
    }
}

/// How many grey levels the pictures of a frame spanned in each cell, at each level of their pyramids.
///
/// A picture that stretches a cell little more than an earlier one did shows the network nothing new there.
package struct SeenSpans {
    private var levels: [[UInt8]] = []

    package init() {}

    /// 1 for each cell of 8 × 8 pixels of one picture, at one level, that is worth a look; remembers them.
    package mutating func seeds(of image: GrayImage, level: Int) -> [UInt8] {
        let spans = TextNet.spans(of: image)
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
}

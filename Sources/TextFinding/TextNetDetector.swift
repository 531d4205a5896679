import DICOMModel

/// The network says where text stands; strokes are measured there, and only there, to tell line from line.
///
/// What the network marks and no line of strokes covers is a candidate by itself.
public struct TextNetDetector: TextDetector {
    public let name = "textnet"
    public let smallestGlyphHeight = 6
    private let network: TextNet
    private let strokes = ComponentDetector()

    /// - Throws: `TextFindingError` `.missingModel`.
    public init() throws {
        network = try TextNet()
    }

    /// Strokes are measured around cells with at least these log odds.
    private static let worthMeasuring: Float = -2
    /// Cells of at least these are text without strokes as well.
    private static let certain: Float = 2
    /// Less likely lines cover nothing.
    private static let leastScore = 0.3

    public func candidates(in renderings: [Rendering]) -> [[TextCandidate]] {
        var seen = SeenSpans()
        return renderings.map { rendering in
            if rendering.kind.isColourAlone { seen = SeenSpans() }
            guard let marked = try? MarkedCells(rendering.image, network: network, seen: &seen) else {
                return strokes.candidates(in: rendering.image)
            }
            return candidates(in: rendering.image, marked: marked)
        }
    }

    private func candidates(in image: GrayImage, marked: MarkedCells) -> [TextCandidate] {
        let slanted = marked.places(atLeast: Self.certain).filter(\.isSlanted)
        var lines: [TextCandidate] = slanted.map { $0.candidate(in: image) }
        let surroundings = marked.places(atLeast: Self.worthMeasuring).map { marked.surroundings(of: $0) }
        for box in PixelRegion.united(surroundings) {
            guard let part = image.cropped(to: box) else { continue }
            for var line in strokes.candidates(in: part) {
                line.region.x += box.x
                line.region.y += box.y
                guard !slanted.contains(where: { $0.explains(line) }) else { continue }
                line.support = marked.support(of: line.region)
                if line.score >= Self.leastScore { lines.append(line) }
            }
        }
        lines = Self.withoutCrumbs(lines)
        // What is left over when the lines are taken away.
        var rest = marked
        for line in lines {
            let margin = max(TextNet.cell, line.glyphHeight / 3)
            rest.remove(line.region.expanded(by: margin, within: image.bounds))
        }
        return lines + rest.places(atLeast: Self.certain).map { $0.candidate(in: image) }
    }
}

extension TextNetDetector {
    /// Without what the strokes and the counters of large letters look like. Small lines of their own fill the box
    /// that looks like one large line; crumbs don't.
    private static func withoutCrumbs(_ lines: [TextCandidate]) -> [TextCandidate] {
        var isCrumb = [Bool](repeating: false, count: lines.count)
        for line in lines where (line.strokes ?? 0) >= 0.5 && line.glyphHeight >= 16 {
            let inside = lines.indices.filter { index in
                let small = lines[index]
                return small.glyphHeight * 2 <= line.glyphHeight && small.region.area * 8 <= line.region.area
                    && small.region.intersection(line.region).area * 10 >= small.region.area * 9
            }
            let area = inside.reduce(0) { $0 + lines[$1].region.area }
            if area * 10 < line.region.area * 3 { for index in inside { isCrumb[index] = true } }
        }
        return zip(lines, isCrumb).filter { !$0.1 }.map(\.0)
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

import DICOMModel

/// One picture with what the network marks on it: strokes are measured there, and only there, to tell line from line.
struct TextLook {
    /// As large as the frame.
    let picture: GrayImage
    /// What was looked at: the picture, or a larger one made of it.
    private let image: GrayImage
    private let marked: MarkedCells
    /// Pixels of `image` to a pixel of the frame.
    private let scale: Double

    init(picture: GrayImage, image: GrayImage, marked: MarkedCells, scale: Double) {
        (self.picture, self.image, self.marked, self.scale) = (picture, image, marked, scale)
    }

    /// Lines less text-like than this are no lines.
    private static let leastStrokes = 0.02
    /// A line is one that the network marks at least this much of.
    private static let leastShare = 0.4
    /// What strokes don't show to be a line has to be this strong. Chosen by hand: see `Models/README.md`.
    private static let leastStrengthAlone = 1.5

    /// Lines that strokes make where the network marks text, and slanted ones; in the frame's pixels. They may overlap.
    func lines() -> [TextCandidate] {
        let places = marked.places()
        guard !places.isEmpty else { return [] }
        let slanted = places.filter { $0.isSlanted && $0.support.strength >= Self.leastStrengthAlone }
        var lines: [TextCandidate] = []
        for box in PixelRegion.united(places.map { marked.surroundings(of: $0) }) {
            guard let part = image.cropped(to: box) else { continue }
            for measured in StrokeLines.lines(in: part) {
                var line = measured.candidate(at: (box.x, box.y))
                guard (line.strokes ?? 0) >= Self.leastStrokes, !slanted.contains(where: { $0.explains(line) }) else {
                    continue
                }
                line.support = marked.support(of: line.region)
                guard line.support.share >= Self.leastShare else { continue }
                line.region = marked.extended(line)
                lines.append(line)
            }
        }
        let all = slanted.map { $0.candidate(in: image) } + Self.withoutCrumbs(lines)
        return all.map { $0.reduced(by: scale, within: picture.bounds) }
    }

    /// What the network marks and none of the boxes covers, in the frame's pixels.
    func rest(without regions: [PixelRegion]) -> [TextCandidate] {
        var rest = unmarked(regions, margin: 2)
        rest.weighWhatIsLeft()
        return rest.places().filter { $0.support.strength >= Self.leastStrengthAlone }.map {
            $0.candidate(in: image).reduced(by: scale, within: picture.bounds)
        }
    }

    /// The boxes of what the network marks, or nearly so, and of what it hardly does, beside these boxes, however small; in
    /// the frame's pixels.
    func crumbs(beside regions: [PixelRegion]) -> (near: [PixelRegion], faint: [PixelRegion]) {
        guard !regions.isEmpty else { return ([], []) }
        let enlarged = regions.map { $0.enlarged(by: scale) }
        let rest = unmarked(regions, margin: 0)
        func boxes(_ certainty: MarkedCells.Certainty) -> [PixelRegion] {
            rest.boxes(beside: enlarged, certainty).map { $0.reduced(by: scale, within: picture.bounds) }
        }
        return (boxes(.near), boxes(.faint))
    }

    private func unmarked(_ regions: [PixelRegion], margin: Int) -> MarkedCells {
        var rest = marked
        for region in regions { rest.remove(region.enlarged(by: scale).expanded(by: margin, within: image.bounds)) }
        return rest
    }

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

extension PixelRegion {
    /// In the pixels of a picture that is larger by a factor.
    func enlarged(by scale: Double) -> PixelRegion {
        guard scale != 1 else { return self }
        let (left, top) = (Int(Double(x) * scale), Int(Double(y) * scale))
        let (right, bottom) = (Int((Double(maxX) * scale).rounded(.up)), Int((Double(maxY) * scale).rounded(.up)))
        return PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// In the pixels of a part of the picture.
    func moved(from box: PixelRegion) -> PixelRegion {
        PixelRegion(x: x - box.x, y: y - box.y, width: width, height: height)
    }

    /// In the pixels of a picture that is smaller by a factor.
    fileprivate func reduced(by scale: Double, within bounds: PixelRegion) -> PixelRegion {
        guard scale != 1 else { return self }
        let (left, top) = (Double(x) / scale, Double(y) / scale)
        let (right, bottom) = (Double(maxX) / scale, Double(maxY) / scale)
        return PixelRegion(
            x: Int(left), y: Int(top), width: Int(right.rounded(.up)) - Int(left),
            height: Int(bottom.rounded(.up)) - Int(top)
        ).intersection(bounds)
    }
}

extension TextCandidate {
    /// In the pixels of a picture that is smaller by a factor.
    fileprivate func reduced(by scale: Double, within bounds: PixelRegion) -> TextCandidate {
        guard scale != 1 else { return self }
        var smaller = self
        smaller.region = region.reduced(by: scale, within: bounds)
        smaller.glyphHeight = max(Int(Double(glyphHeight) / scale), 1)
        return smaller
    }
}

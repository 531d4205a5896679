package import DICOMModel

extension GrayImage {
    /// Whether these words are all that stands in a strip: not where another line or another word has room in it, however
    /// faint it may be, nor where there is ink beside them.
    ///
    /// - Parameters:
    ///   - words: where they stand in this picture.
    ///   - glyphHeight: in pixels.
    package func isOneLine(of words: [PixelRegion], glyphHeight: Int) -> Bool {
        // A line with its margins is up to three times as high as its capitals.
        let tallest = words.map(\.height).max() ?? 0
        return height * 2 <= tallest * 7 && gaps(beside: words).allSatisfy { $0.width <= tallest * 5 / 2 }
            && !hasInk(beside: words, glyphHeight: glyphHeight)
    }

    /// Whether something as dark as the words that were read stands beside them, on a line of dark glyphs: of faint
    /// lines, Tesseract leaves out what it can't make out.
    ///
    /// A stretch counts that is longer than a glyph is high and half as dark as the words.
    ///
    /// - Parameters:
    ///   - words: where they stand in this picture.
    ///   - glyphHeight: in pixels.
    package func hasInk(beside words: [PixelRegion], glyphHeight: Int) -> Bool {
        let ground = shade(of: bounds, darkest: 0.75)
        let ink = words.map { ground - shade(of: $0, darkest: 0.05) }.max() ?? 0
        return gaps(beside: words).contains { gap in
            gap.width > glyphHeight && (ground - shade(of: gap, darkest: 0.02)) * 2 >= ink
        }
    }

    /// Whether glyphs of their own stand in a part of a line: two patches of ink or more that lie in it whole. The strokes
    /// of the line's letters reach beyond it.
    ///
    /// - Parameters:
    ///   - crumb: in pixels of this picture, as is `line`.
    package func holdsText(in crumb: PixelRegion, besides line: PixelRegion) -> Bool {
        let whole = line.union(crumb).expanded(by: 2, within: bounds)
        guard let part = cropped(to: whole), let inside = cropped(to: crumb) else { return false }
        let ground = inside.shade(of: inside.bounds, darkest: 0.5)
        let (dark, light) = (
            ground - inside.shade(of: inside.bounds, darkest: 0.03),
            inside.shade(of: inside.bounds, darkest: 0.97) - ground
        )
        let (least, isLight) = (max(max(dark, light) / 2, 3), light > dark)
        let ink = part.pixels.map { pixel -> UInt8 in
            (isLight ? Int(pixel) - ground : ground - Int(pixel)) >= least ? 1 : 0
        }
        let box = crumb.expanded(by: 2, within: bounds)
        let patches = Component.all(
            in: ink, contrast: ink, width: part.width, height: part.height, limit: part.pixels.count)
        return patches.count { patch in
            patch.height * 10 >= crumb.height * 3 && patch.area >= 4
                && patch.minX + whole.x >= box.x && patch.maxX + whole.x <= box.maxX
                && patch.minY + whole.y >= box.y && patch.maxY + whole.y <= box.maxY
        } >= 2
    }

    /// Before the words, between them and after them, as high as the picture.
    private func gaps(beside words: [PixelRegion]) -> [PixelRegion] {
        var read = 0
        return (words.sorted { $0.x < $1.x } + [PixelRegion(x: width, y: 0, width: 0, height: 0)]).map { word in
            defer { read = max(read, word.maxX) }
            return PixelRegion(x: read, y: 0, width: max(word.x - read, 0), height: height)
        }
    }

    /// The grey level that this share of a region's pixels doesn't exceed.
    private func shade(of region: PixelRegion, darkest share: Double) -> Int {
        guard let part = cropped(to: region) else { return 255 }
        var counts = [Int](repeating: 0, count: 256)
        for pixel in part.pixels { counts[Int(pixel)] += 1 }
        var left = Int(Double(part.pixels.count - 1) * share)
        return counts.firstIndex { count in
            left -= count
            return left < 0
        } ?? 255
    }
}

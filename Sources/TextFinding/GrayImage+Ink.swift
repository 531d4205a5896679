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

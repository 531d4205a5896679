package import DICOMModel

extension GrayImage {
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
        var read = 0
        for word in words.sorted(by: { $0.x < $1.x }) + [PixelRegion(x: width, y: 0, width: 0, height: 0)] {
            let gap = PixelRegion(x: read, y: 0, width: word.x - read, height: height)
            if gap.width > glyphHeight, (ground - shade(of: gap, darkest: 0.02)) * 2 >= ink { return true }
            read = max(read, word.maxX)
        }
        return false
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

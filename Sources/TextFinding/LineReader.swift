import DICOMModel

/// Reads single lines, each distinct picture once.
final class LineReader {
    private let reader: TesseractReader
    /// By what was read. Bounded: emptied when full.
    private var remembered: [PixelDigest: Reading?] = [:]
    private let capacity = 8192
    private(set) var readings = 0
    private(set) var rememberedReadings = 0

    init(_ reader: TesseractReader) {
        self.reader = reader
    }

    func forget() { remembered = [:] }

    /// What the best of a candidate's views says; nil where no view can be read.
    ///
    /// - Parameter isLikely: whether the line is likely text by its look.
    func read(
        _ line: CandidateLine, in pictures: [GrayImage], pass: InspectionPass, isLikely: Bool
    ) -> Reading? {
        var best: Reading?
        for (attempt, view) in views(of: line).enumerated() {
            // A second opinion only where the first is poor, a third only where there is reason to expect text.
            if attempt >= 1, (best?.confidence ?? 0) >= 0.75 { break }
            if attempt >= 2, (best?.confidence ?? 0) >= 0.5 || !isLikely { break }
            let reading = read(view, region: line.region, in: pictures[view.picture], pass: pass)
            if let reading, Self.worth(reading) > (best.map(Self.worth) ?? 0) { best = reading }
        }
        return best
    }

    /// The best view, then the best of the other polarity, since the gaps between strokes look like strokes too.
    private func views(of line: CandidateLine) -> [CandidateLine.View] {
        guard let first = line.views.first else { return [] }
        var opposite = line.views.first { $0.candidate.isLightOnDark != first.candidate.isLightOnDark } ?? first
        if opposite.candidate.isLightOnDark == first.candidate.isLightOnDark {
            opposite.candidate.isLightOnDark.toggle()
        }
        let other = line.views.dropFirst().first {
            $0.candidate.isLightOnDark == first.candidate.isLightOnDark && $0.picture != first.picture
        }
        return [first, opposite] + (other.map { [$0] } ?? [])
    }

    /// Longer and surer readings win.
    private static func worth(_ reading: Reading) -> Double {
        let letters = reading.text.unicodeScalars.count { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        return reading.confidence * Double(min(letters, 6) + 1)
    }

    private func read(
        _ view: CandidateLine.View, region: PixelRegion, in image: GrayImage, pass: InspectionPass
    ) -> Reading? {
        let candidate = view.candidate
        let margin = max(candidate.glyphHeight / 3, 2)
        guard var crop = image.cropped(to: region.expanded(by: margin, within: image.bounds)) else { return nil }
        if candidate.isLightOnDark { crop = crop.inverted() }
        let target = pass == .inspection ? 30.0 : 36.0
        func level(_ picture: GrayImage, slope: Double) -> GrayImage {
            abs(slope) < 0.04 ? picture : picture.levelled(slope: slope, height: candidate.glyphHeight * 3 / 2 + 4)
        }
        if !candidate.isVertical {
            return read(level(crop, slope: candidate.slope), glyphHeight: candidate.glyphHeight, target: target)
        }
        let (rising, falling) = (crop.turned(clockwise: true), crop.turned(clockwise: false))
        let upwards = read(
            level(rising, slope: -candidate.slope), glyphHeight: candidate.glyphHeight, target: target)
        let downwards = read(
            level(falling, slope: -candidate.slope), glyphHeight: candidate.glyphHeight, target: target)
        guard let upwards, let downwards else { return upwards ?? downwards }
        return Self.worth(upwards) >= Self.worth(downwards) ? upwards : downwards
    }

    /// A crop of dark glyphs on a light ground.
    private func read(_ crop: GrayImage, glyphHeight: Int, target: Double) -> Reading? {
        let key = PixelDigest(crop, salt: Int(target) << 16 | min(glyphHeight, 65535))
        if let known = remembered[key] {
            rememberedReadings += 1
            return known
        }
        let scale = min(target / Double(max(glyphHeight, 4)), 8)
        let width = min(max(Int(Double(crop.width) * scale), 8), 4096)
        let height = min(max(Int(Double(crop.height) * scale), 8), 512)
        let strip = crop.scaled(toWidth: width, height: height).stretched().bordered(by: 10)
        let words = reader.words(in: strip, layout: .line).flatMap(\.self)
        readings += 1
        var reading: Reading?
        if !words.isEmpty {
            let letters = words.map { Double($0.text.count) }
            let sum = zip(words, letters).reduce(0) { $0 + $1.0.confidence * $1.1 }
            reading = Reading(
                text: words.map(\.text).joined(separator: " "), confidence: sum / letters.reduce(0, +),
                region: crop.bounds, isWhole: strip.isOneLine(of: words.map(\.region), glyphHeight: Int(target)))
        }
        if remembered.count >= capacity { remembered = [:] }
        remembered[key] = reading
        return reading
    }
}

/// Stands for the pixels of a picture: a hash of 64 bits under a secret of this process, and the size.
struct PixelDigest: Hashable {
    private let bytes: BytesDigest
    private let salt: Int
    private let width: Int
    private let height: Int

    init(_ image: GrayImage, salt: Int) {
        self.init(image.pixels, width: image.width, height: image.height, salt: salt)
    }

    init(_ bytes: [UInt8], width: Int, height: Int, salt: Int) {
        (self.width, self.height, self.salt) = (width, height, salt)
        self.bytes = BytesDigest(bytes)
    }
}

extension GrayImage {
    /// From the darkest to the lightest pixel.
    func stretched() -> GrayImage {
        let (low, high) = (Int(pixels.min() ?? 0), Int(pixels.max() ?? 0))
        guard high > low, high - low < 250 else { return self }
        let table = (0..<256).map { UInt8(min(max(($0 - low) * 255 / (high - low), 0), 255)) }
        return GrayImage(checkedWidth: width, height: height, pixels: pixels.map { table[Int($0)] })
    }

    /// With a frame in the shade that most of its edge has.
    func bordered(by margin: Int) -> GrayImage {
        let edge = (pixels.prefix(width) + pixels.suffix(width)).sorted()
        let shade = edge[edge.count * 3 / 4]
        let wide = width + 2 * margin
        var result = [UInt8](repeating: shade, count: wide * (height + 2 * margin))
        for row in 0..<height {
            let start = (row + margin) * wide + margin
            result.replaceSubrange(start..<start + width, with: pixels[row * width..<(row + 1) * width])
        }
        return GrayImage(checkedWidth: wide, height: height + 2 * margin, pixels: result)
    }

    /// Turned about its middle so that a slanted line there becomes level, and cut to `height` around it.
    func levelled(slope: Double, height newHeight: Int) -> GrayImage {
        let sorted = pixels.sorted()
        let ground = sorted[sorted.count * 3 / 4]
        let length = (1 + slope * slope).squareRoot()
        let (cosine, sine) = (1 / length, slope / length)
        // As long as the picture's diagonal in that direction.
        let newWidth = min(Int(Double(width) * length) + 1, width + height)
        var result = [UInt8](repeating: ground, count: newWidth * newHeight)
        let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
        for row in 0..<newHeight {
            let down = Double(row) - Double(newHeight - 1) / 2
            for column in 0..<newWidth {
                let along = Double(column) - Double(newWidth - 1) / 2
                let (x, y) = (middleX + along * cosine - down * sine, middleY + along * sine + down * cosine)
                let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
                guard left >= 0, top >= 0, left + 1 < width, top + 1 < height else { continue }
                let (right, below) = (x - Double(left), y - Double(top))
                let start = top * width + left
                let upper = Double(pixels[start]) * (1 - right) + Double(pixels[start + 1]) * right
                let lower = Double(pixels[start + width]) * (1 - right) + Double(pixels[start + width + 1]) * right
                result[row * newWidth + column] = UInt8(upper * (1 - below) + lower * below)
            }
        }
        return GrayImage(checkedWidth: newWidth, height: newHeight, pixels: result)
    }
}

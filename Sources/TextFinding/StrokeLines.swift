import DICOMModel

/// Finds lines by connected strokes of local contrast, light and dark, level and upright, on a pyramid.
enum StrokeLines {
    /// Every group of strokes with what was measured on it, in pixels of `image`.
    static func lines(in image: GrayImage) -> [MeasuredLine] {
        var lines: [MeasuredLine] = []
        var level = image
        var factor = 1
        while true {
            for isLight in [true, false] {
                lines += Self.lines(in: level, isLight: isLight, factor: factor)
            }
            guard min(level.width, level.height) >= 64, let half = level.halved() else { break }
            level = half
            factor *= 2
        }
        return lines
    }

    /// Strokes up to six pixels wide at each level.
    private static let strokeSquare = 7
    /// Strokes are held against the strongest contrast this near.
    private static let neighbourhood = 17

    private static func lines(in image: GrayImage, isLight: Bool, factor: Int) -> [MeasuredLine] {
        let contrast = Morphology.topHat(isLight ? image : image.inverted(), size: strokeSquare)
        let noise = median(of: contrast.pixels)
        let least = UInt8(min(max(10, noise * 3), 120))
        let strongest = Morphology.dilated(contrast, size: neighbourhood)
        let mask = StrokeMask(contrast: contrast, strongest: strongest, least: least)
        let components = Component.all(
            in: mask.pixels, contrast: contrast.pixels, width: image.width, height: image.height,
            limit: image.pixels.count / 6)
        let heights = factor == 1 ? 5...44 : 12...44
        var grouping = LineGrouping(components, heights: heights)
        var lines = grouping.lines().map {
            MeasuredLine($0, mask: mask, noise: noise, factor: factor, isLightOnDark: isLight, isVertical: false)
        }
        var upright = LineGrouping(components.map(\.transposed), heights: heights)
        lines += upright.lines().filter { $0.count >= 3 }.map {
            MeasuredLine($0, mask: mask, noise: noise, factor: factor, isLightOnDark: isLight, isVertical: true)
        }
        return lines
    }

    private static func median(of pixels: [UInt8]) -> Int {
        var bins = [Int](repeating: 0, count: 256)
        for pixel in pixels { bins[Int(pixel)] += 1 }
        var seen = 0
        for level in 0..<256 {
            seen += bins[level]
            if seen * 2 >= pixels.count { return level }
        }
        return 255
    }
}

/// Which pixels belong to strokes, with sums over boxes.
struct StrokeMask {
    let width: Int
    let height: Int
    let pixels: [UInt8]
    /// Of `width + 1` columns: how many pixels are set above and to the left.
    private let sums: [Int32]

    /// Contrast of at least `least`, and at least 45 % of the strongest nearby: of one colour's strokes, all of a
    /// glyph and not its soft edge.
    init(contrast: GrayImage, strongest: GrayImage, least: UInt8) {
        (width, height) = (contrast.width, contrast.height)
        pixels = [UInt8](unsafeUninitializedCapacity: contrast.pixels.count) { target, count in
            contrast.pixels.withUnsafeBufferPointer { contrast in
                strongest.pixels.withUnsafeBufferPointer { strongest in
                    for index in 0..<contrast.count {
                        let value = contrast[index]
                        let isStrong = UInt16(value) &* 256 >= UInt16(strongest[index]) &* 115
                        target[index] = value >= least && isStrong ? 1 : 0
                    }
                }
            }
            count = contrast.pixels.count
        }
        let (columns, rows) = (width, height)
        sums = pixels.withUnsafeBufferPointer { pixels in
            [Int32](unsafeUninitializedCapacity: (columns + 1) * (rows + 1)) { sums, count in
                for column in 0...columns { sums[column] = 0 }
                for row in 0..<rows {
                    let start = (row + 1) * (columns + 1)
                    sums[start] = 0
                    var line: Int32 = 0
                    for column in 0..<columns {
                        line &+= Int32(pixels[row &* columns &+ column])
                        sums[start &+ column &+ 1] = sums[start &+ column &- columns] &+ line
                    }
                }
                count = (columns + 1) * (rows + 1)
            }
        }
    }

    /// How many pixels are set inside the box, and the box's size after clipping.
    func count(in box: PixelRegion) -> (set: Int, area: Int) {
        let inside = box.intersection(PixelRegion(x: 0, y: 0, width: width, height: height))
        guard !inside.isEmpty else { return (0, 0) }
        func sum(_ x: Int, _ y: Int) -> Int { Int(sums[y * (width + 1) + x]) }
        let set =
            sum(inside.maxX, inside.maxY) - sum(inside.x, inside.maxY) - sum(inside.maxX, inside.y)
            + sum(inside.x, inside.y)
        return (set, inside.area)
    }
}

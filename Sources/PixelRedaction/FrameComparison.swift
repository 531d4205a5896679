import DICOMModel

/// Compares the stored values of one frame, inside and outside of the masked regions.
struct FrameComparison {
    let old: NativeFrame
    let new: NativeFrame
    let regions: [PixelRegion]
    let rendering: RenderingDescription
    /// Bits of a sample in the stream, where it is lossy JPEG.
    let lossyPrecision: Int?

    struct Outcome: Hashable {
        var outsideChanged = false
        var insideNotFilled = false
    }

    /// What a decoder may differ from the fill inside lossy JPEG: the inverse transform's rounding.
    private static let rounding = 2

    /// Where a pixel lies: its bit 0 says inside, its bit 1 says next to the border of a region.
    private enum Place {
        static let inside: UInt8 = 1
        static let ring: UInt8 = 2
    }

    func run() -> Outcome {
        var outcome = Outcome()
        let places = placeMap()
        if new.description.isFloat {
            compareFloats(places, &outcome)
            return outcome
        }
        let fill = expectedFill
        let columns = new.description.columns
        for row in 0..<new.description.rows {
            let pixels = (row * columns)..<((row + 1) * columns)
            let isTouched = !places.isEmpty && places[pixels].contains { $0 != 0 }
            if !isTouched, hasSameBytes(pixels) { continue }
            compare(pixels, places, fill, &outcome)
        }
        return outcome
    }

    /// Whether a row's bytes are the same in both, which makes its values the same; false for 1-bit frames.
    private func hasSameBytes(_ pixels: Range<Int>) -> Bool {
        let description = new.description
        guard description.bitsAllocated >= 8 else { return false }
        let width = description.bitsAllocated / 8
        let planes = description.isPlanar ? description.samplesPerPixel : 1
        let samples = description.isNative422 ? 2 : description.samplesPerPixel / planes
        return (0..<planes).allSatisfy { plane in
            let start = plane * description.pixelsPerFrame
            let range = (start + pixels.lowerBound) * samples * width..<(start + pixels.upperBound) * samples * width
            return old.bytes[range] == new.bytes[range]
        }
    }

    private func compare(
        _ pixels: Range<Int>, _ places: [UInt8], _ expected: (values: [Int], tolerance: Int), _ outcome: inout Outcome
    ) {
        let description = new.description
        let layout = StoredBits(description)
        let width = layout.bytesPerSample
        let offsets = SampleOffsets(description)
        for pixel in pixels {
            let place = places.isEmpty ? 0 : places[pixel]
            for channel in 0..<description.samplesPerPixel where channel == 0 || place & Place.ring == 0 {
                let value: Int
                let original: Int
                if description.bitsAllocated == 1 {
                    value = Int(new.bytes[pixel / 8] >> UInt8(pixel % 8) & 1)
                    original = Int(old.bytes[pixel / 8] >> UInt8(pixel % 8) & 1)
                } else {
                    let offset = offsets.offset(pixel: pixel, channel: channel)
                    value = layout.value(new.bytes.word(at: offset, bytes: width))
                    original = layout.value(old.bytes.word(at: offset, bytes: width))
                }
                if place & Place.inside != 0 {
                    if abs(value - expected.values[channel]) > expected.tolerance { outcome.insideNotFilled = true }
                } else if value != original {
                    outcome.outsideChanged = true
                }
            }
        }
    }

    /// Bit for bit: what is no number has many forms, and none equals itself.
    private func compareFloats(_ places: [UInt8], _ outcome: inout Outcome) {
        let width = new.description.bitsAllocated / 8
        let word = FillRule(description: new.description, rendering: rendering).floatWord(in: old)
        let fill = (0..<width).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        for pixel in 0..<new.description.pixelsPerFrame {
            let bytes = pixel * width..<(pixel + 1) * width
            if !places.isEmpty, places[pixel] & Place.inside != 0 {
                if !new.bytes[bytes].elementsEqual(fill) { outcome.insideNotFilled = true }
            } else if new.bytes[bytes] != old.bytes[bytes] {
                outcome.outsideChanged = true
            }
        }
    }

    private var expectedFill: (values: [Int], tolerance: Int) {
        let rule = FillRule(description: new.description, rendering: rendering)
        if let lossyPrecision, new.description.photometricInterpretation.isMonochrome {
            let lossy = rule.lossyJPEG(precision: lossyPrecision)
            return ([lossy.fill], lossy.tolerance)
        }
        return (rule.values(in: old), lossyPrecision == nil ? 0 : Self.rounding)
    }

    /// A byte a pixel; empty where there is no region.
    private func placeMap() -> [UInt8] {
        guard !regions.isEmpty else { return [] }
        let bounds = new.description.bounds
        var map = [UInt8](repeating: 0, count: new.description.pixelsPerFrame)
        let boxes = regions.map { $0.intersection(bounds) }.filter { !$0.isEmpty }
        for box in boxes {
            for row in box.y..<box.maxY {
                for pixel in (row * bounds.width + box.x)..<(row * bounds.width + box.maxX) {
                    map[pixel] = Place.inside
                }
            }
        }
        if lossyPrecision != nil, new.description.photometricInterpretation.isYBR {
            for box in boxes { markRing(of: box, in: &map) }
        }
        return map
    }

    /// Pixels on both sides of a box's border, where decoders may interpolate the colour differences.
    private func markRing(of box: PixelRegion, in map: inout [UInt8]) {
        let bounds = new.description.bounds
        let outer = box.expanded(by: 1, within: bounds)
        for row in outer.y..<outer.maxY {
            let isEdgeRow = row <= box.y || row >= box.maxY - 1
            for column in outer.x..<outer.maxX where isEdgeRow || column <= box.x || column >= box.maxX - 1 {
                map[row * bounds.width + column] |= Place.ring
            }
        }
    }
}

import DICOMModel

/// What masking does to one frame: boxes, already aligned and cut to the frame, and the words to put there.
struct FrameMask: Hashable, Sendable {
    let regions: [PixelRegion]
    /// One word for each channel.
    let words: [UInt64]

    /// - Parameter fill: stored values.
    init(regions: [PixelRegion], fill: [Int], description: PixelDescription, extendsSign: Bool = true) {
        let layout = StoredBits(description)
        self.regions = regions
        words = fill.map { value in
            let word = layout.word(value)
            return UInt64(extendsSign ? word : word & layout.storedMask)
        }
    }

    /// - Parameter words: as they are put there, one for each channel.
    init(regions: [PixelRegion], words: [UInt64]) {
        self.regions = regions
        self.words = words
    }

    /// Masks `bytes`, which are the part of the frame that begins at byte `start` of it (8 or more bits allocated).
    func apply(to bytes: inout [UInt8], startingAt start: Int, description: PixelDescription) {
        for run in runs(description) { run.write(to: &bytes, startingAt: start) }
    }

    /// Masks a frame of 1 bit that begins `firstBit` bits before (negative) or after the first bit of `bytes`.
    func applyBits(to bytes: inout [UInt8], firstBit: Int, description: PixelDescription) {
        let isSet = (words.first ?? 0) & 1 == 1
        let count = bytes.count * 8
        for region in regions {
            for row in region.y..<region.maxY {
                let begin = firstBit + row * description.columns + region.x
                let visible = (begin..<(begin + region.width)).clamped(to: 0..<count)
                for bit in visible {
                    let flag = UInt8(1) << UInt8(bit % 8)
                    if isSet { bytes[bit / 8] |= flag } else { bytes[bit / 8] &= ~flag }
                }
            }
        }
    }

    // MARK: - Runs

    /// Bytes of a frame that a repeated pattern replaces.
    private struct Run {
        let start: Int
        let count: Int
        let pattern: [UInt8]

        func write(to bytes: inout [UInt8], startingAt origin: Int) {
            let visible = (start..<(start + count)).clamped(to: origin..<(origin + bytes.count))
            for place in visible { bytes[place - origin] = pattern[(place - start) % pattern.count] }
        }
    }

    private func runs(_ description: PixelDescription) -> [Run] {
        let width = max(1, description.bitsAllocated / 8)
        let channels = words.map { word in (0..<width).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
        guard channels.count >= description.samplesPerPixel else { return [] }
        return regions.flatMap { region -> [Run] in
            guard !region.isEmpty else { return [] }
            return (region.y..<region.maxY).flatMap { row -> [Run] in
                let pixel = row * description.columns + region.x
                if description.isNative422 {
                    let pattern = channels[0] + channels[0] + channels[1] + channels[2]
                    return [Run(start: pixel * 2 * width, count: region.width * 2 * width, pattern: pattern)]
                }
                if description.isPlanar {
                    return (0..<description.samplesPerPixel).map { channel in
                        Run(
                            start: (channel * description.pixelsPerFrame + pixel) * width,
                            count: region.width * width, pattern: channels[channel])
                    }
                }
                let pixelWidth = description.samplesPerPixel * width
                let pattern = channels.prefix(description.samplesPerPixel).flatMap { $0 }
                return [Run(start: pixel * pixelWidth, count: region.width * pixelWidth, pattern: pattern)]
            }
        }
    }
}

extension NativeFrame {
    /// The frame with the boxes of `mask` filled.
    func masked(_ mask: FrameMask) -> NativeFrame {
        var result = self
        if description.bitsAllocated == 1 {
            mask.applyBits(to: &result.bytes, firstBit: 0, description: description)
        } else {
            mask.apply(to: &result.bytes, startingAt: 0, description: description)
        }
        return result
    }
}

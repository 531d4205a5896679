import DICOMModel

/// Made-up frames: a slope with noise and flat patches, the same on every run.
enum SyntheticFrame {
    static func make(_ description: PixelDescription, seed: UInt32 = 1) -> NativeFrame {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int(state >> 8) % max(bound, 1)
        }
        let width = description.bitsAllocated / 8
        let range = 1 << description.bitsStored
        let count = description.pixelsPerFrame * description.samplesPerPixel
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * width)
        for index in 0..<count {
            let slope = index * (range - 1) / count
            var value = (index / 97) % 5 == 0 ? slope : (slope + random(range / 4 + 1)) % range
            if index % 211 == 0 { value = index % 2 == 0 ? 0 : range - 1 }
            if description.isSigned { value -= range / 2 }
            for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
        }
        return NativeFrame(description: description, bytes: bytes)
    }

    /// Random bits in every sample: as hard to compress as a frame can be.
    static func noise(_ description: PixelDescription, seed: UInt32 = 7) -> NativeFrame {
        var state = seed
        let bytes = (0..<description.bytesPerFrame).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 16)
        }
        return NativeFrame(description: description, bytes: bytes)
    }
}

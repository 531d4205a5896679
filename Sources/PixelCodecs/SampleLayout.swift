import DICOMModel

/// Between stored values as the Data Set lays them out and samples as codecs hold them: interleaved, in one byte up
/// to 8 bits of precision, in two up to 16, in four beyond.
enum SampleLayout {
    /// Bytes of one sample in a codec.
    static func width(precision: Int) -> Int { precision <= 8 ? 1 : precision <= 16 ? 2 : 4 }

    /// Widens a codec's samples to Bits Allocated.
    /// - Parameters:
    ///   - precision: at most `description.bitsAllocated`.
    ///   - isSigned: whether the codec's samples are two's complement over their whole width already. If they aren't
    ///     and the description is signed, the sign is taken from bit `precision − 1`.
    static func stored(
        _ samples: [UInt8], precision: Int, isSigned: Bool, as description: PixelDescription
    ) -> [UInt8] {
        let source = width(precision: precision)
        let target = description.bitsAllocated / 8
        let signBits = isSigned ? source * 8 : description.isSigned ? precision : 0
        if source == target, signBits == 0 || signBits == source * 8 { return samples }
        let count = samples.count / source
        return [UInt8](unsafeUninitializedCapacity: count * target) { bytes, initialized in
            for index in 0..<count {
                var value: UInt32 = 0
                for byte in 0..<source { value |= UInt32(samples[index * source + byte]) << UInt32(8 * byte) }
                if signBits > 0 { value = signExtended(value, from: signBits) }
                for byte in 0..<target {
                    bytes[index * target + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))
                }
            }
            initialized = count * target
        }
    }

    /// Narrows stored values to a codec's samples.
    /// - Parameters:
    ///   - isSigned: whether the codec wants two's complement over the whole width; otherwise the low `precision` bits.
    /// - Throws: `.unrepresentable` for a value that wouldn't come back as it was.
    static func samples(of frame: NativeFrame, precision: Int, isSigned: Bool) throws -> [UInt8] {
        let description = frame.description
        let bytes = interleaved(frame)
        let source = description.bitsAllocated / 8
        let target = width(precision: precision)
        if source == target, precision == description.bitsAllocated { return bytes }
        let mask = mask(precision)
        let count = bytes.count / source
        var fits = true
        let result = [UInt8](unsafeUninitializedCapacity: count * target) { samples, initialized in
            for index in 0..<count {
                let stored = value(in: bytes, at: index, width: source, isSigned: description.isSigned)
                let low = stored & mask
                let back = description.isSigned ? signExtended(low, from: precision) : low
                if back != stored { fits = false }
                let sample = isSigned ? back : low
                for byte in 0..<target {
                    samples[index * target + byte] = UInt8(truncatingIfNeeded: sample >> UInt32(8 * byte))
                }
            }
            initialized = count * target
        }
        guard fits else {
            throw PixelCodecError(.unrepresentable, "a stored value needs more than the stream's \(precision) bits")
        }
        return result
    }

    /// The precision for a new stream: Bits Stored where all values fit, else Bits Allocated. DCMTK reads no JPEG
    /// Lossless and JPEG-LS streams of fewer than 8 bits.
    static func precision(for frame: NativeFrame, atLeast minimum: Int) -> Int {
        let description = frame.description
        let wanted = max(description.bitsStored, minimum)
        guard wanted < description.bitsAllocated else { return description.bitsAllocated }
        let width = description.bitsAllocated / 8
        let mask = mask(wanted)
        for index in 0..<(frame.bytes.count / width) {
            let stored = value(in: frame.bytes, at: index, width: width, isSigned: description.isSigned)
            let back = description.isSigned ? signExtended(stored & mask, from: wanted) : stored & mask
            if back != stored { return description.bitsAllocated }
        }
        return wanted
    }

    /// RGBRGB… whatever the frame's planar configuration.
    static func interleaved(_ frame: NativeFrame) -> [UInt8] {
        let description = frame.description
        guard description.isPlanar, description.samplesPerPixel > 1 else { return frame.bytes }
        return interleaved(
            frame.bytes, samplesPerPixel: description.samplesPerPixel, width: description.bitsAllocated / 8)
    }

    static func interleaved(_ bytes: [UInt8], samplesPerPixel: Int, width: Int) -> [UInt8] {
        let pixels = bytes.count / (samplesPerPixel * width)
        return [UInt8](unsafeUninitializedCapacity: pixels * samplesPerPixel * width) { target, initialized in
            var position = 0
            for pixel in 0..<pixels {
                for sample in 0..<samplesPerPixel {
                    for byte in 0..<width {
                        target[position] = bytes[(sample * pixels + pixel) * width + byte]
                        position += 1
                    }
                }
            }
            initialized = position
        }
    }
}

extension SampleLayout {
    private static func mask(_ bits: Int) -> UInt32 { bits >= 32 ? .max : (1 << UInt32(bits)) - 1 }

    private static func signExtended(_ value: UInt32, from bits: Int) -> UInt32 {
        let shift = UInt32(32 - min(max(bits, 1), 32))
        return UInt32(bitPattern: Int32(bitPattern: value << shift) >> Int32(shift))
    }

    private static func value(in bytes: [UInt8], at index: Int, width: Int, isSigned: Bool) -> UInt32 {
        var value: UInt32 = 0
        for byte in 0..<width { value |= UInt32(bytes[index * width + byte]) << UInt32(8 * byte) }
        return isSigned ? signExtended(value, from: width * 8) : value
    }
}

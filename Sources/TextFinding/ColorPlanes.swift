import DICOMModel

/// Red, green and blue of a frame, one byte each a pixel.
struct ColorPlanes {
    var width: Int
    var height: Int
    var red: [UInt8]
    var green: [UInt8]
    var blue: [UInt8]

    /// A frame of three samples a pixel: RGB, or YBR turned into it (PS3.3 C.7.6.3.1.2).
    init(samplesOf frame: NativeFrame) throws {
        let description = frame.description
        guard description.rows > 0, description.columns > 0, description.rows <= 1 << 16,
            description.columns <= 1 << 16, description.bytesPerFrame <= frame.bytes.count
        else { throw TextFindingError(.malformedFrame, "the frame holds fewer bytes than its description asks for") }
        guard description.samplesPerPixel == 3, [8, 16, 32].contains(description.bitsAllocated) else {
            throw TextFindingError(
                .unsupported,
                "\(description.samplesPerPixel) samples of \(description.bitsAllocated) bits can't be rendered")
        }
        (width, height) = (description.columns, description.rows)
        var planes: [[UInt8]]
        switch description.photometricInterpretation {
        case .ybrFull422: planes = try Self.subsampled(frame)
        case .rgb, .ybrFull, .ybrICT, .ybrRCT, .other: planes = Self.full(frame)
        default:
            throw TextFindingError(.unsupported, "this Photometric Interpretation can't be rendered in native form")
        }
        if [.ybrFull, .ybrFull422].contains(description.photometricInterpretation) {
            Self.convertToRGB(&planes)
        }
        (red, green, blue) = (planes[0], planes[1], planes[2])
    }

    /// A frame whose values are indices of a palette (PS3.3 C.7.6.3.1.5).
    init(_ values: StoredValues, palette: RenderingDescription.Palette) {
        (width, height) = (values.width, values.height)
        (red, green, blue) = (
            Self.apply(palette.red, to: values), Self.apply(palette.green, to: values),
            Self.apply(palette.blue, to: values)
        )
    }

    private static func apply(_ table: LookupTable, to values: StoredValues) -> [UInt8] {
        // Some files state 16 bits and store bytes; then the high byte would be 0 everywhere.
        let highest = table.entries.max() ?? 0
        let shift = table.bitsPerEntry > 8 && highest > 255 ? 8 : 0
        var lookup = [UInt8](repeating: 0, count: values.histogram.count)
        for index in values.present {
            let value = Int(min(max(values.value(index), -65536), 131071))
            lookup[Int(index)] = UInt8(truncatingIfNeeded: min((table[value] ?? 0) >> shift, 255))
        }
        return values.indices.withUnsafeBufferPointer { source in
            lookup.withUnsafeBufferPointer { lookup in
                [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                    for index in 0..<source.count { target[index] = lookup[Int(source[index])] }
                    count = source.count
                }
            }
        }
    }

    private static func full(_ frame: NativeFrame) -> [[UInt8]] {
        let description = frame.description
        let count = description.pixelsPerFrame
        let size = description.bitsAllocated / 8
        let (step, planeStep) = description.isPlanar ? (size, count * size) : (3 * size, size)
        let shift = UInt32(min(max(description.highBit - 7, 0), 24))
        return frame.bytes.withUnsafeBytes { source in
            (0..<3).map { plane in
                [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
                    var offset = plane * planeStep
                    for index in 0..<count {
                        if size == 1 {
                            target[index] = source[offset]
                        } else {
                            var word = UInt32(source[offset]) | UInt32(source[offset + 1]) << 8
                            if size == 4 {
                                word |= UInt32(source[offset + 2]) << 16 | UInt32(source[offset + 3]) << 24
                            }
                            target[index] = UInt8(truncatingIfNeeded: min(word &>> shift, 255))
                        }
                        offset &+= step
                    }
                    initialized = count
                }
            }
        }
    }

    /// Y0 Y1 CB CR for two pixels of a row.
    private static func subsampled(_ frame: NativeFrame) throws -> [[UInt8]] {
        let description = frame.description
        guard description.bitsAllocated == 8, description.columns % 2 == 0 else {
            throw TextFindingError(.unsupported, "native 4:2:2 of odd width or of more than 8 bits can't be rendered")
        }
        let count = description.pixelsPerFrame
        var planes = [[UInt8]](repeating: [UInt8](repeating: 0, count: count), count: 3)
        for pair in 0..<count / 2 {
            for pixel in 0..<2 {
                planes[0][pair * 2 + pixel] = frame.bytes[pair * 4 + pixel]
                planes[1][pair * 2 + pixel] = frame.bytes[pair * 4 + 2]
                planes[2][pair * 2 + pixel] = frame.bytes[pair * 4 + 3]
            }
        }
        return planes
    }

    private static func convertToRGB(_ planes: inout [[UInt8]]) {
        let count = planes[0].count
        var (first, second, third) = (planes[0], planes[1], planes[2])
        first.withUnsafeMutableBufferPointer { first in
            second.withUnsafeMutableBufferPointer { second in
                third.withUnsafeMutableBufferPointer { third in
                    for index in 0..<count {
                        // 1.402, 0.344136, 0.714136 and 1.772 in units of 1 / 65536.
                        let luminance = Int32(first[index]) << 16 &+ 32768
                        let blueness = Int32(second[index]) &- 128
                        let redness = Int32(third[index]) &- 128
                        first[index] = Self.clamp((luminance &+ 91881 &* redness) >> 16)
                        second[index] = Self.clamp((luminance &- 22554 &* blueness &- 46802 &* redness) >> 16)
                        third[index] = Self.clamp((luminance &+ 116130 &* blueness) >> 16)
                    }
                }
            }
        }
        planes = [first, second, third]
    }

    private static func clamp(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(max(value, 0), 255)) }
}

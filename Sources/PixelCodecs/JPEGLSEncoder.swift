/// Lossless JPEG-LS (ISO 14495-1, NEAR = 0): one scan, colour interleaved by line.
///
/// Our own, because GDCM 3.0.21 writes only 8 and 16 bits of precision and refuses some frames of noise.
struct JPEGLSEncoder {
    let columns: Int
    let rows: Int
    let components: Int
    /// 2 to 16 bits.
    let precision: Int

    /// - Parameter samples: interleaved, one byte each up to 8 bits, else two in little endian; none above
    ///   `2^precision − 1`.
    func encode(_ samples: [UInt8]) -> [UInt8] {
        var scan = JPEGLSScan(precision: precision, header: header, capacity: samples.count)
        // One sample before the line, one after it.
        var previous = [[Int32]](repeating: [Int32](repeating: 0, count: columns + 2), count: components)
        var current = previous[0]
        var runIndexes = [Int](repeating: 0, count: components)
        for row in 0..<rows {
            for component in 0..<components {
                load(samples, row: row, component: component, into: &current)
                // The borders of A.2.1: Ra of the first sample is the one above it, Rd of the last its Rb.
                current[0] = previous[component][1]
                previous[component][columns + 1] = previous[component][columns]
                scan.append(current, above: previous[component], columns: columns, runIndex: &runIndexes[component])
                swap(&current, &previous[component])
            }
        }
        return scan.finished()
    }

    private func load(_ samples: [UInt8], row: Int, component: Int, into line: inout [Int32]) {
        var index = row * columns * components + component
        if precision <= 8 {
            for column in 1...columns {
                line[column] = Int32(samples[index])
                index += components
            }
        } else {
            for column in 1...columns {
                line[column] = Int32(samples[2 * index]) | Int32(samples[2 * index + 1]) << 8
                index += components
            }
        }
    }

    private var header: [UInt8] {
        func word(_ value: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xF7]
        bytes += word(8 + 3 * components) + [UInt8(precision)] + word(rows) + word(columns) + [UInt8(components)]
        for index in 0..<components { bytes += [UInt8(index + 1), 0x11, 0] }
        if precision > 12 {
            // The defaults, spelt out: old decoders compute other ones above 12 bits.
            let parameters = JPEGLSParameters(precision: precision)
            bytes += [0xFF, 0xF8] + word(13) + [1] + word(parameters.maximum)
            bytes += parameters.thresholds.flatMap(word) + word(JPEGLSParameters.reset)
        }
        bytes += [0xFF, 0xDA] + word(6 + 2 * components) + [UInt8(components)]
        for index in 0..<components { bytes += [UInt8(index + 1), 0] }
        return bytes + [0, components > 1 ? 1 : 0, 0]
    }
}

/// What follows from the precision (annex A.2, C.2.4.1.1).
struct JPEGLSParameters {
    static let reset = 64

    let maximum: Int
    /// T1, T2, T3.
    let thresholds: [Int]
    /// The longest code, in bits.
    let limit: Int

    init(precision: Int) {
        let maximum = 1 << precision - 1
        self.maximum = maximum
        limit = 2 * (precision + max(8, precision))
        func clamped(_ value: Int, _ lowest: Int) -> Int { value > maximum || value < lowest ? lowest : value }
        let first: Int
        let second: Int
        let third: Int
        if maximum >= 128 {
            let factor = (min(maximum, 4095) + 128) / 256
            (first, second, third) = (factor + 2, factor * 4 + 3, factor * 17 + 4)
        } else {
            let factor = 256 / (maximum + 1)
            (first, second, third) = (max(2, 3 / factor), max(3, 7 / factor), max(4, 21 / factor))
        }
        let lowest = clamped(first, 1)
        let middle = clamped(second, lowest)
        thresholds = [lowest, middle, clamped(third, middle)]
    }
}

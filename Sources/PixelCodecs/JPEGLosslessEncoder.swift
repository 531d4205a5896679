/// JPEG's lossless process with Huffman coding (ISO 10918-1 annex H): one interleaved scan, one table made for the frame.
struct JPEGLosslessEncoder {
    let columns: Int
    let rows: Int
    let components: Int
    /// 2 to 16 bits.
    let precision: Int
    /// 1 to 7 (table H.1).
    let predictor: Int

    /// - Parameter samples: interleaved, one byte each up to 8 bits, else two in little endian; `rows × columns ×
    ///   components` of them, none above `2^precision − 1`.
    func encode(_ samples: [UInt8]) -> [UInt8] {
        let differences = differences(samples)
        var frequencies = [Int](repeating: 0, count: 17)
        for difference in differences { frequencies[Self.category(difference)] += 1 }
        let table = JPEGHuffmanTable(frequencies: frequencies)
        var writer = JPEGBitWriter()
        writer.append(header(table)[...])
        for difference in differences { put(difference, table, to: &writer) }
        writer.end(marker: 0xD9)
        return Array(writer.bytes)
    }

    /// The number of bits of a difference modulo 2^16; 16 for 32768 alone (H.1.2.2).
    private static func category(_ difference: Int16) -> Int {
        16 - difference.magnitude.leadingZeroBitCount
    }
}

// MARK: - Prediction

extension JPEGLosslessEncoder {
    private func differences(_ samples: [UInt8]) -> [Int16] {
        let stride = columns * components
        return samples.withUnsafeBufferPointer { bytes in
            if precision <= 8 {
                return differences(stride) { Int(bytes[$0]) }
            }
            return differences(stride) { Int(bytes[2 * $0]) | Int(bytes[2 * $0 + 1]) << 8 }
        }
    }

    /// The first sample is predicted by the middle, the rest of the first row by the left neighbour, the first column by
    /// the one above (H.1.2.1).
    @inline(__always)
    private func differences(_ stride: Int, _ sample: (Int) -> Int) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: stride * rows) { target, initialized in
            for row in 0..<rows {
                let start = row * stride
                for index in start..<(start + stride) {
                    let predicted: Int
                    if index - start < components {
                        predicted = row == 0 ? 1 << (precision - 1) : sample(index - stride)
                    } else if row == 0 {
                        predicted = sample(index - components)
                    } else {
                        predicted = predict(
                            left: sample(index - components), above: sample(index - stride),
                            corner: sample(index - stride - components))
                    }
                    target[index] = Int16(truncatingIfNeeded: sample(index) - predicted)
                }
            }
            initialized = stride * rows
        }
    }

    @inline(__always)
    private func predict(left: Int, above: Int, corner: Int) -> Int {
        switch predictor {
        case 2: above
        case 3: corner
        case 4: left + above - corner
        case 5: left + (above - corner) >> 1
        case 6: above + (left - corner) >> 1
        case 7: (left + above) >> 1
        default: left
        }
    }
}

// MARK: - The stream

extension JPEGLosslessEncoder {
    private func header(_ table: JPEGHuffmanTable) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC3]
        func word(_ value: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        bytes += word(8 + 3 * components) + [UInt8(precision)] + word(rows) + word(columns) + [UInt8(components)]
        for index in 0..<components { bytes += [UInt8(index + 1), 0x11, 0] }
        bytes += [0xFF, 0xC4] + word(19 + table.symbols.count) + [0] + table.counts + table.symbols
        bytes += [0xFF, 0xDA] + word(6 + 2 * components) + [UInt8(components)]
        for index in 0..<components { bytes += [UInt8(index + 1), 0] }
        return bytes + [UInt8(predictor), 0, 0]
    }

    @inline(__always)
    private func put(_ difference: Int16, _ table: JPEGHuffmanTable, to writer: inout JPEGBitWriter) {
        let category = Self.category(difference)
        // The category 16 has no further bits.
        let length = category < 16 ? category : 0
        let bits = UInt32(bitPattern: Int32(difference) - (difference < 0 ? 1 : 0)) & (1 << UInt32(length) - 1)
        writer.put(table.codes[category] << UInt32(length) | bits, table.lengths[category] + length)
    }
}

/// The state of a lossless JPEG-LS scan and its bits (ISO 14495-1 annex A); names in the comments are the standard's.
struct JPEGLSScan {
    private var bits: JPEGLSBits
    private let precision: Int
    private let maximum: Int32
    private let range: Int32
    private let thresholds: [Int32]
    private let limit: Int
    /// A, B, C and N of contexts 0…364, then of the two for interrupted runs.
    private var magnitudes: [Int32]
    private var biases: [Int32]
    private var corrections: [Int32]
    private var counts: [Int32]
    /// Nn of the two contexts for interrupted runs.
    private var negatives: [Int32] = [0, 0]

    init(precision: Int, header: [UInt8], capacity: Int) {
        let parameters = JPEGLSParameters(precision: precision)
        self.precision = precision
        maximum = Int32(parameters.maximum)
        range = maximum + 1
        thresholds = parameters.thresholds.map { Int32($0) }
        limit = parameters.limit
        bits = JPEGLSBits(header, capacity: capacity)
        magnitudes = [Int32](repeating: max(2, (range + 32) / 64), count: 367)
        biases = [Int32](repeating: 0, count: 367)
        corrections = biases
        counts = [Int32](repeating: 1, count: 367)
    }

    func finished() -> [UInt8] { bits.finished() }

    /// Codes one line; both lines have a sample before and one after it.
    mutating func append(_ line: [Int32], above: [Int32], columns: Int, runIndex: inout Int) {
        var column = 1
        while column <= columns {
            let left = line[column - 1]
            let up = above[column]
            let corner = above[column - 1]
            let first = quantized(above[column + 1] - up)
            let second = quantized(up - corner)
            let third = quantized(corner - left)
            let context = 81 * first + 9 * second + third
            if context == 0 {
                column = appendRun(line, above: above, from: column, columns: columns, runIndex: &runIndex)
            } else {
                appendRegular(line[column], left: left, up: up, corner: corner, context: context)
                column += 1
            }
        }
    }

    @inline(__always)
    private func quantized(_ gradient: Int32) -> Int {
        let size = gradient.magnitude
        let level = size == 0 ? 0 : size < thresholds[0] ? 1 : size < thresholds[1] ? 2 : size < thresholds[2] ? 3 : 4
        return gradient < 0 ? -level : level
    }

    /// Modulo the range, into −range/2 … range/2 − 1 (A.4.5).
    @inline(__always)
    private func reduced(_ difference: Int32) -> Int32 {
        let positive = difference < 0 ? difference + range : difference
        return positive >= (range + 1) / 2 ? positive - range : positive
    }

    /// The Golomb parameter k (A.5.1).
    @inline(__always)
    private func parameter(_ count: Int32, _ magnitude: Int32) -> Int {
        var shift = 0
        while count << Int32(shift) < magnitude { shift += 1 }
        return shift
    }

    /// A limited-length Golomb code (A.5.3).
    @inline(__always)
    private mutating func appendCode(_ value: Int, parameter: Int, limit: Int) {
        let high = value >> parameter
        if high < limit - precision - 1 {
            bits.append(0, count: high)
            bits.append(1, count: 1)
            bits.append(value & ((1 << parameter) - 1), count: parameter)
        } else {
            bits.append(0, count: limit - precision - 1)
            bits.append(1, count: 1)
            bits.append((value - 1) & ((1 << precision) - 1), count: precision)
        }
    }
}

// MARK: - Regular mode (A.4 to A.6)

extension JPEGLSScan {
    private mutating func appendRegular(_ sample: Int32, left: Int32, up: Int32, corner: Int32, context: Int) {
        let isFlipped = context < 0
        let index = isFlipped ? -context : context
        var predicted =
            corner >= max(left, up) ? min(left, up) : corner <= min(left, up) ? max(left, up) : left + up - corner
        predicted += isFlipped ? -corrections[index] : corrections[index]
        predicted = min(max(predicted, 0), maximum)
        let error = reduced(isFlipped ? predicted - sample : sample - predicted)
        let shift = parameter(counts[index], magnitudes[index])
        let mapped: Int32
        if shift == 0, 2 * biases[index] <= -counts[index] {
            mapped = error >= 0 ? 2 * error + 1 : -2 * (error + 1)
        } else {
            mapped = error >= 0 ? 2 * error : -2 * error - 1
        }
        appendCode(Int(mapped), parameter: shift, limit: limit)
        update(index, error)
    }

    private mutating func update(_ index: Int, _ error: Int32) {
        var bias = biases[index] + error
        var count = counts[index]
        magnitudes[index] += Int32(error.magnitude)
        if count == JPEGLSParameters.reset {
            magnitudes[index] >>= 1
            bias = bias >= 0 ? bias >> 1 : -((1 - bias) >> 1)
            count >>= 1
        }
        count += 1
        if bias <= -count {
            bias = max(bias + count, -count + 1)
            if corrections[index] > -128 { corrections[index] -= 1 }
        } else if bias > 0 {
            bias = min(bias - count, 0)
            if corrections[index] < 127 { corrections[index] += 1 }
        }
        biases[index] = bias
        counts[index] = count
    }
}

// MARK: - Run mode (A.7)

extension JPEGLSScan {
    /// J: the order of the run codes.
    private static let orders: [Int] = [
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    ]

    /// Returns the column to go on at.
    private mutating func appendRun(
        _ line: [Int32], above: [Int32], from start: Int, columns: Int, runIndex: inout Int
    ) -> Int {
        let value = line[start - 1]
        var end = start
        while end <= columns, line[end] == value { end += 1 }
        var left = end - start
        while left >= 1 << Self.orders[runIndex] {
            bits.append(1, count: 1)
            left -= 1 << Self.orders[runIndex]
            if runIndex < 31 { runIndex += 1 }
        }
        guard end <= columns else {
            if left > 0 { bits.append(1, count: 1) }
            return end
        }
        bits.append(0, count: 1)
        bits.append(left, count: Self.orders[runIndex])
        appendInterruption(line[end], left: value, up: above[end], order: Self.orders[runIndex])
        if runIndex > 0 { runIndex -= 1 }
        return end + 1
    }

    /// The sample that ends a run (A.7.2).
    private mutating func appendInterruption(_ sample: Int32, left: Int32, up: Int32, order: Int) {
        let kind = left == up ? 1 : 0
        let index = 365 + kind
        let isFlipped = kind == 0 && left > up
        let error = reduced(isFlipped ? up - sample : sample - up)
        let count = counts[index]
        let shift = parameter(count, kind == 0 ? magnitudes[index] : magnitudes[index] + count >> 1)
        let isOften = 2 * negatives[kind] >= count
        let isMapped = (shift == 0 && error > 0 && !isOften) || (error < 0 && (isOften || shift != 0))
        let mapped = 2 * Int32(error.magnitude) - Int32(kind) - (isMapped ? 1 : 0)
        appendCode(Int(mapped), parameter: shift, limit: limit - order - 1)
        if error < 0 { negatives[kind] += 1 }
        magnitudes[index] += (mapped + 1 - Int32(kind)) >> 1
        if count == JPEGLSParameters.reset {
            magnitudes[index] >>= 1
            counts[index] >>= 1
            negatives[kind] >>= 1
        }
        counts[index] += 1
    }
}

/// Bits into bytes; a byte of ones is followed by one that begins with a zero bit (A.1).
struct JPEGLSBits {
    private var bytes: [UInt8]
    private var pending: UInt64 = 0
    private var count = 0
    private var room = 8

    init(_ header: [UInt8], capacity: Int) {
        bytes = header
        bytes.reserveCapacity(header.count + capacity)
    }

    /// The low `count` bits of `value`, at most 64 zeros or 16 bits of anything.
    @inline(__always)
    mutating func append(_ value: Int, count added: Int) {
        guard added > 0 else { return }
        var left = added
        // Never more than 40 bits pending.
        while left > 32 {
            append(0, count: 32)
            left -= 32
        }
        pending = pending << UInt64(left) | UInt64(value)
        count += left
        while count >= room {
            count -= room
            let byte = UInt8(truncatingIfNeeded: pending >> UInt64(count) & (room == 8 ? 0xFF : 0x7F))
            bytes.append(byte)
            room = byte == 0xFF ? 7 : 8
        }
    }

    func finished() -> [UInt8] {
        var result = self
        if result.count > 0 || result.room == 7 { result.append(0, count: result.room - result.count) }
        return result.bytes + [0xFF, 0xD9]
    }
}

import DICOMModel

/// The samples of a one-sample frame as indices into a table in value order, which makes any grey mapping one lookup
/// a pixel.
struct StoredValues {
    var width: Int
    var height: Int
    /// One a pixel. Values ascend with the index.
    var indices: [UInt16]
    /// How many pixels have each index.
    var histogram: [UInt32]
    /// The stored value of an index that is present.
    var value: (UInt16) -> Double

    /// The indices that are present, ascending.
    let present: [UInt16]

    init(frame: NativeFrame) throws {
        let description = frame.description
        let (rows, columns) = (description.rows, description.columns)
        guard rows > 0, columns > 0, rows <= 1 << 16, columns <= 1 << 16,
            description.bytesPerFrame <= frame.bytes.count
        else { throw TextFindingError(.malformedFrame, "the frame holds fewer bytes than its description asks for") }
        (width, height) = (columns, rows)
        let count = rows * columns
        switch description.bitsAllocated {
        case 1:
            indices = Self.bits(of: frame.bytes, count: count)
            histogram = Self.histogram(of: indices, size: 2)
            value = { Double($0) }
        case 8, 16:
            let layout = Layout(description)
            indices = Self.words(of: frame.bytes, count: count, layout: layout)
            histogram = Self.histogram(of: indices, size: layout.size)
            let lowest = layout.lowest
            value = { Double(Int($0) + lowest) }
        case 24, 32, 64:
            let wide =
                description.isFloat
                ? WideValues(floats: frame.floatValues)
                : WideValues(frame.bytes, count: count, description: description)
            indices = wide.indices
            histogram = Self.histogram(of: indices, size: 65536)
            let values = wide.values
            value = { Int($0) < values.count ? values[Int($0)] : 0 }
        default:
            throw TextFindingError(.unsupported, "\(description.bitsAllocated) bits allocated can't be rendered")
        }
        present = histogram.indices.lazy.filter { [histogram] in histogram[$0] != 0 }.map { UInt16($0) }
    }

    /// What turns a raw word of 8 or 16 bits into an index: the stored bits alone, in value order.
    private struct Layout {
        var isWord: Bool
        var shift: UInt16
        var mask: UInt16
        /// The sign bit, flipped so that negative values come first; 0 for unsigned values.
        var flip: UInt16
        var lowest: Int
        var size: Int

        init(_ description: PixelDescription) {
            let allocated = description.bitsAllocated
            let stored = min(max(description.bitsStored, 1), allocated)
            let high = min(max(description.highBit, stored - 1), allocated - 1)
            isWord = allocated == 16
            shift = UInt16(high - stored + 1)
            mask = UInt16(truncatingIfNeeded: (1 << stored) - 1)
            flip = description.isSigned ? 1 << UInt16(stored - 1) : 0
            lowest = description.isSigned ? -(1 << (stored - 1)) : 0
            size = 1 << stored
        }
    }

    private static func bits(of bytes: [UInt8], count: Int) -> [UInt16] {
        [UInt16](unsafeUninitializedCapacity: count) { target, initialized in
            bytes.withUnsafeBufferPointer { source in
                for index in 0..<count {
                    target[index] = UInt16(source[index >> 3] >> UInt8(index & 7) & 1)
                }
            }
            initialized = count
        }
    }

    private static func words(of bytes: [UInt8], count: Int, layout: Layout) -> [UInt16] {
        let (shift, mask, flip) = (layout.shift, layout.mask, layout.flip)
        return [UInt16](unsafeUninitializedCapacity: count) { target, initialized in
            bytes.withUnsafeBytes { source in
                if layout.isWord {
                    for index in 0..<count {
                        let raw = source.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)
                        target[index] = ((UInt16(littleEndian: raw) &>> shift) & mask) ^ flip
                    }
                } else {
                    for index in 0..<count {
                        target[index] = ((UInt16(source[index]) &>> shift) & mask) ^ flip
                    }
                }
            }
            initialized = count
        }
    }

    private static func histogram(of indices: [UInt16], size: Int) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: size) { bins, initialized in
            bins.initialize(repeating: 0)
            indices.withUnsafeBufferPointer { source in
                for index in source { bins[Int(index)] &+= 1 }
            }
            initialized = size
        }
    }
}

/// Values of more than 16 bits, ranked where few enough differ, else in 65536 equal steps.
private struct WideValues {
    var indices: [UInt16]
    /// By index, ascending.
    var values: [Double]

    init(_ bytes: [UInt8], count: Int, description: PixelDescription) {
        let size = description.bitsAllocated / 8
        let stored = min(max(description.bitsStored, 1), description.bitsAllocated)
        let high = min(max(description.highBit, stored - 1), description.bitsAllocated - 1)
        let samples = [Int64](unsafeUninitializedCapacity: count) { target, initialized in
            for index in 0..<count {
                var raw: UInt64 = 0
                for byte in 0..<size { raw |= UInt64(bytes[index * size + byte]) << UInt64(byte * 8) }
                // Up to the top of the word, then down again with or without the sign.
                let top = raw << UInt64(63 - high)
                let value =
                    description.isSigned
                    ? Int64(bitPattern: top) >> Int64(64 - stored)
                    : Int64(bitPattern: (top >> UInt64(64 - stored)) & UInt64(Int64.max))
                target[index] = value
            }
            initialized = count
        }
        let distinct = Set(samples)
        if distinct.count <= 65536 {
            let sorted = distinct.sorted()
            let rank = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, UInt16($0)) })
            indices = samples.map { rank[$0] ?? 0 }
            values = sorted.map { Double($0) }
        } else {
            let lowest = Double(distinct.min() ?? 0)
            let step = max((Double(distinct.max() ?? 0) - lowest) / 65535, 1)
            indices = samples.map { UInt16(min(max(((Double($0) - lowest) / step).rounded(), 0), 65535)) }
            values = (0...65535).map { lowest + Double($0) * step }
        }
    }

    /// Equal steps would lose all but the largest values of a frame that spans many powers of ten, so each index stands
    /// for as many of the values that occur as any other. What is no number or infinite can be drawn with as well: it is
    /// shown beyond all others.
    init(floats: [Double]) {
        let finite = floats.lazy.filter(\.isFinite)
        let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
        // Halved, since the range of a Double has no width in one.
        let beyond = max((high / 2 - low / 2) / 8, .leastNormalMagnitude)
        let shown = floats.map { value in
            value.isFinite ? value : value == .infinity ? high + beyond : low - beyond
        }
        let order = shown.indices.sorted { shown[$0] < shown[$1] }
        var ranks = [Int](repeating: 0, count: shown.count)
        var distinct: [Double] = []
        for index in order {
            if distinct.last != shown[index] { distinct.append(shown[index]) }
            ranks[index] = distinct.count - 1
        }
        let share = max(distinct.count, 65536)
        indices = ranks.map { UInt16($0 * 65536 / share) }
        values = (0..<min(distinct.count, 65536)).map { distinct[($0 * share + 65535) / 65536] }
    }
}

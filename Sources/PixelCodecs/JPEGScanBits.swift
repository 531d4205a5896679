import Glibc

extension UnsafeBufferPointer<UInt8> {
    /// The first byte of ones in a range that lies in the buffer.
    func firstFF(in range: Range<Int>) -> Int? {
        guard let base = baseAddress, !range.isEmpty else { return nil }
        let found = memchr(base + range.lowerBound, 0xFF, range.count)
        return found.map { base.distance(to: $0.assumingMemoryBound(to: UInt8.self)) }
    }
}

/// One restart interval's bits, stuffing taken out.
struct JPEGScanBits {
    private let bytes: [UInt8]
    /// How many bits there are.
    let count: Int

    /// Zeros behind the end, so that a block can be read without looking at the end for each symbol: 64 symbols of at
    /// most 32 bits.
    private static let margin = 264

    /// - Parameter range: entropy-coded bytes, without markers other than stuffed ones.
    init(_ stream: [UInt8], _ range: Range<Int>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count + Self.margin)
        var start = range.lowerBound
        stream.withUnsafeBufferPointer { stream in
            while let place = stream.firstFF(in: start..<range.upperBound) {
                bytes.append(contentsOf: stream[start...place])
                start = min(place + 2, range.upperBound)
            }
            bytes.append(contentsOf: stream[start..<range.upperBound])
        }
        count = bytes.count * 8
        bytes.append(contentsOf: repeatElement(0, count: Self.margin))
        self.bytes = bytes
    }

    func withCursor<Result>(_ body: (inout JPEGScanCursor) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { buffer in
            var cursor = JPEGScanCursor(bytes: buffer, count: count)
            return body(&cursor)
        }
    }
}

/// Reads bits of an interval. It must not be read on once it is exhausted, which a block at most brings about.
struct JPEGScanCursor {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    let count: Int
    private(set) var position = 0

    fileprivate init(bytes: UnsafeBufferPointer<UInt8>, count: Int) {
        self.bytes = bytes
        self.count = count
    }

    var isExhausted: Bool { position > count }

    /// The next 16 bits.
    @inline(__always)
    var next16: UInt32 { bits(at: position) >> 16 }

    /// Reads `length` bits from 0 to 16.
    @inline(__always)
    mutating func take(_ length: Int) -> UInt32 {
        defer { position += length }
        return length == 0 ? 0 : bits(at: position) >> UInt32(32 - length)
    }

    @inline(__always)
    mutating func skip(_ length: Int) { position += length }

    /// 25 bits or more from `position` on, in the high end of the word.
    @inline(__always)
    private func bits(at position: Int) -> UInt32 {
        let place = position >> 3
        let word =
            UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
            | UInt32(bytes[place + 3])
        return word << UInt32(position & 7)
    }

    /// Puts the bits of `range` into `writer`.
    func copy(_ range: Range<Int>, to writer: inout JPEGBitWriter) {
        var place = range.lowerBound
        while place + 24 <= range.upperBound {
            writer.put(bits(at: place) >> 8, 24)
            place += 24
        }
        let rest = range.upperBound - place
        if rest > 0 { writer.put(bits(at: place) >> UInt32(32 - rest), rest) }
    }
}

/// Collects bits, the most significant one first, with a zero stuffed behind each byte of ones.
struct JPEGBitWriter {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingCount = 0

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// - Parameter length: at most 32; no bit of `bits` above it is set.
    @inline(__always)
    mutating func put(_ bits: UInt32, _ length: Int) {
        pending = pending << UInt64(length) | UInt64(bits)
        pendingCount += length
        while pendingCount >= 8 {
            pendingCount -= 8
            let byte = UInt8(truncatingIfNeeded: pending >> UInt64(pendingCount))
            bytes.append(byte)
            if byte == 0xFF { bytes.append(0) }
        }
    }

    /// Fills the last byte with ones (ISO 10918-1 F.1.2.3) and puts a marker behind it.
    mutating func end(marker: UInt8) {
        if pendingCount > 0 {
            let missing = 8 - pendingCount
            put((1 << UInt32(missing)) - 1, missing)
        }
        bytes += [0xFF, marker]
    }

    /// Bytes that need no change, between markers.
    mutating func put(_ entropyCoded: ArraySlice<UInt8>) {
        bytes += entropyCoded
    }
}

import Glibc

extension UnsafeBufferPointer<UInt8> {
    /// The first byte of ones in a range that lies in the buffer.
    package func firstFF(in range: Range<Int>) -> Int? {
        guard let base = baseAddress, !range.isEmpty else { return nil }
        let found = memchr(base + range.lowerBound, 0xFF, range.count)
        return found.map { base.distance(to: $0.assumingMemoryBound(to: UInt8.self)) }
    }
}

/// One restart interval's bits, stuffing taken out. Its memory serves for the next interval as well.
struct JPEGScanBits: Sendable {
    private var bytes: [UInt8] = []
    /// How many bits there are.
    private var count = 0

    /// Zeros behind the end, so that a block can be read without looking at the end for each symbol: 64 symbols of at
    /// most 31 bits, and the 16 bytes that a cursor looks ahead.
    private static let margin = 264

    /// - Parameter range: entropy-coded bytes, without markers other than stuffed ones.
    mutating func load(_ stream: [UInt8], _ range: Range<Int>) {
        bytes.removeAll(keepingCapacity: true)
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
    }

    func withCursor<Result>(_ body: (inout JPEGScanCursor) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in
            var cursor = JPEGScanCursor(bytes: buffer, count: count)
            return body(&cursor)
        }
    }
}

/// Reads bits of an interval. It must not be read on once it is exhausted, which a block at most brings about.
struct JPEGScanCursor {
    fileprivate let bytes: UnsafeRawBufferPointer
    let count: Int
    /// The next bits, the first one highest; `loaded` of them count.
    private var window: UInt64 = 0
    private var loaded = 0
    /// The first byte of which nothing counts yet.
    private var next = 0

    fileprivate init(bytes: UnsafeRawBufferPointer, count: Int) {
        self.bytes = bytes
        self.count = count
    }

    var position: Int { next * 8 - loaded }
    var isExhausted: Bool { position > count }

    /// Makes at least 56 bits ready.
    @inline(__always)
    mutating func load() {
        window |= word(at: next) &>> UInt64(truncatingIfNeeded: loaded)
        next &+= (63 &- loaded) &>> 3
        loaded |= 56
    }

    /// The next bits, 1 to 16, of those that are ready.
    @inline(__always)
    func peek(_ length: Int) -> Int {
        Int(truncatingIfNeeded: window &>> UInt64(truncatingIfNeeded: 64 &- length))
    }

    /// Passes at most as many bits as are ready, and 63.
    @inline(__always)
    mutating func skip(_ length: Int) {
        window &<<= UInt64(truncatingIfNeeded: length)
        loaded &-= length
    }

    /// Eight bytes, the first one highest.
    @inline(__always)
    private func word(at place: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// 56 bits from anywhere, in the low end of the word.
    @inline(__always)
    fileprivate func bits56(at position: Int) -> UInt64 {
        (word(at: position &>> 3) &<< UInt64(truncatingIfNeeded: position & 7)) &>> 8
    }
}

/// Collects bits, the most significant one first, with a zero stuffed behind each byte of ones. Its memory serves for the
/// next stream as well.
struct JPEGBitWriter: Sendable {
    /// More than is written, so that it is made longer seldom.
    private var memory: [UInt8] = []
    private var count = 0
    /// Fewer than 8 bits, in the low end.
    private var pending: UInt64 = 0
    private var pendingCount = 0

    var bytes: ArraySlice<UInt8> { memory[..<count] }

    mutating func removeAll() {
        (count, pending, pendingCount) = (0, 0, 0)
    }

    /// - Parameter length: at most 32; no bit of `bits` above it is set.
    @inline(__always)
    mutating func put(_ bits: UInt32, _ length: Int) {
        reserve(10)
        pending = pending &<< UInt64(truncatingIfNeeded: length) | UInt64(bits)
        pendingCount += length
        while pendingCount >= 8 {
            pendingCount -= 8
            let byte = UInt8(truncatingIfNeeded: pending &>> UInt64(truncatingIfNeeded: pendingCount))
            memory[count] = byte
            count += 1
            if byte == 0xFF {
                memory[count] = 0
                count += 1
            }
        }
    }

    /// Puts bits of an interval behind those that are there.
    mutating func put(_ range: Range<Int>, of cursor: JPEGScanCursor) {
        var place = range.lowerBound
        // Seven bytes a time, each of which may be stuffed; eight are stored.
        reserve(range.count / 4 + 8)
        let keep = UInt64(1) &<< UInt64(truncatingIfNeeded: pendingCount) - 1
        memory.withUnsafeMutableBytes { memory in
            while place + 56 <= range.upperBound {
                let bits = pending &<< 56 | cursor.bits56(at: place)
                let seven = (bits &>> UInt64(truncatingIfNeeded: pendingCount)) &<< 8
                pending = bits & keep
                place += 56
                if Self.hasFF(seven) {
                    Self.stuff(seven, memory, &count)
                } else {
                    memory.storeBytes(of: seven.bigEndian, toByteOffset: count, as: UInt64.self)
                    count += 7
                }
            }
        }
        while place < range.upperBound {
            let length = min(range.upperBound - place, 28)
            put(UInt32(truncatingIfNeeded: cursor.bits56(at: place) &>> UInt64(56 - length)), length)
            place += length
        }
    }

    /// Whether one of eight bytes is all ones: the usual search for a zero byte, in what they lack to ones.
    @inline(__always)
    private static func hasFF(_ word: UInt64) -> Bool {
        (~word &- 0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 != 0
    }

    private static func stuff(_ seven: UInt64, _ memory: UnsafeMutableRawBufferPointer, _ count: inout Int) {
        for shift in stride(from: UInt64(56), to: 0, by: -8) {
            let byte = UInt8(truncatingIfNeeded: seven &>> shift)
            memory[count] = byte
            count += 1
            if byte == 0xFF {
                memory[count] = 0
                count += 1
            }
        }
    }

    /// Fills the last byte with ones (ISO 10918-1 F.1.2.3) and puts a marker behind it.
    mutating func end(marker: UInt8) {
        if pendingCount > 0 {
            let missing = 8 - pendingCount
            put((1 << UInt32(missing)) - 1, missing)
        }
        append([0xFF, marker])
    }

    /// Bytes that need no change, where no bits are pending: headers, and what stands between markers.
    mutating func append(_ whole: ArraySlice<UInt8>) {
        reserve(whole.count)
        memory.replaceSubrange(count..<(count + whole.count), with: whole)
        count += whole.count
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if memory.count - count < more { grow(by: more) }
    }

    private mutating func grow(by more: Int) {
        memory.append(contentsOf: repeatElement(0, count: max(more, memory.count, 1 << 16)))
    }
}

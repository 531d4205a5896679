/// Big-endian numbers out of bytes that can't be trusted: every read is checked, none traps.
struct ByteReader {
    let bytes: [UInt8]
    /// Never beyond `end`.
    private(set) var position: Int
    let end: Int

    init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
        let clamped = (range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)
        self.bytes = bytes
        position = clamped.lowerBound
        end = clamped.upperBound
    }

    var left: Int { end - position }

    mutating func byte() -> Int? {
        guard position < end else { return nil }
        defer { position += 1 }
        return Int(bytes[position])
    }

    mutating func word() -> Int? {
        guard left >= 2 else { return nil }
        defer { position += 2 }
        return Int(bytes[position]) << 8 | Int(bytes[position + 1])
    }

    mutating func long() -> Int? {
        guard let high = word(), let low = word() else { return nil }
        return high << 16 | low
    }

    /// Moves on; false where that is beyond the end.
    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= left else { return false }
        position += count
        return true
    }

    /// A reader over the next bytes, which are skipped here.
    mutating func part(_ count: Int) -> ByteReader? {
        let start = position
        guard skip(count) else { return nil }
        return ByteReader(bytes, in: start..<position)
    }

    func starts(with prefix: [UInt8]) -> Bool {
        left >= prefix.count && bytes[position..<(position + prefix.count)].elementsEqual(prefix)
    }
}

import DICOMModel

/// Finds many byte strings in one pass, ASCII letters of either case.
struct PatternSet {
    struct Pattern {
        /// In the pool of all patterns' bytes.
        fileprivate let start: Int
        let byteCount: Int
        let identifier: Int
        let edge: Edge
        /// Bytes of one character of the encoding: 2 for UTF-16.
        let unit: Int
        /// Bytes that chance would have to hit: all but the zeros of UTF-16.
        let tellingCount: Int
        /// The pattern before it in the same slot; negative for none.
        fileprivate let next: Int32
    }

    /// What must not stand beside a match.
    enum Edge {
        /// Anything may: long enough, or not in ASCII.
        case any
        case letter
        /// As `letter`, but an s of the plural or the genitive may follow: `the Smiths`.
        case name
        case letterOrDigit
        /// A digit, or a point with a digit beyond it: else a part of a longer number is found.
        case number
        /// As `number` before; after it a whole time of day may follow.
        case date
        /// As `number`; after it a fraction of a second may follow.
        case time
    }

    /// With ASCII letters in lower case, one pattern after the other: one for each object's file is made, so that making
    /// it has to be cheap.
    private var pool: [UInt8] = []
    private var patterns: [Pattern] = []
    /// By a hash of the first four bytes, or of the two of a short one: the last pattern that begins so; negative for none.
    private var slots = [Int32](repeating: -1, count: 1 << slotBits)
    /// Of the first two bytes of each pattern.
    private var heads = Bits()
    /// Of a hash of the first four bytes of each pattern: most places that a head fits are none of them.
    private var beginnings = Bits()
    /// Of the first two bytes of patterns of fewer than four.
    private var short = Bits()

    private static let slotBits = 12

    /// One of 65,536 flags.
    private struct Bits {
        private var words = [UInt64](repeating: 0, count: 1 << 10)

        subscript(place: Int) -> Bool { words[place >> 6] >> UInt64(place & 63) & 1 == 1 }

        mutating func set(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }
    }

    mutating func add(_ bytes: some Sequence<UInt8>, identifier: Int, edge: Edge, unit: Int = 1) {
        let start = pool.count
        for byte in bytes { pool.append(Self.fold(byte)) }
        let count = pool.count - start
        guard count >= 2 else { return pool.removeLast(count) }
        let head = Int(pool[start]) << 8 | Int(pool[start + 1])
        heads.set(head)
        let slot: Int
        if count < 4 {
            short.set(head)
            slot = Self.slot(Self.hash(head, 0, 0))
        } else {
            let hash = Self.hash(head, pool[start + 2], pool[start + 3])
            beginnings.set(hash)
            slot = Self.slot(hash)
        }
        patterns.append(
            Pattern(
                start: start, byteCount: count, identifier: identifier, edge: edge, unit: unit,
                tellingCount: pool[start...].count(where: { $0 != 0 }), next: slots[slot]))
        slots[slot] = Int32(patterns.count - 1)
    }

    static func fold(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static func hash(_ head: Int, _ third: UInt8, _ fourth: UInt8) -> Int {
        let four = UInt32(head) << 16 | UInt32(third) << 8 | UInt32(fourth)
        return Int((four &* 2_654_435_761) >> 16)
    }

    private static func slot(_ hash: Int) -> Int { hash >> (16 - slotBits) }

    /// Calls `found` with each pattern that occurs in `text`, for each place; it may do so twice.
    func search(_ text: [UInt8], _ found: (Pattern) -> Void) {
        guard text.count >= 2, !patterns.isEmpty else { return }
        text.withUnsafeBufferPointer { original in
            pool.withUnsafeBufferPointer { pool in
                var previous = Self.fold(original[0])
                for place in 1..<original.count {
                    let byte = Self.fold(original[place])
                    let head = Int(previous) << 8 | Int(byte)
                    previous = byte
                    guard heads[head] else { continue }
                    if short[head] { look(in: Self.hash(head, 0, 0), pool, original, at: place - 1, found) }
                    guard place + 3 <= original.count else { continue }
                    let hash = Self.hash(head, Self.fold(original[place + 1]), Self.fold(original[place + 2]))
                    if beginnings[hash] { look(in: hash, pool, original, at: place - 1, found) }
                }
            }
        }
    }

    private func look(
        in hash: Int, _ pool: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, at start: Int,
        _ found: (Pattern) -> Void
    ) {
        var next = slots[Self.slot(hash)]
        while next >= 0 {
            let pattern = patterns[Int(next)]
            if matches(pattern, pool, text, at: start) { found(pattern) }
            next = pattern.next
        }
    }

    private func matches(
        _ pattern: Pattern, _ pool: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Bool {
        let end = start + pattern.byteCount
        guard end <= text.count else { return false }
        for index in 0..<pattern.byteCount where Self.fold(text[start + index]) != pool[pattern.start + index] {
            return false
        }
        func byte(_ place: Int) -> UInt8 { text.indices.contains(place) ? Self.fold(text[place]) : 0x20 }
        // In UTF-16 the neighbouring character's low byte is one unit away on either side.
        let lowByte = pattern.unit == 2 && pool[pattern.start] == 0 ? 1 : 0
        let before = byte(start + lowByte - pattern.unit)
        let beyondBefore = byte(start + lowByte - 2 * pattern.unit)
        let after = byte(end + lowByte)
        let beyondAfter = byte(end + lowByte + pattern.unit)
        switch pattern.edge {
        case .any: return true
        case .letter: return !Self.isLetter(before) && !Self.isLetter(after)
        case .name:
            return !Self.isLetter(before)
                && (!Self.isLetter(after) || (after == UInt8(ascii: "s") && !Self.isLetter(beyondAfter)))
        case .letterOrDigit:
            return !Self.isLetter(before) && !Self.isDigit(before) && !Self.isLetter(after) && !Self.isDigit(after)
        case .number:
            return !continues(before, beyondBefore) && !continues(after, beyondAfter)
        case .time:
            return !continues(before, beyondBefore) && !Self.isLetter(after) && !Self.isDigit(after)
        case .date:
            if continues(before, beyondBefore) { return false }
            // 20240305T1015, as in ISO 8601.
            if after == UInt8(ascii: "t"), Self.isDigit(beyondAfter) { return true }
            // Of a time there are four to twelve digits: 2.25.1987 begins a UID as well.
            let digits = (0..<13).prefix { Self.isDigit(byte(end + lowByte + $0 * pattern.unit)) }.count
            return !continues(after, beyondAfter) || (4...12).contains(digits)
        }
    }

    private func continues(_ next: UInt8, _ beyond: UInt8) -> Bool {
        Self.isDigit(next) || Self.isLetter(next) || (next == 0x2E && Self.isDigit(beyond))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

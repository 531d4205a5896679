import DICOMModel

/// Finds many byte strings in one pass, ASCII letters of either case.
struct PatternSet {
    struct Pattern {
        /// With ASCII letters in lower case.
        let bytes: [UInt8]
        let identifier: Int
        let edge: Edge
        /// Bytes of one character of the encoding: 2 for UTF-16.
        let unit: Int
    }

    /// What must not stand beside a match.
    enum Edge {
        /// Anything may: long enough, or not in ASCII.
        case any
        case letter
        case letterOrDigit
        /// A digit, or a point with a digit beyond it: else a part of a longer number is found.
        case number
        /// As `number` before; after it a whole time of day may follow.
        case date
        /// As `number`; after it a fraction of a second may follow.
        case time
    }

    private(set) var patterns: [Pattern] = []
    /// By the first two bytes: 0, or 1 + an index into `buckets`.
    private var heads = [UInt16](repeating: 0, count: 1 << 16)
    private var buckets: [[Int]] = []
    private var known: Set<Key> = []
    /// Hashes of the first four bytes of each pattern: most places that a head fits are none of them.
    private var beginnings = [Bool](repeating: false, count: 1 << 16)
    /// By head, as `heads`: whether a pattern of fewer than four bytes begins so.
    private var hasShort = [Bool](repeating: false, count: 1 << 16)

    private struct Key: Hashable {
        let bytes: [UInt8]
        let identifier: Int
    }

    mutating func add(_ bytes: [UInt8], identifier: Int, edge: Edge, unit: Int = 1) {
        let folded = bytes.map(Self.fold)
        guard folded.count >= 2, buckets.count < 60_000,
            known.insert(Key(bytes: folded, identifier: identifier)).inserted
        else { return }
        let head = Int(folded[0]) << 8 | Int(folded[1])
        if heads[head] == 0 {
            buckets.append([])
            heads[head] = UInt16(buckets.count)
        }
        if folded.count < 4 {
            hasShort[head] = true
        } else {
            beginnings[Self.hash(folded[0], folded[1], folded[2], folded[3])] = true
        }
        buckets[Int(heads[head]) - 1].append(patterns.count)
        patterns.append(Pattern(bytes: folded, identifier: identifier, edge: edge, unit: unit))
    }

    static func fold(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static func hash(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> Int {
        let four = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
        return Int((four &* 2_654_435_761) >> 16)
    }

    /// Whether a pattern can begin at `start`, by its first four bytes.
    private func canBegin(_ text: UnsafeBufferPointer<UInt8>, at start: Int, head: Int) -> Bool {
        if hasShort[head] { return true }
        guard start + 4 <= text.count else { return false }
        return beginnings[
            Self.hash(UInt8(head >> 8), UInt8(head & 0xFF), Self.fold(text[start + 2]), Self.fold(text[start + 3]))]
    }

    /// Calls `found` with the index of each pattern that occurs in `text`, each place once.
    func search(_ text: [UInt8], _ found: (Pattern) -> Void) {
        guard text.count >= 2 else { return }
        text.withUnsafeBufferPointer { original in
            var previous = Self.fold(original[0])
            for place in 1..<original.count {
                let byte = Self.fold(original[place])
                let head = Int(previous) << 8 | Int(byte)
                let bucket = heads[head]
                previous = byte
                guard bucket != 0, canBegin(original, at: place - 1, head: head) else { continue }
                for index in buckets[Int(bucket) - 1] where matches(patterns[index], original, at: place - 1) {
                    found(patterns[index])
                }
            }
        }
    }

    private func matches(_ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        let end = start + pattern.bytes.count
        guard end <= text.count else { return false }
        for index in pattern.bytes.indices where Self.fold(text[start + index]) != pattern.bytes[index] { return false }
        func byte(_ place: Int) -> UInt8 { text.indices.contains(place) ? Self.fold(text[place]) : 0x20 }
        // In UTF-16 the neighbouring character's low byte is one unit away on either side.
        let lowByte = pattern.unit == 2 && pattern.bytes[0] == 0 ? 1 : 0
        let before = byte(start + lowByte - pattern.unit)
        let beyondBefore = byte(start + lowByte - 2 * pattern.unit)
        let after = byte(end + lowByte)
        let beyondAfter = byte(end + lowByte + pattern.unit)
        switch pattern.edge {
        case .any: return true
        case .letter: return !Self.isLetter(before) && !Self.isLetter(after)
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
            let rest = (0..<4).map { byte(end + lowByte + $0 * pattern.unit) }
            return !continues(after, beyondAfter) || rest.allSatisfy(Self.isDigit)
        }
    }

    private func continues(_ next: UInt8, _ beyond: UInt8) -> Bool {
        Self.isDigit(next) || Self.isLetter(next) || (next == 0x2E && Self.isDigit(beyond))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

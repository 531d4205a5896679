/// A word or phrase that is looked for in running text with a number of single-character errors (Myers 1999,
/// "A fast bit-vector algorithm for approximate string matching").
struct ApproximatePattern: Sendable {
    /// At most 64 codes.
    let codes: [Skeleton.Code]
    let mask: UInt64
    let maximumErrors: Int
    /// One word per code: the positions at which the code stands.
    private let positions: [UInt64]

    /// Nil for no codes. What is longer than 64 is cut.
    init?(_ codes: [Skeleton.Code], maximumErrors: Int) {
        guard !codes.isEmpty else { return nil }
        self.codes = Array(codes.prefix(64))
        self.maximumErrors = maximumErrors
        mask = Skeleton.mask(self.codes)
        var positions = [UInt64](repeating: 0, count: Skeleton.codeCount)
        for (index, code) in self.codes.enumerated() where Int(code) < positions.count {
            positions[Int(code)] |= 1 << UInt64(index)
        }
        self.positions = positions
    }

    /// Whether the pattern occurs anywhere in the text, errors allowed.
    func occurs(in text: [Skeleton.Code], mask textMask: UInt64) -> Bool {
        guard (mask & ~textMask).nonzeroBitCount <= maximumErrors,
            text.count + maximumErrors >= codes.count
        else { return false }
        let last = UInt64(1) << UInt64(codes.count - 1)
        var plus = UInt64.max
        var minus: UInt64 = 0
        var score = codes.count
        for code in text {
            let equal = Int(code) < positions.count ? positions[Int(code)] : 0
            let vertical = equal | minus
            let horizontal = (((equal & plus) &+ plus) ^ plus) | equal
            var up = minus | ~(horizontal | plus)
            var down = plus & horizontal
            if up & last != 0 { score += 1 }
            if down & last != 0 { score -= 1 }
            up <<= 1
            down <<= 1
            plus = down | ~(vertical | up)
            minus = up & vertical
            if score <= maximumErrors { return true }
        }
        return false
    }

    /// Whether two words differ by at most one insertion, deletion or substitution.
    static func areWithinOneError(_ left: [Skeleton.Code], _ right: [Skeleton.Code]) -> Bool {
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        guard long.count - short.count <= 1 else { return false }
        var head = 0
        while head < short.count, short[head] == long[head] { head += 1 }
        var tail = 0
        while tail < short.count - head, short[short.count - 1 - tail] == long[long.count - 1 - tail] { tail += 1 }
        return long.count - head - tail <= 1
    }
}

internal import Foundation

/// What a sample says about all: the upper 95 % bound for a share, by Clopper and Pearson (Biometrika 26, 1934), one-sided.
///
/// It is exact for drawing with replacement and on the safe side for drawing without, as samples are drawn here.
public enum SampleBound {
    /// How sure the bound is.
    public static let confidence = 0.95

    /// The share p at which seeing no more than `found` among `size` has probability 0.05; 1 where all were found.
    public static func upper(found: Int, of size: Int) -> Double {
        guard size > 0, found < size else { return 1 }
        var low = 0.0
        var high = 1.0
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if atMost(found, of: size, share: middle) > 1 - confidence { low = middle } else { high = middle }
        }
        return high
    }

    /// The smallest sample whose bound is no more than `target` if `found` instances of it hold something; nil for a target
    /// that isn't between 0 and 1, or where ten million would not do.
    public static func sampleSize(for target: Double, found: Int = 0) -> Int? {
        guard target > 0, target < 1, found >= 0 else { return nil }
        var high = found + 1
        while upper(found: found, of: high) > target {
            high *= 2
            if high > 10_000_000 { return nil }
        }
        var low = max(found, high / 2)
        while low + 1 < high {
            let middle = (low + high) / 2
            if upper(found: found, of: middle) > target { low = middle } else { high = middle }
        }
        return high
    }

    /// The probability of at most `found` among `size`.
    private static func atMost(_ found: Int, of size: Int, share: Double) -> Double {
        guard share > 0 else { return 1 }
        guard share < 1 else { return 0 }
        var sum = 0.0
        var term = Double(size) * log1p(-share)
        for count in 0...found {
            if count > 0 { term += log(Double(size - count + 1) / Double(count)) + log(share) - log1p(-share) }
            sum += exp(term)
        }
        return min(1, sum)
    }
}

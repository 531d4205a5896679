extension Sequence<Int> {
    /// Ascending numbers as ranges of neighbours: of 1, 2, 3, 7 these are 1…3 and 7…7.
    package var ascendingRanges: [ClosedRange<Int>] {
        reduce(into: []) { ranges, number in
            if let last = ranges.last, number &- 1 == last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
    }
}

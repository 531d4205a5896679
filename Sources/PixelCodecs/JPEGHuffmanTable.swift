/// A Huffman table made for the symbols' frequencies, no code longer than 16 bits and none of ones only
/// (ISO 10918-1 annexes C and K.2).
struct JPEGHuffmanTable {
    /// How many codes have 1, 2, … 16 bits.
    let counts: [UInt8]
    /// By ascending code.
    let symbols: [UInt8]
    /// By symbol; 0 bits for one that doesn't occur.
    let lengths: [Int]
    let codes: [UInt32]

    init(frequencies: [Int]) {
        let depths = Self.depths(frequencies)
        var counts = [Int](repeating: 0, count: 64)
        for depth in depths.dropLast() where depth > 0 { counts[depth] += 1 }
        // The reserved code takes the place of all ones; it is among the longest.
        if let reserved = depths.last { counts[reserved] += 1 }
        Self.limit(&counts)
        var longest = 16
        while longest > 1, counts[longest] == 0 { longest -= 1 }
        counts[longest] -= 1
        let ordered = frequencies.indices.filter { frequencies[$0] > 0 }.sorted {
            (depths[$0], $0) < (depths[$1], $1)
        }
        var lengths = [Int](repeating: 0, count: frequencies.count)
        var codes = [UInt32](repeating: 0, count: frequencies.count)
        var code: UInt32 = 0
        var next = ordered.startIndex
        for length in 1...16 {
            for _ in 0..<counts[length] where next < ordered.endIndex {
                lengths[ordered[next]] = length
                codes[ordered[next]] = code
                code += 1
                next += 1
            }
            code <<= 1
        }
        self.counts = counts[1...16].map { UInt8($0) }
        symbols = ordered.map { UInt8($0) }
        self.lengths = lengths
        self.codes = codes
    }

    /// The depth of each symbol's leaf, and of a reserved one's after them, which counts as occurring once.
    private static func depths(_ frequencies: [Int]) -> [Int] {
        var depths = [Int](repeating: 0, count: frequencies.count + 1)
        var trees = (frequencies + [1]).enumerated().filter { $0.element > 0 }.map {
            (weight: $0.element, leaves: [$0.offset])
        }
        while trees.count > 1 {
            // The reserved symbol has the highest index and the lowest weight: it goes as deep as any.
            trees.sort { ($0.weight, -($0.leaves.max() ?? 0)) > ($1.weight, -($1.leaves.max() ?? 0)) }
            let first = trees.removeLast()
            let second = trees.removeLast()
            for leaf in first.leaves + second.leaves { depths[leaf] += 1 }
            trees.append((first.weight + second.weight, first.leaves + second.leaves))
        }
        return depths
    }

    /// Moves codes of more than 16 bits up (figure K.3).
    private static func limit(_ counts: inout [Int]) {
        for length in stride(from: counts.count - 1, to: 16, by: -1) {
            while counts[length] > 0 {
                var shorter = length - 2
                while shorter > 0, counts[shorter] == 0 { shorter -= 1 }
                counts[length] -= 2
                counts[length - 1] += 1
                counts[shorter + 1] += 2
                counts[shorter] -= 1
            }
        }
    }
}

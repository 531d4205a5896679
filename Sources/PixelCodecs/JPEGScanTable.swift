/// A Huffman table as a stream defines it, for reading symbols and for writing them (ISO 10918-1 annexes C and F).
struct JPEGScanTable {
    /// By the next 10 bits: a symbol in the low byte and how many bits its code has above; 0 where the code is longer.
    let short: [UInt16]
    /// By length: the first code beyond those of that length, and what to add to a code for its place in `symbols`.
    private let limits: [Int]
    private let offsets: [Int]
    private var symbols: [UInt8]
    /// By symbol: the code and its length; a length of 0 for one that the table lacks.
    private var codes: [UInt16]
    private var lengths: [UInt8]
    /// Li: how many codes have each length; 0 at the first place.
    private var counts: [Int]
    /// The length of the longest codes, and the one beyond the last of them.
    private var longest: Int
    private var next: Int

    static let shortBits = 10
    /// How many bits `steps()` looks at.
    static let stepBits = 12

    /// Reads Li and Vij of a DHT segment (B.2.4.2); nil where they aren't a table.
    init?(_ reader: inout ByteReader) {
        var counts = [0]
        for _ in 1...16 {
            guard let count = reader.byte() else { return nil }
            counts.append(count)
        }
        var symbols: [UInt8] = []
        for _ in 0..<counts.reduce(0, +) {
            guard let symbol = reader.byte() else { return nil }
            symbols.append(UInt8(symbol))
        }
        var short = [UInt16](repeating: 0, count: 1 << Self.shortBits)
        var limits = [Int](repeating: 0, count: 17)
        var offsets = [Int](repeating: 0, count: 17)
        var codes = [UInt16](repeating: 0, count: 256)
        var lengths = [UInt8](repeating: 0, count: 256)
        var code = 0
        var index = 0
        for length in 1...16 {
            offsets[length] = index - code
            for _ in 0..<counts[length] {
                guard code < 1 << length else { return nil }
                let symbol = symbols[index]
                codes[Int(symbol)] = UInt16(code)
                lengths[Int(symbol)] = UInt8(length)
                if length <= Self.shortBits {
                    let first = code << (Self.shortBits - length)
                    let entry = UInt16(length) << 8 | UInt16(symbol)
                    for place in first..<(first + 1 << (Self.shortBits - length)) { short[place] = entry }
                }
                code += 1
                index += 1
            }
            limits[length] = code
            code <<= 1
        }
        guard let longest = counts.lastIndex(where: { $0 > 0 }) else { return nil }
        self.longest = longest
        next = limits[longest]
        self.counts = counts
        self.short = short
        self.limits = limits
        self.offsets = offsets
        self.symbols = symbols
        self.codes = codes
        self.lengths = lengths
    }

    /// The symbol whose code of more than 10 bits the 16 bits begin with, and the code's length; nil where there is none.
    func longSymbol(_ bits: Int) -> (symbol: Int, length: Int)? {
        for length in (Self.shortBits + 1)...16 {
            let code = bits >> (16 - length)
            guard code < limits[length] else { continue }
            let index = code + offsets[length]
            return symbols.indices.contains(index) ? (Int(symbols[index]), length) : nil
        }
        return nil
    }

    /// For a table of AC codes, by the next 12 bits: as many whole steps through a block as they tell, a step being a code
    /// with the value that follows it, so that a block is passed without looking at each coefficient.
    ///
    /// - Returns: in the low byte how many bits the steps take, at most 27; in the next how many coefficients they pass,
    ///   the end of the block counted as one, behind the last of which there is none; above whether they end with it. Where
    ///   the bits don't tell one step, more coefficients than there are.
    func steps() -> [UInt32] {
        (0..<(1 << Self.stepBits)).map { bits in
            var (length, passed): (Int, Int) = (0, 0)
            while length < Self.stepBits {
                let rest = bits << length & (1 << Self.stepBits - 1)
                let entry = short[rest >> (Self.stepBits - Self.shortBits)]
                let (code, symbol) = (Int(entry >> 8), Int(entry & 0xFF))
                guard entry != 0, code <= Self.stepBits - length else { break }
                let (run, size) = (symbol >> 4, symbol & 15)
                // Of those without a value, only the end of a block and a run of 16 zeros are defined.
                guard size > 0 || run == 0 || run == 15 else { break }
                length += code + size
                passed += run + 1
                if symbol == 0 { return UInt32(length | passed << 8 | 1 << 16) }
            }
            return UInt32(length | (passed == 0 ? 0xFF : passed) << 8)
        }
    }

    /// The code of a symbol; nil where the table lacks it.
    func code(_ symbol: Int) -> (bits: UInt32, length: Int)? {
        guard lengths.indices.contains(symbol), lengths[symbol] > 0 else { return nil }
        return (UInt32(codes[symbol]), Int(lengths[symbol]))
    }

    /// The code of a symbol, which gets one if it has none: behind all others, so that those stay as they are. Encoders
    /// that count symbols keep the code of ones alone free (F.1.2.1.3, K.2), so that there is room for one more of the
    /// next length. What the table reads stays what it was.
    ///
    /// - Returns: nil where codes of 16 bits, or 255 of the length, don't leave room.
    mutating func codeAdding(_ symbol: Int) -> (bits: UInt32, length: Int)? {
        if let code = code(symbol) { return code }
        guard lengths.indices.contains(symbol) else { return nil }
        var length = longest
        var code = next
        while code >= (1 << length) - 1 {
            length += 1
            code <<= 1
            guard length <= 16 else { return nil }
        }
        // As many codes of one length as DHT can say (B.2.4.2).
        guard counts[length] < 255 else { return nil }
        codes[symbol] = UInt16(code)
        lengths[symbol] = UInt8(length)
        symbols.append(UInt8(symbol))
        counts[length] += 1
        longest = length
        next = code + 1
        return (UInt32(code), length)
    }

    /// Li and Vij as DHT has them.
    var definition: [UInt8] { counts.dropFirst().map { UInt8($0) } + symbols }
}

/// A Huffman table as a stream defines it, for reading symbols and for writing them (ISO 10918-1 annexes C and F).
struct JPEGScanTable {
    /// By the next 10 bits: a symbol in the low byte and how many bits its code has above; 0 where the code is longer.
    let short: [UInt16]
    /// By length: the first code beyond those of that length, and what to add to a code for its place in `symbols`.
    private let limits: [Int]
    private let offsets: [Int]
    private let symbols: [UInt8]
    /// By symbol: the code and its length; a length of 0 for one that the table lacks.
    private let codes: [UInt16]
    private let lengths: [UInt8]

    static let shortBits = 10

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
        self.short = short
        self.limits = limits
        self.offsets = offsets
        self.symbols = symbols
        self.codes = codes
        self.lengths = lengths
    }

    /// The symbol whose code of more than 10 bits the 16 bits begin with, and the code's length; nil where there is none.
    func longSymbol(_ bits: UInt32) -> (symbol: Int, length: Int)? {
        for length in (Self.shortBits + 1)...16 {
            let code = Int(bits >> UInt32(16 - length))
            guard code < limits[length] else { continue }
            let index = code + offsets[length]
            return symbols.indices.contains(index) ? (Int(symbols[index]), length) : nil
        }
        return nil
    }

    /// The code of a symbol; nil where the table lacks it.
    func code(_ symbol: Int) -> (bits: UInt32, length: Int)? {
        guard lengths.indices.contains(symbol), lengths[symbol] > 0 else { return nil }
        return (UInt32(codes[symbol]), Int(lengths[symbol]))
    }
}

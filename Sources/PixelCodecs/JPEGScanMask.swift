/// Masks MCUs of a sequential JPEG stream between its codes: the codes of all other blocks are copied as they are, but
/// for the DC differences right behind a mask, which refer to the block before.
///
/// The stream's own Huffman tables are kept, so that a frame costs one pass over its codes and no coefficient is made; a
/// symbol that they lack gets a code behind all others. libjpeg does what this can't (`JPEGCoefficients`).
struct JPEGScanMask {
    private let layout: JPEGScanLayout
    /// By component, as at the beginning of a restart interval.
    private let channels: [Channel]
    /// By MCU.
    private let isMasked: [Bool]
    /// The short codes of all tables, one table behind the other.
    private let short: [UInt16]
    /// The steps of the tables of AC codes, likewise.
    private let steps: [UInt32]

    /// A component, and where its DC coefficients stand.
    private struct Channel {
        /// Blocks of one MCU.
        let blocks: Int
        /// The DC coefficient of masked blocks.
        let fill: Int
        /// Where its tables are among those of the layout.
        let dc: Int
        let ac: Int
        /// Where the steps of its AC codes begin.
        let steps: Int
        /// The last block's DC coefficient, and what was added to it when it was written.
        var value = 0
        var added = 0

        /// Goes on by a block whose DC coefficient isn't written as it is, or to which the one before wasn't.
        ///
        /// - Returns: the difference to write.
        mutating func written(after difference: Int, isMasked: Bool) -> Int {
            let before = value + added
            value += difference
            added = isMasked ? fill - value : 0
            return value + added - before
        }
    }

    /// Both, to be read without checks.
    private struct Lookups {
        let short: UnsafeBufferPointer<UInt16>
        let steps: UnsafeBufferPointer<UInt32>
    }

    /// - Parameters:
    ///   - boxes: counted in MCUs.
    ///   - dc: the DC coefficient that shows the fill, given a component's index and the worth of a step.
    init(_ layout: JPEGScanLayout, boxes: [(columns: Range<Int>, rows: Range<Int>)], dc: (Int, Int) -> Int) {
        self.layout = layout
        short = layout.tables.flatMap(\.short)
        var steps: [UInt32] = []
        var places: [Int: Int] = [:]
        for component in layout.components where places[component.ac] == nil {
            places[component.ac] = steps.count
            steps += layout.tables[component.ac].steps()
        }
        self.steps = steps
        channels = layout.components.enumerated().map { index, component in
            Channel(
                blocks: component.blocks, fill: dc(index, component.step), dc: component.dc, ac: component.ac,
                steps: places[component.ac] ?? 0)
        }
        var isMasked = [Bool](repeating: false, count: layout.mcusAcross * layout.mcusDown)
        for box in boxes {
            for row in box.rows.clamped(to: 0..<layout.mcusDown) {
                for column in box.columns.clamped(to: 0..<layout.mcusAcross) {
                    isMasked[row * layout.mcusAcross + column] = true
                }
            }
        }
        self.isMasked = isMasked
    }

    /// The new stream; nil where the entropy-coded data isn't what the header promises, to its last bit, or where a
    /// table has no room for a code that is needed.
    ///
    /// - Parameters:
    ///   - bits, writer: memory; what is in them is of no account.
    func apply(to stream: [UInt8], _ bits: inout JPEGScanBits, _ writer: inout JPEGBitWriter) -> [UInt8]? {
        writer.removeAll()
        var tables = layout.tables
        let count = isMasked.count
        let length = layout.restartInterval == 0 ? count : layout.restartInterval
        let isWritten = withLookups { lookups in
            for (index, interval) in layout.intervals.enumerated() {
                let units = (index * length)..<min((index + 1) * length, count)
                bits.load(stream, interval)
                let hasChanged = bits.withCursor { write(&$0, units, lookups, &tables, to: &writer) }
                guard let hasChanged else { return false }
                if !hasChanged { writer.append(stream[interval]) }
                writer.end(marker: index == layout.intervals.count - 1 ? 0xD9 : 0xD0 + UInt8(index % 8))
            }
            return true
        }
        return isWritten ? layout.header(with: tables) + writer.bytes : nil
    }

    private func withLookups<Result>(_ body: (Lookups) -> Result) -> Result {
        short.withUnsafeBufferPointer { short in
            steps.withUnsafeBufferPointer { body(Lookups(short: short, steps: $0)) }
        }
    }

    /// One restart interval, at whose beginning DC prediction begins anew.
    ///
    /// - Returns: whether anything changed, else nothing was written; nil where the data is damaged.
    private func write(
        _ bits: inout JPEGScanCursor, _ units: Range<Int>, _ lookups: Lookups,
        _ tables: inout [JPEGScanTable], to writer: inout JPEGBitWriter
    ) -> Bool? {
        var channels = channels
        return channels.withUnsafeMutableBufferPointer { channels -> Bool? in
            // From here on everything is copied.
            var start = 0
            var hasChanged = false
            for unit in units {
                let isMasked = isMasked[unit]
                for index in channels.indices {
                    for _ in 0..<channels[index].blocks {
                        let block = bits.position
                        guard let difference = readDC(&bits, channels[index].dc, lookups) else { return nil }
                        if isMasked || channels[index].added != 0 {
                            writer.put(start..<block, of: bits)
                            hasChanged = true
                            let written = channels[index].written(after: difference, isMasked: isMasked)
                            guard writeDC(written, &tables[channels[index].dc], to: &writer) else { return nil }
                            start = bits.position
                        } else {
                            channels[index].value += difference
                        }
                        guard skipAC(&bits, channels[index], lookups) else { return nil }
                        guard isMasked else { continue }
                        guard let end = tables[channels[index].ac].codeAdding(0) else { return nil }
                        writer.put(end.bits, end.length)
                        start = bits.position
                    }
                }
            }
            // What is left fills the last byte.
            guard bits.count - bits.position < 8 else { return nil }
            if hasChanged { writer.put(start..<bits.position, of: bits) }
            return hasChanged
        }
    }

    // MARK: - Codes (ISO 10918-1 F.1.2, F.2.2)

    /// A code of at most 16 bits, which must be ready.
    @inline(__always)
    private func symbol(
        _ bits: inout JPEGScanCursor, _ table: Int, _ lookups: Lookups
    ) -> Int? {
        let entry = lookups.short[table << JPEGScanTable.shortBits + bits.peek(JPEGScanTable.shortBits)]
        if entry != 0 {
            bits.skip(Int(entry >> 8))
            return Int(entry & 0xFF)
        }
        guard let (symbol, length) = layout.tables[table].longSymbol(bits.peek(16)) else { return nil }
        bits.skip(length)
        return symbol
    }

    @inline(__always)
    private func readDC(
        _ bits: inout JPEGScanCursor, _ table: Int, _ lookups: Lookups
    ) -> Int? {
        bits.load()
        guard let size = symbol(&bits, table, lookups), size <= 15 else { return nil }
        guard size > 0 else { return 0 }
        let value = bits.peek(size)
        bits.skip(size)
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value
    }

    /// False where the codes aren't those of one block, or where the data ends before.
    @inline(__always)
    private func skipAC(_ bits: inout JPEGScanCursor, _ channel: Channel, _ lookups: Lookups) -> Bool {
        var place = 1
        while place < 64 {
            bits.load()
            // Two steps take 54 bits at most, of 56.
            if let isEnd = step(&bits, &place, channel, lookups) {
                if isEnd { break }
                if step(&bits, &place, channel, lookups) == true { break }
                continue
            }
            guard let symbol = symbol(&bits, channel.ac, lookups) else { return false }
            let size = symbol & 15
            if size == 0 {
                if symbol == 0 { break }
                // Only a run of 16 zeros has no value.
                guard symbol == 0xF0 else { return false }
                place += 16
            } else {
                place += symbol >> 4 + 1
                bits.skip(size)
            }
        }
        return place <= 64 && !bits.isExhausted
    }

    /// Goes on by as many codes as one look tells.
    ///
    /// - Returns: whether the block ends with them; nil where they aren't all of this block, with nothing passed.
    @inline(__always)
    private func step(
        _ bits: inout JPEGScanCursor, _ place: inout Int, _ channel: Channel, _ lookups: Lookups
    ) -> Bool? {
        let step = lookups.steps[channel.steps + bits.peek(JPEGScanTable.stepBits)]
        let next = place + Int(step >> 8 & 0xFF)
        guard next <= 64 else { return nil }
        bits.skip(Int(step & 0xFF))
        place = next
        return step >> 16 != 0
    }

    private func writeDC(_ difference: Int, _ table: inout JPEGScanTable, to writer: inout JPEGBitWriter) -> Bool {
        let size = Int.bitWidth - abs(difference).leadingZeroBitCount
        guard size <= 15, let code = table.codeAdding(size) else { return false }
        writer.put(code.bits, code.length)
        if size > 0 {
            let value = difference < 0 ? difference + (1 << size) - 1 : difference
            writer.put(UInt32(value), size)
        }
        return true
    }
}

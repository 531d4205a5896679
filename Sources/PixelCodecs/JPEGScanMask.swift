/// Masks MCUs of a sequential JPEG stream between its codes: the codes of all other blocks are copied as they are, but
/// for the DC differences right behind a mask, which refer to the block before.
///
/// The stream's own Huffman tables are kept, so that a frame costs one pass over its codes and no coefficient is made; a
/// symbol that they lack gets a code behind all others. libjpeg does what this can't (`JPEGCoefficients`).
struct JPEGScanMask {
    private let layout: JPEGScanLayout
    /// The DC coefficient of masked blocks, by component.
    private let fill: [Int]
    /// By MCU.
    private let isMasked: [Bool]
    /// Blocks of one MCU, by component.
    private let blocks: [Int]
    /// The short codes of all tables, one table behind the other, and the steps likewise.
    private let short: [UInt16]
    private let steps: [UInt32]

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
        blocks = layout.components.map(\.blocks)
        short = layout.tables.flatMap(\.short)
        steps = layout.tables.flatMap { $0.steps() }
        fill = layout.components.enumerated().map { dc($0.offset, $0.element.step) }
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
    func apply(to stream: [UInt8]) -> [UInt8]? {
        var writer = JPEGBitWriter(capacity: stream.count + 64)
        var tables = layout.tables
        let count = isMasked.count
        let length = layout.restartInterval == 0 ? count : layout.restartInterval
        let isWritten = withLookups { lookups in
            for (index, interval) in layout.intervals.enumerated() {
                let units = (index * length)..<min((index + 1) * length, count)
                let bits = JPEGScanBits(stream, interval)
                let hasChanged = bits.withCursor { write(&$0, units, lookups, &tables, to: &writer) }
                guard let hasChanged else { return false }
                if !hasChanged { writer.put(stream[interval]) }
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
        var before = [Int](repeating: 0, count: blocks.count)
        var after = before
        // From here on everything is copied.
        var start = 0
        var hasChanged = false
        for unit in units {
            let isMasked = isMasked[unit]
            for index in blocks.indices {
                let component = layout.components[index]
                for _ in 0..<blocks[index] {
                    let block = bits.position
                    guard let difference = readDC(&bits, component.dc, lookups) else { return nil }
                    before[index] += difference
                    let isMoved = after[index] + difference != before[index]
                    if isMasked || isMoved {
                        bits.copy(start..<block, to: &writer)
                        hasChanged = true
                        let value = isMasked ? fill[index] : before[index]
                        guard writeDC(value - after[index], &tables[component.dc], to: &writer) else { return nil }
                        start = bits.position
                    }
                    guard skipAC(&bits, component.ac, lookups) else { return nil }
                    after[index] = isMasked ? fill[index] : before[index]
                    guard isMasked else { continue }
                    guard let end = tables[component.ac].codeAdding(0) else { return nil }
                    writer.put(end.bits, end.length)
                    start = bits.position
                }
            }
        }
        // What is left fills the last byte.
        guard bits.count - bits.position < 8 else { return nil }
        if hasChanged { bits.copy(start..<bits.position, to: &writer) }
        return hasChanged
    }

    // MARK: - Codes (ISO 10918-1 F.1.2, F.2.2)

    @inline(__always)
    private func symbol(
        _ bits: inout JPEGScanCursor, _ table: Int, _ lookups: Lookups
    ) -> Int? {
        let next = bits.next16
        let entry = lookups.short[table << JPEGScanTable.shortBits + Int(next >> UInt32(16 - JPEGScanTable.shortBits))]
        if entry != 0 {
            bits.skip(Int(entry >> 8))
            return Int(entry & 0xFF)
        }
        guard let (symbol, length) = layout.tables[table].longSymbol(next) else { return nil }
        bits.skip(length)
        return symbol
    }

    @inline(__always)
    private func readDC(
        _ bits: inout JPEGScanCursor, _ table: Int, _ lookups: Lookups
    ) -> Int? {
        guard let size = symbol(&bits, table, lookups), size <= 15 else { return nil }
        guard size > 0 else { return 0 }
        let value = Int(bits.take(size))
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value
    }

    /// False where the codes aren't those of one block, or where the data ends before.
    @inline(__always)
    private func skipAC(_ bits: inout JPEGScanCursor, _ table: Int, _ lookups: Lookups) -> Bool {
        var place = 1
        while place < 64 {
            let next12 = Int(bits.next16 >> UInt32(16 - JPEGScanTable.stepBits))
            let step = lookups.steps[table << JPEGScanTable.stepBits + next12]
            let next = place + Int(step >> 8 & 0xFF)
            // Behind the last coefficient no code of this block follows.
            if step != 0, next <= (step >> 16 == 0 ? 64 : 63) {
                bits.skip(Int(step & 0xFF))
                place = next
                if step >> 16 != 0 { break }
                continue
            }
            guard let symbol = symbol(&bits, table, lookups) else { return false }
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

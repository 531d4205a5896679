/// Where everything stands in a sequential JPEG stream of one scan (ISO 10918-1 annex B), as far as it is needed to
/// change blocks without encoding the others again.
struct JPEGScanLayout {
    struct Component {
        /// Blocks of one MCU.
        let blocks: Int
        /// The first element of its quantisation table: what a step of a DC coefficient is worth.
        let step: Int
        /// Where its tables are among `tables`.
        let dc: Int
        let ac: Int
    }

    let components: [Component]
    /// The Huffman tables that the scan uses.
    let tables: [JPEGScanTable]
    let mcusAcross: Int
    let mcusDown: Int
    /// MCUs between restart markers; 0 for none.
    let restartInterval: Int
    /// The header's segments that a masked stream has, Huffman tables and scan header aside: those that decode it, and
    /// JFIF where it is needed and Adobe, which say what the components are. JFIF without its thumbnail.
    private let header: [UInt8]
    private let scanHeader: [UInt8]
    /// Class and destination of each of `tables` (B.2.4.2).
    private let selectors: [UInt8]
    /// Entropy-coded bytes between restart markers, stuffing included.
    let intervals: [Range<Int>]

    /// Nil for what isn't handled here: other processes, several scans, a scan that not all components take part in,
    /// tables or markers out of order, and anything damaged.
    init?(_ stream: [UInt8], frame: JPEGHeader, keepsJFIF: Bool) {
        guard frame.process == 0 || frame.process == 1, frame.scanComponents == frame.components.count else {
            return nil
        }
        var parts = Parts(keepsJFIF: keepsJFIF)
        guard let scan = parts.read(stream) else { return nil }
        guard let components = parts.components(of: frame) else { return nil }
        self.components = components
        tables = parts.usedTables.map(\.table)
        selectors = parts.usedTables.map { UInt8($0.selector) }
        header = parts.header
        scanHeader = parts.scanHeader
        restartInterval = parts.restartInterval
        mcusAcross = (frame.columns + frame.mcuWidth - 1) / frame.mcuWidth
        mcusDown = (frame.rows + frame.mcuHeight - 1) / frame.mcuHeight
        let count = mcusAcross * mcusDown
        let expected = restartInterval == 0 ? 1 : (count + restartInterval - 1) / restartInterval
        guard let intervals = Self.intervals(stream, from: scan), intervals.count == expected else { return nil }
        self.intervals = intervals
    }

    /// All that stands before the entropy-coded bytes, with `tables` in the place of those that were read.
    func header(with tables: [JPEGScanTable]) -> [UInt8] {
        let definitions = zip(selectors, tables).flatMap { [$0] + $1.definition }
        let length = definitions.count + 2
        return header + [0xFF, 0xC4, UInt8(length >> 8), UInt8(length & 0xFF)] + definitions + scanHeader
    }

    /// Divides a scan at its restart markers, which must count from 0 to 7 again and again; nil unless EOI ends it. Fill
    /// bytes before a marker (B.1.1.2), as dcmtk writes them, belong to no interval.
    private static func intervals(_ stream: [UInt8], from start: Int) -> [Range<Int>]? {
        var result: [Range<Int>] = []
        var begin = start
        return stream.withUnsafeBufferPointer { bytes -> [Range<Int>]? in
            var start = start
            while let place = bytes.firstFF(in: min(start, bytes.count)..<bytes.count), place + 1 < bytes.count {
                var next = place + 1
                while next + 1 < bytes.count, bytes[next] == 0xFF { next += 1 }
                switch bytes[next] {
                case 0 where next == place + 1: break
                case 0xD0...0xD7:
                    guard Int(bytes[next]) - 0xD0 == result.count % 8 else { return nil }
                    result.append(begin..<place)
                    begin = next + 1
                case 0xD9:
                    result.append(begin..<place)
                    return result
                default: return nil
                }
                start = next + 1
            }
            return nil
        }
    }
}

extension JPEGScanLayout {
    /// What the segments before the scan say.
    private struct Parts {
        let keepsJFIF: Bool
        var header: [UInt8] = [0xFF, 0xD8]
        var scanHeader: [UInt8] = []
        /// In the order in which components use them.
        private(set) var usedTables: [(selector: Int, table: JPEGScanTable)] = []
        var restartInterval = 0
        private var steps: [Int: Int] = [:]
        private var tables: [Int: JPEGScanTable] = [:]
        /// For each component of the scan: its identifier and its two tables.
        private var selectors: [(identifier: Int, tables: Int)] = []

        init(keepsJFIF: Bool) {
            self.keepsJFIF = keepsJFIF
        }

        /// - Returns: where the entropy-coded bytes begin.
        mutating func read(_ stream: [UInt8]) -> Int? {
            var reader = ByteReader(stream)
            guard reader.word() == 0xFFD8 else { return nil }
            while selectors.isEmpty {
                let start = reader.position
                guard let marker = reader.word(), let length = reader.word(), length >= 2,
                    var body = reader.part(length - 2), read(&body, marker: marker)
                else { return nil }
                keep(stream[start..<reader.position], marker: marker)
            }
            return reader.position
        }

        private mutating func read(_ body: inout ByteReader, marker: Int) -> Bool {
            switch marker {
            case 0xFFC4: return readTables(&body)
            case 0xFFDB: return readSteps(&body)
            case 0xFFDD:
                restartInterval = body.word() ?? 0
                return true
            case 0xFFDA: return readScan(&body)
            // The frame header is read already (`JPEGHeader`), and is the only one before the scan.
            case 0xFFC0, 0xFFC1, 0xFFE0...0xFFEF, 0xFFFE: return true
            default: return false
            }
        }

        private mutating func keep(_ segment: ArraySlice<UInt8>, marker: Int) {
            let body = segment.dropFirst(4)
            switch marker {
            case 0xFFE0:
                guard keepsJFIF, body.starts(with: Array("JFIF\0".utf8)), body.count >= 14 else { return }
                header += [0xFF, 0xE0, 0, 16] + body.prefix(12) + [0, 0]
            case 0xFFEE:
                guard body.starts(with: Array("Adobe".utf8)), body.count >= 12 else { return }
                header += [0xFF, 0xEE, 0, 14] + body.prefix(12)
            case 0xFFE1...0xFFEF, 0xFFFE, 0xFFC4: return
            case 0xFFDA: scanHeader += segment
            default: header += segment
            }
        }

        private mutating func readSteps(_ body: inout ByteReader) -> Bool {
            while body.left > 0 {
                guard let selector = body.byte() else { return false }
                let isWide = selector >> 4 == 1
                guard selector >> 4 <= 1, let step = isWide ? body.word() : body.byte(), step > 0,
                    body.skip(63 * (isWide ? 2 : 1))
                else { return false }
                steps[selector & 15] = step
            }
            return true
        }

        private mutating func readTables(_ body: inout ByteReader) -> Bool {
            while body.left > 0 {
                guard let selector = body.byte(), let table = JPEGScanTable(&body) else { return false }
                tables[selector] = table
            }
            return true
        }

        private mutating func readScan(_ body: inout ByteReader) -> Bool {
            guard let count = body.byte(), (1...4).contains(count) else { return false }
            for _ in 0..<count {
                guard let identifier = body.byte(), let tables = body.byte() else { return false }
                selectors.append((identifier, tables))
            }
            // Ss, Se, Ah and Al of a sequential scan.
            return body.byte() == 0 && body.byte() == 63 && body.byte() == 0
        }

        mutating func components(of frame: JPEGHeader) -> [Component]? {
            guard selectors.map(\.identifier) == frame.components.map(\.identifier) else { return nil }
            var result: [Component] = []
            for (selector, sampling) in zip(selectors, frame.components) {
                guard let step = steps[sampling.quantiser], let dc = use(selector.tables >> 4),
                    let ac = use(0x10 | selector.tables & 15)
                else { return nil }
                let blocks = selectors.count == 1 ? 1 : sampling.horizontal * sampling.vertical
                result.append(Component(blocks: blocks, step: step, dc: dc, ac: ac))
            }
            return result
        }

        /// Where a table is among those that are used.
        private mutating func use(_ selector: Int) -> Int? {
            if let index = usedTables.firstIndex(where: { $0.selector == selector }) { return index }
            guard let table = tables[selector] else { return nil }
            usedTables.append((selector, table))
            return usedTables.count - 1
        }
    }
}

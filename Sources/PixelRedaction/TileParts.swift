/// Which parts of which tiles a JPEG 2000 codestream has (ITU-T T.800 A.4.2): a decoder shows nothing of a tile that is
/// missing, and says nothing of a part that is there twice.
struct TileParts {
    /// How many tiles the image area has; 0 before SIZ.
    private var count = 0
    /// By tile: how many parts there were, and how many there are to be, 0 where that isn't said.
    private var parts: [Int: (seen: Int, total: Int)] = [:]

    init() {}

    /// - Parameter size: the SIZ segment with its marker; nil where it is none (A.5.1).
    init?(size: ArraySlice<UInt8>) {
        guard size.count >= 38 else { return nil }
        func value(_ place: Int) -> Int {
            size[(size.startIndex + place)..<(size.startIndex + place + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        func tiles(_ axis: Int) -> Int? {
            let (end, length, origin) = (value(6 + axis), value(22 + axis), value(30 + axis))
            guard length > 0, end > origin else { return nil }
            return (end - origin + length - 1) / length
        }
        // Isot has 16 bits.
        guard let across = tiles(0), let down = tiles(4), across <= 65_535, down <= 65_535, across * down <= 65_535
        else {
            return nil
        }
        count = across * down
    }

    /// - Parameter part: from SOT on, whose segment is whole.
    /// - Returns: whether it is the next one of its tile.
    mutating func add(_ part: ArraySlice<UInt8>) -> Bool {
        let start = part.startIndex
        let tile = Int(part[start + 4]) << 8 | Int(part[start + 5])
        let (index, total) = (Int(part[start + 10]), Int(part[start + 11]))
        var own = parts[tile] ?? (0, 0)
        guard tile < count, index == own.seen else { return false }
        own.seen += 1
        if total > 0 { own.total = total }
        parts[tile] = own
        return true
    }

    /// Whether all parts of all tiles were there; some encoders count one too few.
    var areWhole: Bool { parts.count == count && parts.values.allSatisfy { $0.seen >= $0.total } }
}

import DICOMModel

extension EncapsulatedPixelData {
    /// Which fragments make up each frame (PS3.5 A.4), as ranges of indices into `fragments`, in the order of frames.
    ///
    /// One frame is all fragments, and as many fragments as frames are one each, whatever the tables say: there is no
    /// other way. Else the Extended Offset Table, the Basic Offset Table, or the beginnings and ends of JPEG and JPEG
    /// 2000 streams decide, and must agree with Number of Frames.
    ///
    /// - Parameters:
    ///   - count: Number of Frames, at least 1.
    ///   - extendedOffsets: (7FE0,0001), where the Data Set has one.
    /// - Throws: `DICOMFileError` with code `.malformed` where the fragments don't come out as `count` frames.
    public func frames(count: Int, extendedOffsets: ExtendedOffsetTable? = nil) throws -> [Range<Int>] {
        guard count >= 1 else { throw DICOMFileError(.malformed, "Number of Frames is less than 1") }
        guard fragments.count >= count else {
            throw DICOMFileError(.malformed, "there are \(fragments.count) fragments for \(count) frames")
        }
        if count == 1 { return [0..<fragments.count] }
        if fragments.count == count { return (0..<count).map { $0..<($0 + 1) } }
        if let extendedOffsets { return try frames(count: count, offsets: extendedOffsets.offsets) }
        if !basicOffsetTable.isEmpty { return try frames(count: count, offsets: basicOffsets()) }
        return try framesByMarkers(count: count)
    }

    /// The stream of one frame: its fragments joined.
    ///
    /// - Parameter range: indices into `fragments`, as `frames(count:extendedOffsets:)` gives them.
    public func stream(_ range: Range<Int>) throws -> [UInt8] {
        let range = range.clamped(to: 0..<fragments.count)
        if range.count == 1 { return try fragments[range.lowerBound].load() }
        var stream: [UInt8] = []
        stream.reserveCapacity(fragments[range].reduce(0) { $0 + $1.count })
        for fragment in fragments[range] { stream += try fragment.load() }
        return stream
    }

    /// The same Pixel Data with other streams for some frames, one fragment each; the fragments of other frames stay as
    /// they are. The Basic Offset Table is left empty.
    ///
    /// - Parameter ranges: the fragments of each frame, as `frames(count:extendedOffsets:)` gives them.
    /// - Returns: it, and the index of each frame's first fragment.
    /// - Throws: `.invalidValue` for a frame that there isn't.
    func replacing(
        _ streams: [FrameNumber: FrameStream], ranges: [Range<Int>]
    ) throws -> (pixelData: EncapsulatedPixelData, starts: [Int]) {
        guard streams.keys.allSatisfy({ $0.index < ranges.count }) else {
            throw DICOMFileError(.invalidValue, "a frame is to be replaced that isn't there")
        }
        var replaced: [ValueBytes] = []
        var starts: [Int] = []
        for (index, range) in ranges.enumerated() {
            starts.append(replaced.count)
            if let stream = streams[FrameNumber(index: index)] {
                replaced.append(stream.fragment)
            } else {
                replaced += fragments[range]
            }
        }
        return (EncapsulatedPixelData(fragments: replaced), starts)
    }

    /// Whether the offset tables, where there are any, say of each frame just what `ranges` says.
    ///
    /// `frames(count:extendedOffsets:)` ignores tables where there is no other way than one; another reader may believe
    /// them, and would then show other frames than those that were looked at.
    public func offsetTablesAgree(with ranges: [Range<Int>], extendedOffsets: ExtendedOffsetTable? = nil) -> Bool {
        let places = fragmentOffsets
        let starts = ranges.map { places[$0.lowerBound] }
        if !basicOffsetTable.isEmpty, (try? basicOffsets()) != starts { return false }
        guard let extendedOffsets else { return true }
        let sizes = ranges.map { fragments[$0].reduce(0) { $0 + UInt64($1.count) } }
        // A length may leave the padding out.
        return extendedOffsets.offsets == starts && extendedOffsets.lengths.count == sizes.count
            && zip(extendedOffsets.lengths, sizes).allSatisfy { $0 == $1 || ($0 < .max && $0 + 1 == $1) }
    }

    /// Where each fragment's item begins, counted from the first fragment's item.
    var fragmentOffsets: [UInt64] {
        var offset: UInt64 = 0
        return fragments.map { fragment in
            defer { offset += UInt64(8 + fragment.count) }
            return offset
        }
    }

    // MARK: -

    private func basicOffsets() throws -> [UInt64] {
        guard basicOffsetTable.count % 4 == 0 else {
            throw DICOMFileError(.malformed, "the Basic Offset Table isn't a whole number of offsets")
        }
        return stride(from: 0, to: basicOffsetTable.count, by: 4).map { start in
            basicOffsetTable[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private func frames(count: Int, offsets: [UInt64]) throws -> [Range<Int>] {
        guard offsets.count == count else {
            throw DICOMFileError(.malformed, "the offset table has \(offsets.count) entries for \(count) frames")
        }
        let places = Dictionary(zip(fragmentOffsets, fragments.indices)) { first, _ in first }
        var starts: [Int] = []
        for offset in offsets {
            guard let start = places[offset], start > starts.last ?? -1 else {
                throw DICOMFileError(.malformed, "the offset table points to where no fragment of a next frame begins")
            }
            starts.append(start)
        }
        return try ranges(starts)
    }

    private func ranges(_ starts: [Int]) throws -> [Range<Int>] {
        guard starts.first == 0 else {
            throw DICOMFileError(.malformed, "the first frame doesn't begin with the first fragment")
        }
        return zip(starts, starts.dropFirst() + [fragments.count]).map { $0..<$1 }
    }

    /// A frame begins where a fragment begins with a start marker and the one before it ends with an end marker.
    private func framesByMarkers(count: Int) throws -> [Range<Int>] {
        var starts: [Int] = []
        for (index, fragment) in fragments.enumerated() {
            let head = try fragment.load(0..<4)
            guard head.starts(with: [0xFF, 0xD8, 0xFF]) || head == [0xFF, 0x4F, 0xFF, 0x51] else { continue }
            if index > 0 {
                let last = fragments[index - 1]
                let tail = try last.load(max(0, last.count - 4)..<last.count)
                guard tail.reversed().drop(while: { $0 == 0 }).starts(with: [0xD9, 0xFF]) else { continue }
            }
            starts.append(index)
        }
        guard starts.count == count else {
            throw DICOMFileError(
                .malformed, "\(fragments.count) fragments without an offset table can't be divided into \(count) frames"
            )
        }
        return try ranges(starts)
    }

    /// A Basic Offset Table; nil where an offset needs more than 32 bits.
    func offsetTable(starts: [Int]) -> [UInt8]? {
        let offsets = fragmentOffsets
        var table: [UInt8] = []
        for start in starts {
            guard let offset = UInt32(exactly: offsets[start]) else { return nil }
            table += ElementEncoding.explicitLittle.bytes(of: offset)
        }
        return table
    }
}

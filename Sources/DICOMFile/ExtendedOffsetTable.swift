public import DICOMModel

/// Where the frames of encapsulated Pixel Data begin and how long they are (PS3.3 C.7.6.3.1.8); each is one fragment.
public struct ExtendedOffsetTable: Hashable, Sendable {
    /// In bytes from the first fragment's item tag.
    public var offsets: [UInt64]
    /// In bytes, without item headers and padding.
    public var lengths: [UInt64]

    public init(offsets: [UInt64], lengths: [UInt64]) {
        self.offsets = offsets
        self.lengths = lengths
    }

    /// That of Pixel Data whose frames are one fragment each; nil for others.
    public init?(_ pixelData: EncapsulatedPixelData, count: Int) {
        guard pixelData.fragments.count == count else { return nil }
        offsets = pixelData.fragmentOffsets
        lengths = pixelData.fragments.map { UInt64($0.count) }
    }
}

extension DataSet {
    /// (7FE0,0001) and (7FE0,0002); nil where the Data Set has none.
    ///
    /// - Throws: `DICOMFileError` with code `.malformed` where it is not a table.
    public func extendedOffsetTable() throws -> ExtendedOffsetTable? {
        guard let element = self[.extendedOffsetTable], !element.isEmpty else { return nil }
        let offsets = integers(.extendedOffsetTable)
        let lengths = integers(.extendedOffsetTableLengths)
        guard !offsets.isEmpty, offsets.count == lengths.count else {
            throw DICOMFileError(.malformed, "the Extended Offset Table and its lengths don't match")
        }
        let pair = (offsets.compactMap(UInt64.init(exactly:)), lengths.compactMap(UInt64.init(exactly:)))
        return ExtendedOffsetTable(offsets: pair.0, lengths: pair.1)
    }

    /// Replaces the streams of some frames of encapsulated Pixel Data and writes the offset tables anew.
    ///
    /// There is an Extended Offset Table where there was one, and where a Basic one would have to say more than 32 bits
    /// hold; else a Basic one where there was one, or where frames can't be told apart without.
    ///
    /// - Parameter count: Number of Frames.
    /// - Throws: `DICOMFileError`: see `EncapsulatedPixelData.frames(count:extendedOffsets:)`; `.unsupported` where Pixel
    ///   Data is not encapsulated; `.tooLarge` where no table can tell the frames apart.
    public mutating func replaceFrames(_ streams: [FrameNumber: FrameStream], count: Int) throws {
        guard let element = self[.pixelData], case .fragments(let pixelData) = element.value else {
            throw DICOMFileError(.unsupported, "Pixel Data is not encapsulated")
        }
        let table = try extendedOffsetTable()
        let ranges = try pixelData.frames(count: count, extendedOffsets: table)
        var (replaced, starts) = try pixelData.replacing(streams, ranges: ranges)
        let oneFragmentEach = ExtendedOffsetTable(replaced, count: count)
        var extended: ExtendedOffsetTable?
        if table != nil, oneFragmentEach != nil {
            extended = oneFragmentEach
        } else if table != nil || !pixelData.basicOffsetTable.isEmpty || (count > 1 && oneFragmentEach == nil) {
            if let basic = replaced.offsetTable(starts: starts) {
                replaced.basicOffsetTable = basic
            } else if oneFragmentEach != nil {
                extended = oneFragmentEach
            } else {
                throw DICOMFileError(.tooLarge, "frames of several fragments begin beyond 4 GiB")
            }
        }
        self[.pixelData] = element.replacing(.fragments(replaced))
        extended?.setLengths(of: streams, else: table)
        setExtendedOffsetTable(extended)
    }

    /// Puts native samples in the place of fragments, offset tables included. `value` has an even length.
    public mutating func setNativePixelData(_ value: ValueBytes, vr: VR) {
        self[.pixelData] = DataElement(tag: .pixelData, vr: vr, value: .bytes(value))
        setExtendedOffsetTable(nil)
    }

    private mutating func setExtendedOffsetTable(_ table: ExtendedOffsetTable?) {
        guard let table else {
            self[.extendedOffsetTable] = nil
            self[.extendedOffsetTableLengths] = nil
            return
        }
        set(.extendedOffsetTable, .ov, unsigned: table.offsets.map { Int(clamping: $0) })
        set(.extendedOffsetTableLengths, .ov, unsigned: table.lengths.map { Int(clamping: $0) })
    }
}

extension ExtendedOffsetTable {
    /// Lengths without padding: known for new streams, and what the old table said for the others.
    fileprivate mutating func setLengths(of streams: [FrameNumber: FrameStream], else old: ExtendedOffsetTable?) {
        for index in lengths.indices {
            if let stream = streams[FrameNumber(index: index)] {
                lengths[index] = UInt64(stream.length)
            } else if let old, old.lengths.indices.contains(index) {
                lengths[index] = old.lengths[index]
            }
        }
    }
}

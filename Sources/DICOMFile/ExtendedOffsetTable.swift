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

    /// Replaces the streams of some frames of encapsulated Pixel Data and brings both offset tables up to date.
    ///
    /// - Parameter count: Number of Frames.
    /// - Throws: `DICOMFileError`: see `EncapsulatedPixelData.frames(count:extendedOffsets:)`; `.unsupported` where Pixel
    ///   Data is not encapsulated.
    public mutating func replaceFrames(_ streams: [FrameNumber: [UInt8]], count: Int) throws {
        guard let element = self[.pixelData], case .fragments(let pixelData) = element.value else {
            throw DICOMFileError(.unsupported, "Pixel Data is not encapsulated")
        }
        let table = try extendedOffsetTable()
        let replaced = try pixelData.replacingFrames(streams, count: count, extendedOffsets: table)
        self[.pixelData] = element.replacing(.fragments(replaced))
        guard let table else { return }
        guard var new = ExtendedOffsetTable(replaced, count: count) else {
            self[.extendedOffsetTable] = nil
            self[.extendedOffsetTableLengths] = nil
            return
        }
        for index in 0..<count {
            let stream = streams[FrameNumber(index: index)]
            if let stream {
                new.lengths[index] = UInt64(stream.count)
            } else if table.lengths.indices.contains(index) {
                new.lengths[index] = table.lengths[index]
            }
        }
        set(.extendedOffsetTable, .ov, unsigned: new.offsets.map { Int(clamping: $0) })
        set(.extendedOffsetTableLengths, .ov, unsigned: new.lengths.map { Int(clamping: $0) })
    }
}

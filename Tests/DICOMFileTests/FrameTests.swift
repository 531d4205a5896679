import DICOMFile
import DICOMModel
import Testing

@Suite struct `Frames of encapsulated Pixel Data` {
    private static func jpeg(_ content: UInt8, _ count: Int = 2) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: content, count: count) + [0xFF, 0xD9]
    }

    private func pixelData(_ fragments: [[UInt8]], table: [Int] = []) -> EncapsulatedPixelData {
        EncapsulatedPixelData(
            basicOffsetTable: table.flatMap { Bytes.u32($0) }, fragments: fragments.map { ValueBytes($0) })
    }

    @Test func `one frame is all fragments`() throws {
        let data = pixelData([[1, 2], [3, 4], [5, 6]], table: [0])
        #expect(try data.frames(count: 1) == [0..<3])
        #expect(try data.stream(0..<3) == [1, 2, 3, 4, 5, 6])
    }

    @Test func `as many fragments as frames are one each, also with a wrong table`() throws {
        let data = pixelData([[1, 2], [3, 4]], table: [0, 999])
        #expect(try data.frames(count: 2) == [0..<1, 1..<2])
    }

    @Test func `the Basic Offset Table divides fragments`() throws {
        // Offsets count item headers of 8 bytes (PS3.5 A.4, table A.4-2).
        let data = pixelData([[1, 2], [3, 4], [5, 6, 7, 8]], table: [0, 20])
        #expect(try data.frames(count: 2) == [0..<2, 2..<3])
    }

    @Test(arguments: [[0, 10, 20], [0, 11], [4, 20], [20, 0], [0, 0]])
    func `a table that doesn't fit is an error`(table: [Int]) {
        let data = pixelData([[1, 2], [3, 4], [5, 6, 7, 8]], table: table)
        let error = #expect(throws: DICOMFileError.self) { try data.frames(count: 2) }
        #expect(error?.code == .malformed)
    }

    @Test func `the Extended Offset Table is believed first`() throws {
        let data = pixelData([[1, 2], [3, 4], [5, 6, 7, 8]])
        let table = ExtendedOffsetTable(offsets: [0, 10], lengths: [2, 14])
        #expect(try data.frames(count: 2, extendedOffsets: table) == [0..<1, 1..<3])
    }

    @Test func `markers divide fragments where there is no table`() throws {
        let first = Self.jpeg(1)
        let data = pixelData([Array(first.prefix(4)), Array(first.dropFirst(4)) + [0], Self.jpeg(2)])
        #expect(try data.frames(count: 2) == [0..<2, 2..<3])
        #expect(throws: DICOMFileError.self) { try pixelData([[1, 2], [3, 4], [5, 6]]).frames(count: 2) }
        #expect(throws: DICOMFileError.self) { try data.frames(count: 4) }
    }

    private func dataSet(_ pixelData: EncapsulatedPixelData) -> DataSet {
        var dataSet = DataSet()
        dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        return dataSet
    }

    private func written(_ dataSet: DataSet) throws -> EncapsulatedPixelData {
        guard case .fragments(let pixelData)? = dataSet[.pixelData]?.value else { return pixelData([]) }
        return pixelData
    }

    @Test(arguments: [false, true])
    func `replaced frames get a new table`(isSpooled: Bool) throws {
        var replaced = dataSet(pixelData([[1, 2], [3, 4], [5, 6, 7, 8]], table: [0, 20]))
        let stream = isSpooled ? try FrameStream([9, 9, 9], in: SpoolFile()) : FrameStream([9, 9, 9])
        try replaced.replaceFrames([FrameNumber(index: 0): stream], count: 2)
        #expect(try written(replaced).fragments.map { try $0.load() } == [[9, 9, 9, 0], [5, 6, 7, 8]])
        #expect(try written(replaced).basicOffsetTable == Bytes.u32(0) + Bytes.u32(12))
        let beyond = [FrameNumber(index: 2): FrameStream([9])]
        #expect(throws: DICOMFileError.self) { try replaced.replaceFrames(beyond, count: 2) }
    }

    @Test func `frames that were told apart by their markers get a table`() throws {
        let first = Self.jpeg(1)
        var replaced = dataSet(
            pixelData([Array(first.prefix(4)), Array(first.dropFirst(4)) + [0, 0], Self.jpeg(2), [1, 2]]))
        try replaced.replaceFrames([FrameNumber(index: 1): FrameStream(Self.jpeg(3))], count: 2)
        // 4 and 6 bytes with 8 of an item header each.
        #expect(try written(replaced).basicOffsetTable == Bytes.u32(0) + Bytes.u32(26))
    }

    @Test func `the Extended Offset Table follows replaced frames`() throws {
        var replaced = dataSet(pixelData([[1, 2], [3, 4, 5, 0]]))
        replaced.set(.extendedOffsetTable, .ov, unsigned: [0, 10])
        replaced.set(.extendedOffsetTableLengths, .ov, unsigned: [2, 3])
        try replaced.replaceFrames([FrameNumber(index: 0): FrameStream([7, 7, 7, 7, 7])], count: 2)
        #expect(replaced.integers(.extendedOffsetTable) == [0, 14])
        #expect(replaced.integers(.extendedOffsetTableLengths) == [5, 3])
        #expect(try written(replaced).basicOffsetTable.isEmpty)
    }

    /// Bytes that nobody reads.
    private struct Unread: ByteSource {
        let count: Int
        func read(_ range: Range<Int>) throws -> [UInt8] { throw DICOMFileError(.readFailed, "not to be read") }

        func fragment() -> ValueBytes { ValueBytes(source: self, range: 0..<count) }
    }

    @Test func `beyond 4 GiB a Basic Offset Table becomes an Extended one`() throws {
        let large = 1 << 31
        var pixels = EncapsulatedPixelData(fragments: (0..<4).map { _ in Unread(count: large).fragment() })
        pixels.basicOffsetTable = (0..<4).flatMap { Bytes.u32($0) }
        var replaced = dataSet(pixels)
        try replaced.replaceFrames([FrameNumber(index: 1): FrameStream([1, 2, 3])], count: 4)
        #expect(try written(replaced).basicOffsetTable.isEmpty)
        #expect(replaced.integers(.extendedOffsetTable) == [0, large + 8, large + 20, 2 * large + 28])
        #expect(replaced.integers(.extendedOffsetTableLengths) == [large, 3, large, large])
    }

    @Test func `frames of several fragments beyond 4 GiB are refused`() throws {
        let first = ValueBytes(Self.jpeg(1))
        let pixels = EncapsulatedPixelData(
            fragments: [first] + (0..<4).map { _ in Unread(count: 1 << 31).fragment() } + [first])
        var replaced = dataSet(pixels)
        let offsets = [0, 16 + 4 * (8 + (1 << 31))]
        replaced.set(.extendedOffsetTable, .ov, unsigned: offsets)
        replaced.set(.extendedOffsetTableLengths, .ov, unsigned: [8, 8])
        let change = [FrameNumber(index: 1): FrameStream([1, 2])]
        let error = #expect(throws: DICOMFileError.self) { try replaced.replaceFrames(change, count: 2) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `tables that say otherwise than the fragments don't agree`() throws {
        let data = pixelData([[1, 2], [3, 4]])
        func agrees(_ table: [Int], _ extended: ExtendedOffsetTable? = nil) throws -> Bool {
            var data = data
            data.basicOffsetTable = table.flatMap { Bytes.u32($0) }
            return data.offsetTablesAgree(with: try data.frames(count: 2), extendedOffsets: extended)
        }
        #expect(try agrees([]) && agrees([0, 10]))
        for table in [[10, 0], [0, 12], [0], [0, 10, 20], [8, 18]] { #expect(try !agrees(table)) }
        #expect(try agrees([], ExtendedOffsetTable(offsets: [0, 10], lengths: [1, 2])))
        #expect(try !agrees([], ExtendedOffsetTable(offsets: [0, 10], lengths: [2, 4])))
        #expect(try !agrees([], ExtendedOffsetTable(offsets: [0, 12], lengths: [2, 2])))
    }
}

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

    @Test func `replaced frames get a new table`() throws {
        let data = pixelData([[1, 2], [3, 4], [5, 6, 7, 8]], table: [0, 20])
        let replaced = try data.replacingFrames([FrameNumber(index: 0): [9, 9, 9]], count: 2)
        #expect(try replaced.fragments.map { try $0.load() } == [[9, 9, 9, 0], [5, 6, 7, 8]])
        #expect(replaced.basicOffsetTable == Bytes.u32(0) + Bytes.u32(12))
        #expect(throws: DICOMFileError.self) { try data.replacingFrames([FrameNumber(index: 2): [9]], count: 2) }
    }

    @Test func `the Extended Offset Table follows replaced frames`() throws {
        var dataSet = DataSet()
        dataSet.set(.extendedOffsetTable, .ov, unsigned: [0, 10])
        dataSet.set(.extendedOffsetTableLengths, .ov, unsigned: [2, 3])
        dataSet[.pixelData] = DataElement(
            tag: .pixelData, vr: .ob, value: .fragments(pixelData([[1, 2], [3, 4, 5, 0]])))
        try dataSet.replaceFrames([FrameNumber(index: 0): [7, 7, 7, 7, 7]], count: 2)
        #expect(dataSet.integers(.extendedOffsetTable) == [0, 14])
        #expect(dataSet.integers(.extendedOffsetTableLengths) == [5, 3])
    }
}

import DICOMModel
import PixelCodecs
import Testing

@Suite struct RLECodecTests {
    private func stream(_ segments: [[UInt8]]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 64)
        header[0] = UInt8(segments.count)
        var offset = 64
        for (index, segment) in segments.enumerated() {
            header[4 + 4 * index] = UInt8(offset & 0xFF)
            header[5 + 4 * index] = UInt8(offset >> 8)
            offset += segment.count
        }
        return header + segments.flatMap { $0 }
    }

    @Test func `PackBits is read as PS3.5 G.3 tells`() throws {
        // 3 literal bytes; 5 times 0xAA; a control byte of -128 that means nothing; 2 literal bytes; padding.
        let segment: [UInt8] = [0x02, 1, 2, 3, 0xFC, 0xAA, 0x80, 0x01, 9, 8, 0x00, 0x00]
        let codec = try FrameCodec(
            transferSyntax: .rleLossless, description: PixelDescription(rows: 2, columns: 5))
        #expect(try codec.decode(stream([segment])).bytes == [1, 2, 3, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 9, 8])
    }

    @Test func `the most significant byte of a sample comes first`() throws {
        let high: [UInt8] = [0x01, 0x12, 0x34]
        let low: [UInt8] = [0x01, 0x56, 0x78]
        let codec = try FrameCodec(
            transferSyntax: .rleLossless, description: PixelDescription(rows: 1, columns: 2, bitsAllocated: 16))
        // Stored values 0x1256 and 0x3478, little endian.
        #expect(try codec.decode(stream([high + [0], low + [0]])).bytes == [0x56, 0x12, 0x78, 0x34])
    }

    @Test func `a segment per colour becomes the planar configuration that is declared`() throws {
        let segments: [[UInt8]] = [[1, 1, 2, 0], [1, 3, 4, 0], [1, 5, 6, 0]]
        for (isPlanar, expected) in [(false, [1, 3, 5, 2, 4, 6]), (true, [1, 2, 3, 4, 5, 6])] as [(Bool, [UInt8])] {
            let codec = try FrameCodec(
                transferSyntax: .rleLossless,
                description: PixelDescription(
                    rows: 1, columns: 2, samplesPerPixel: 3, isPlanar: isPlanar, photometricInterpretation: .rgb))
            #expect(try codec.decode(stream(segments)).bytes == expected)
        }
    }

    @Test func `segments of the wrong number, place or length are refused`() throws {
        let codec = try FrameCodec(
            transferSyntax: .rleLossless, description: PixelDescription(rows: 2, columns: 2))
        let good = stream([[3, 1, 2, 3, 4, 0]])
        #expect(try codec.decode(good).bytes == [1, 2, 3, 4])
        var beyond = good
        beyond[6] = 0x7F
        var backwards = good
        backwards[4] = 3
        let bad = [
            [], Array(good.prefix(64)), Array(good.prefix(67)), beyond, backwards,
            stream([[3, 1, 2, 3, 4, 0], [0, 1]]),
            stream([[2, 1, 2, 3]]), stream([[0xFD]]), [UInt8](repeating: 0xFF, count: 200),
        ]
        for stream in bad {
            #expect(throws: PixelCodecError.self) { try codec.decode(stream) }
        }
    }

    @Test func `1-bit frames are one segment of packed bits`() throws {
        let description = PixelDescription(rows: 3, columns: 10, bitsAllocated: 1)
        let codec = try FrameCodec(transferSyntax: .rleLossless, description: description)
        let frame = NativeFrame(description: description, bytes: [0b1010_0101, 0xFF, 0x00, 0b0011_0000])
        #expect(try codec.decode(stream([[3, 0b1010_0101, 0xFF, 0x00, 0b0011_0000, 0]])) == frame)
        #expect(try codec.decode(try codec.encode(frame)) == frame)
    }
}

import DICOMModel
import PixelCodecs
import TestSupport
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

    @Test(arguments: [[], [0x80], [0x80, 0x80]] as [[UInt8]])
    func `packets whose bytes don't change stay, as long as they are`(_ meaningless: [UInt8]) throws {
        let description = PixelDescription(rows: 4, columns: 3)
        let codec = try FrameCodec(transferSyntax: .rleLossless, description: description)
        // Nine times 7 over three rows, which G.3.1 would have in three packets; then a row of its own, and what nobody reads.
        let original = stream([meaningless + [0xF8, 7, 2, 1, 2, 3] + meaningless])
        var frame = try codec.decode(original)
        frame.bytes[10] = 9
        #expect(try codec.encode(frame, replacing: original) == stream([[0xF8, 7, 2, 1, 9, 3]]))
        frame.bytes[4] = 8
        #expect(try codec.encode(frame) == stream([[0xFE, 7, 2, 7, 8, 7, 0xFE, 7, 2, 1, 9, 3]]))
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `a replaced frame is what was asked for, however the first was packed`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let description = PixelDescription(rows: 9, columns: 31, bitsAllocated: 16)
        let codec = try FrameCodec(transferSyntax: .rleLossless, description: description)
        var frame = NativeFrame(
            description: description,
            bytes: (0..<description.bytesPerFrame).map { _ in UInt8.random(in: 0...3, using: &random) })
        let segments = [1, 0].map { first in
            pack(stride(from: first, to: frame.bytes.count, by: 2).map { frame.bytes[$0] }, &random)
        }
        let original = stream(segments)
        #expect(try codec.decode(original) == frame)
        for _ in 0..<Int.random(in: 0...90, using: &random) {
            frame.bytes[Int.random(in: 0..<frame.bytes.count, using: &random)] = 9
        }
        let replaced = try codec.encode(frame, replacing: original)
        #expect(try codec.decode(replaced) == frame)
        #expect(!codec.carriesMoreThanPicture(replaced))
        #expect(try replaced.count <= codec.encode(frame).count)
    }

    /// Packets of any length across rows, between packets that mean nothing.
    private func pack(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var (result, place): ([UInt8], Int) = ([], 0)
        while place < bytes.count {
            if Bool.random(using: &random) { result.append(0x80) }
            let run = bytes[place...].prefix { $0 == bytes[place] }.count
            if run > 1, Bool.random(using: &random) {
                result += [UInt8(257 - run), bytes[place]]
                place += run
            } else {
                let length = min(Int.random(in: 1...50, using: &random), bytes.count - place)
                result += [UInt8(length - 1)] + bytes[place..<(place + length)]
                place += length
            }
        }
        return result.count % 2 == 0 ? result : result + [0]
    }
}

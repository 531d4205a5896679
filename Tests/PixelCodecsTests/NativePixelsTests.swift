import DICOMModel
import PixelCodecs
import Testing

@Suite struct NativePixelsTests {
    private func frame(
        _ number: Int, of value: [UInt8], _ description: PixelDescription, isBigEndian: Bool = false, vr: VR = .ow
    ) throws -> [UInt8] {
        let pixels = try NativePixels(description: description, isBigEndian: isBigEndian, vr: vr)
        return try pixels.frame(#require(FrameNumber(number)), count: value.count) { Array(value[$0]) }.bytes
    }

    @Test func `frames follow each other`() throws {
        let description = PixelDescription(rows: 1, columns: 3)
        #expect(try frame(2, of: [1, 2, 3, 4, 5, 6], description) == [4, 5, 6])
    }

    @Test func `big endian words are swapped`() throws {
        let description = PixelDescription(rows: 1, columns: 2, bitsAllocated: 16)
        #expect(
            try frame(1, of: [0x12, 0x34, 0x56, 0x78], description, isBigEndian: true) == [0x34, 0x12, 0x78, 0x56])
    }

    @Test func `8-bit samples in big-endian OW are swapped in pairs, across frames too, and not in OB`() throws {
        // PS3.5 8.2: samples 1 2 3 | 4 5 6 stand in words 0x0201 0x0403 0x0605.
        let description = PixelDescription(rows: 1, columns: 3)
        let value: [UInt8] = [2, 1, 4, 3, 6, 5]
        #expect(try frame(1, of: value, description, isBigEndian: true) == [1, 2, 3])
        #expect(try frame(2, of: value, description, isBigEndian: true) == [4, 5, 6])
        #expect(try frame(2, of: [1, 2, 3, 4, 5, 6], description, isBigEndian: true, vr: .ob) == [4, 5, 6])
    }

    @Test func `1-bit frames are not byte aligned`() throws {
        // 3 x 3 pixels: frame 2 begins at bit 9.
        let description = PixelDescription(rows: 3, columns: 3, bitsAllocated: 1)
        let value: [UInt8] = [0b1111_1111, 0b0101_0101, 0b0000_0011]
        #expect(try frame(1, of: value, description, vr: .ob) == [0xFF, 0x01])
        // Bits 9…17: 0 1 0 1 0 1 0 | 1 1.
        #expect(try frame(2, of: value, description, vr: .ob) == [0b1010_1010, 0x01])
    }

    @Test func `a value that ends early is refused`() throws {
        let description = PixelDescription(rows: 2, columns: 2, bitsAllocated: 16)
        #expect(throws: PixelCodecError.self) { try frame(2, of: [UInt8](repeating: 0, count: 15), description) }
        #expect(throws: PixelCodecError.self) { try frame(.max, of: [], description) }
    }

    @Test(arguments: [1, 8, 16, 32], [false, true])
    func `a replaced frame leaves all other bits of the value alone`(bits: Int, isBigEndian: Bool) throws {
        let description = PixelDescription(rows: 3, columns: 3, bitsAllocated: bits)
        let pixels = try NativePixels(description: description, isBigEndian: isBigEndian, vr: .ow)
        let length = (description.bitsPerFrame * 3 + 7) / 8
        var value = (0..<(length + length % 2)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        let numbers = try [1, 2, 3].map { try #require(FrameNumber($0)) }
        let before = try numbers.map { number in try pixels.frame(number, count: value.count) { Array(value[$0]) } }
        var changed = before[1]
        for index in changed.bytes.indices { changed.bytes[index] ^= bits == 1 && index == 1 ? 1 : 0xFF }
        let (range, bytes) = try pixels.replacement(for: changed, at: numbers[1], count: value.count) {
            Array(value[$0])
        }
        value.replaceSubrange(range, with: bytes)
        let after = try numbers.map { number in try pixels.frame(number, count: value.count) { Array(value[$0]) } }
        #expect(after == [before[0], changed, before[2]])
    }
}

import DICOMModel
import PixelCodecs
import Testing

/// What a JPEG Lossless frame is encoded to, byte for byte.
@Suite struct JPEGLosslessStreamTests {
    /// By hand from ISO 10918-1 annexes B, F and H: differences of −128 and 255, both of category 8, whose code is a 0; their
    /// bits are 01111111 and 11111111. The last two and six ones are a byte of ones, behind which a zero is stuffed.
    @Test func `two samples`() throws {
        let description = PixelDescription(rows: 1, columns: 2)
        let codec = try FrameCodec(transferSyntax: .jpegLosslessSV1, description: description)
        let stream = try codec.encode(NativeFrame(description: description, bytes: [0, 255]))
        let frameHeader: [UInt8] = [0xFF, 0xC3, 0, 11, 8, 0, 1, 0, 2, 1, 1, 0x11, 0]
        let table: [UInt8] = [0xFF, 0xC4, 0, 20, 0, 1] + [UInt8](repeating: 0, count: 15) + [8]
        let scanHeader: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 0, 0]
        #expect(
            stream == [0xFF, 0xD8] + frameHeader + table + scanHeader + [0x3F, 0xBF, 0xFF, 0x00] + [0xFF, 0xD9])
    }
}

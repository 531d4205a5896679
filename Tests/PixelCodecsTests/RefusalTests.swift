import DICOMModel
import PixelCodecs
import Testing

@Suite struct RefusalTests {
    private func code(_ syntax: TransferSyntax, _ description: PixelDescription) -> PixelCodecError.Code? {
        do {
            _ = try FrameCodec(transferSyntax: syntax, description: description)
            return nil
        } catch {
            return (error as? PixelCodecError)?.code
        }
    }

    @Test func `a Transfer Syntax without a codec is refused by name`() throws {
        for syntax in TransferSyntax.all
        where [.video, .jpegXL, .unknown].contains(syntax.codec) {
            let error = #expect(throws: PixelCodecError.self) {
                try FrameCodec(transferSyntax: syntax, description: PixelDescription(rows: 1, columns: 1))
            }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains(syntax.name) == true)
        }
    }

    @Test func `layouts that a codec can't carry are refused`() {
        #expect(code(.jpegLosslessSV1, PixelDescription(rows: 4, columns: 4, bitsAllocated: 32)) == .unsupported)
        #expect(code(.jpegLSLossless, PixelDescription(rows: 4, columns: 4, bitsAllocated: 1)) == .unsupported)
        #expect(code(.rleLossless, PixelDescription(rows: 4, columns: 4, bitsAllocated: 64)) == .unsupported)
        #expect(code(.explicitVRLittleEndian, PixelDescription(rows: 0, columns: 4)) == .tooLarge)
        #expect(code(.explicitVRLittleEndian, PixelDescription(rows: 65535, columns: 65535)) == .tooLarge)
        #expect(
            code(.explicitVRLittleEndian, PixelDescription(rows: 4, columns: 4, bitsAllocated: 8, bitsStored: 9))
                == .mismatch)
        #expect(
            code(.explicitVRLittleEndian, PixelDescription(rows: 4, columns: 4, photometricInterpretation: .rgb))
                == .mismatch)
    }

    @Test func `lossy JPEG is never encoded again`() throws {
        let description = PixelDescription(rows: 8, columns: 8)
        let codec = try FrameCodec(transferSyntax: .jpegBaseline, description: description)
        #expect(!codec.canEncode)
        let error = #expect(throws: PixelCodecError.self) { try codec.encode(SyntheticFrame.make(description)) }
        #expect(error?.code == .unsupported)
    }

    @Test(arguments: [TransferSyntax.jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless])
    func `a stream of another size, depth or number of samples is a mismatch`(syntax: TransferSyntax) throws {
        let description = PixelDescription(rows: 24, columns: 32, bitsAllocated: 16)
        let stream = try FrameCodec(transferSyntax: syntax, description: description)
            .encode(SyntheticFrame.make(description))
        let others = [
            PixelDescription(rows: 25, columns: 32, bitsAllocated: 16),
            PixelDescription(rows: 24, columns: 31, bitsAllocated: 16),
            PixelDescription(rows: 24, columns: 32, bitsAllocated: 8),
            PixelDescription(
                rows: 24, columns: 32, samplesPerPixel: 3, bitsAllocated: 16, photometricInterpretation: .rgb),
        ]
        for other in others {
            let codec = try FrameCodec(transferSyntax: syntax, description: other)
            let error = #expect(throws: PixelCodecError.self) { try codec.decode(stream) }
            #expect(error?.code == .mismatch)
        }
    }

    @Test func `a frame of another image isn't encoded`() throws {
        let codec = try FrameCodec(
            transferSyntax: .rleLossless, description: PixelDescription(rows: 4, columns: 4))
        let other = SyntheticFrame.make(PixelDescription(rows: 4, columns: 5))
        #expect(throws: PixelCodecError.self) { try codec.encode(other) }
    }
}

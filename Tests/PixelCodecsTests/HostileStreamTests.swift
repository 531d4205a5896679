import DICOMModel
import PixelCodecs
import Testing

/// Damaged streams give an error or a frame of the right length, and never end the process.
@Suite struct HostileStreamTests {
    static let syntaxes: [TransferSyntax] = [
        .rleLossless, .jpegLosslessSV1, .jpegLossless, .jpegLSLossless, .jpeg2000Lossless,
        TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1")),
    ]

    private func check(_ codec: FrameCodec, _ stream: [UInt8]) {
        do {
            let frame = try codec.decode(stream)
            #expect(frame.bytes.count == frame.description.bytesPerFrame)
        } catch {
            #expect(error is PixelCodecError)
        }
    }

    @Test(arguments: syntaxes)
    func `a stream that is cut off anywhere`(syntax: TransferSyntax) throws {
        let description = PixelDescription(rows: 21, columns: 33, bitsAllocated: 16, bitsStored: 12)
        let codec = try FrameCodec(transferSyntax: syntax, description: description)
        let stream = try codec.encode(SyntheticFrame.make(description))
        for length in stride(from: 0, to: stream.count, by: 7) { check(codec, Array(stream.prefix(length))) }
    }

    @Test(arguments: syntaxes)
    func `a stream with flipped bits`(syntax: TransferSyntax) throws {
        for samples in [1, 3] {
            let description = PixelDescription(
                rows: 21, columns: 33, samplesPerPixel: samples, bitsAllocated: 8,
                photometricInterpretation: samples == 3 ? .rgb : .monochrome2)
            let codec = try FrameCodec(transferSyntax: syntax, description: description)
            let stream = try codec.encode(SyntheticFrame.make(description))
            var state: UInt32 = 5
            for _ in 0..<300 {
                var damaged = stream
                for _ in 0..<3 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    // Half of the damage goes to the header.
                    let bound = state & 0x8000_0000 == 0 ? stream.count : min(120, stream.count)
                    damaged[Int(state >> 4) % bound] ^= 1 << UInt8(state & 7)
                }
                check(codec, damaged)
            }
        }
    }

    @Test(.enabled(if: OtherImplementation.hasDCMTK), arguments: [8, 12])
    func `lossy JPEG that is cut off or flipped`(bits: Int) throws {
        let description = PixelDescription(
            rows: 40, columns: 56, bitsAllocated: bits == 8 ? 8 : 16, bitsStored: bits)
        let file = try OtherImplementation().encode(
            SyntheticFrame.make(description), with: "dcmcjpeg", [bits == 8 ? "+eb" : "+ee"])
        let codec = try FrameCodec(transferSyntax: file.syntax, description: file.description)
        let region = PixelRegion(x: 8, y: 8, width: 20, height: 20)
        var state: UInt32 = 9
        for round in 0..<400 {
            var damaged = file.pixels
            if round % 2 == 0 {
                damaged.removeLast(damaged.count * (round / 2) / 200)
            } else {
                for _ in 0..<2 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    damaged[Int(state >> 4) % damaged.count] ^= 1 << UInt8(state & 7)
                }
            }
            check(codec, damaged)
            _ = try? JPEGCoefficients.mask(damaged, regions: [region], photometricInterpretation: .monochrome2)
        }
    }

    @Test(arguments: [TransferSyntax.jpegLosslessSV1, .jpeg2000Lossless])
    func `half a stream is an error, not half a picture`(syntax: TransferSyntax) throws {
        let description = PixelDescription(rows: 64, columns: 64, bitsAllocated: 16)
        let codec = try FrameCodec(transferSyntax: syntax, description: description)
        let stream = try codec.encode(SyntheticFrame.make(description))
        let error = #expect(throws: PixelCodecError.self) { try codec.decode(Array(stream.prefix(stream.count / 2))) }
        #expect(error?.code == .malformed)
    }
}

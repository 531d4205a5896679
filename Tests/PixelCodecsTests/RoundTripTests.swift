import DICOMModel
import PixelCodecs
import Testing

@Suite struct RoundTripTests {
    struct Layout: Sendable, CustomTestStringConvertible {
        let bits: Int
        let isSigned: Bool
        let samples: Int
        let isPlanar: Bool

        var testDescription: String { "\(bits) bits \(isSigned ? "signed" : "unsigned") x \(samples) \(isPlanar)" }

        var description: PixelDescription {
            PixelDescription(
                rows: 37, columns: 53, samplesPerPixel: samples, bitsAllocated: bits <= 8 ? 8 : 16, bitsStored: bits,
                isSigned: isSigned, isPlanar: isPlanar,
                photometricInterpretation: samples == 3 ? .rgb : .monochrome2)
        }

        static let grey = (2...16).flatMap { bits in
            [false, true].map { Layout(bits: bits, isSigned: $0, samples: 1, isPlanar: false) }
        }
        static let colour = [8, 12, 16].flatMap { bits in
            [false, true].map { Layout(bits: bits, isSigned: false, samples: 3, isPlanar: $0) }
        }
    }

    static let lossless: [TransferSyntax] = [
        .rleLossless, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless, .jpeg2000Lossless,
        .jpeg2000, TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1")), .explicitVRLittleEndian,
    ]

    @Test(arguments: lossless, Layout.grey + Layout.colour)
    func `encoding and decoding gives the same samples`(syntax: TransferSyntax, layout: Layout) throws {
        let codec = try FrameCodec(transferSyntax: syntax, description: layout.description)
        let frame = SyntheticFrame.make(layout.description)
        let again = try codec.decode(try codec.encode(frame))
        let isExact = samples(again) == samples(frame)
        #expect(isExact)
        #expect(again.description.isSigned == layout.isSigned)
        #expect(again.description.bitsStored == layout.bits)
    }

    @Test(arguments: lossless)
    func `frames that can't be compressed survive as well`(syntax: TransferSyntax) throws {
        for (side, samples, bits) in [(1, 1, 8), (3, 1, 16), (8, 1, 8), (9, 3, 8), (64, 3, 16), (40, 1, 16)] {
            let description = PixelDescription(
                rows: side, columns: side, samplesPerPixel: samples, bitsAllocated: bits,
                photometricInterpretation: samples == 3 ? .rgb : .monochrome2)
            let codec = try FrameCodec(transferSyntax: syntax, description: description)
            let frame = SyntheticFrame.noise(description)
            let isExact = try codec.decode(try codec.encode(frame)).bytes == frame.bytes
            #expect(isExact, "\(side) x \(side) x \(samples), \(bits) bits")
        }
    }

    @Test(arguments: lossless)
    func `values above Bits Stored are kept`(syntax: TransferSyntax) throws {
        // An overlay in the unused high bits.
        let description = PixelDescription(rows: 16, columns: 20, bitsAllocated: 16, bitsStored: 12)
        var frame = SyntheticFrame.make(description)
        for index in stride(from: 1, to: frame.bytes.count, by: 6) { frame.bytes[index] |= 0x80 }
        let codec = try FrameCodec(transferSyntax: syntax, description: description)
        #expect(try codec.decode(try codec.encode(frame)).bytes == frame.bytes)
    }

    @Test(arguments: [TransferSyntax.jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless])
    func `a replaced stream keeps its precision`(syntax: TransferSyntax) throws {
        // 12 bits would do; the original has 16.
        let wide = PixelDescription(rows: 20, columns: 20, bitsAllocated: 16)
        let narrow = PixelDescription(rows: 20, columns: 20, bitsAllocated: 16, bitsStored: 12)
        let original = try FrameCodec(transferSyntax: syntax, description: wide).encode(SyntheticFrame.make(wide))
        let codec = try FrameCodec(transferSyntax: syntax, description: narrow)
        let stream = try codec.encode(SyntheticFrame.make(narrow), replacing: original)
        // The depth stands 4 bytes behind SOFn's marker, and 42 from the beginning of a codestream.
        let offset = syntax.codec == .jpeg2000Lossless ? 42 : 6
        #expect(stream[offset] == original[offset])
    }

    @Test(arguments: [TransferSyntax.jpegLosslessSV1, .jpegLSLossless, .jpeg2000Lossless])
    func `a value beyond the original stream's precision is refused`(syntax: TransferSyntax) throws {
        let narrow = PixelDescription(rows: 20, columns: 20, bitsAllocated: 16, bitsStored: 12)
        let codec = try FrameCodec(transferSyntax: syntax, description: narrow)
        let original = try codec.encode(SyntheticFrame.make(narrow))
        var frame = SyntheticFrame.make(narrow)
        frame.bytes[1] = 0xFF
        let error = #expect(throws: PixelCodecError.self) { try codec.encode(frame, replacing: original) }
        #expect(error?.code == .unrepresentable)
    }

    @Test func `a component transformation is kept, and made for YBR_RCT`() throws {
        var description = PixelDescription(
            rows: 40, columns: 40, samplesPerPixel: 3, bitsAllocated: 8, photometricInterpretation: .ybrRCT)
        let transformed = try FrameCodec(transferSyntax: .jpeg2000Lossless, description: description)
        var frame = SyntheticFrame.make(description)
        frame.description.photometricInterpretation = .rgb
        let stream = try transformed.encode(frame)
        let decoded = try transformed.decode(stream)
        #expect(decoded.bytes == frame.bytes)
        #expect(decoded.description.photometricInterpretation == .rgb)
        description.photometricInterpretation = .rgb
        let plain = try FrameCodec(transferSyntax: .jpeg2000Lossless, description: description)
        let again = try plain.encode(frame, replacing: stream)
        #expect(again == stream)
        #expect(try plain.encode(frame) != stream)
    }

    @Test(arguments: [8, 16, 32])
    func `RLE and deflated frames carry all depths`(bits: Int) throws {
        for syntax in [TransferSyntax.rleLossless, TransferSyntax(uid: UID("1.2.840.10008.1.2.8.1"))] {
            for samples in [1, 3] {
                for isPlanar in [false, true] {
                    let description = PixelDescription(
                        rows: 19, columns: 130, samplesPerPixel: samples, bitsAllocated: bits, isPlanar: isPlanar,
                        photometricInterpretation: samples == 3 ? .rgb : .monochrome2)
                    let codec = try FrameCodec(transferSyntax: syntax, description: description)
                    let frame = SyntheticFrame.make(description)
                    #expect(try codec.decode(try codec.encode(frame)) == frame)
                }
            }
        }
    }

    /// Interleaved, whatever the planar configuration.
    private func samples(_ frame: NativeFrame) -> [UInt8] {
        let description = frame.description
        guard description.isPlanar, description.samplesPerPixel == 3 else { return frame.bytes }
        let width = description.bitsAllocated / 8
        let plane = description.pixelsPerFrame * width
        return (0..<description.pixelsPerFrame).flatMap { pixel in
            (0..<3).flatMap { sample in
                (0..<width).map { frame.bytes[sample * plane + pixel * width + $0] }
            }
        }
    }

    /// As `WG04/JLSL/MR1_JLSL` of the DICOM test images has it.
    @Test(arguments: [8, 12, 16])
    func `JPEG-LS with a zero before its end marker is decoded`(_ bits: Int) throws {
        let description = Layout(bits: bits, isSigned: false, samples: 1, isPlanar: false).description
        let codec = try FrameCodec(transferSyntax: .jpegLSLossless, description: description)
        let frame = SyntheticFrame.make(description)
        let stream = try codec.encode(frame)
        #expect(stream.suffix(2) == [0xFF, 0xD9])
        #expect(try codec.decode(stream.dropLast(2) + [0, 0xFF, 0xD9]) == frame)
    }
}

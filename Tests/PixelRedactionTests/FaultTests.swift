import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// Faults that other tools have been seen to have.
@Suite struct FaultTests {
    private let box = PixelRegion(x: 2, y: 1, width: 5, height: 4)
    private let first = FrameNumber(index: 0)

    private func redacted(
        _ synthetic: SyntheticObject, regions: [FrameNumber: [PixelRegion]]? = nil
    ) throws -> (before: ImageReader, after: ImageReader, summary: PixelRedactionSummary) {
        let original = try synthetic.object().reread()
        var object = original
        let summary = try PixelRedactor().redact(&object, regions: regions ?? [first: [box]])
        let fresh = try object.reread()
        let result = try PixelComparison().compare(original: original, redacted: fresh, masked: summary.masked)
        #expect(result.failures == [])
        return (try ImageReader(original), try ImageReader(fresh), summary)
    }

    private func grey(
        _ photometric: PhotometricInterpretation, allocated: Int = 16, stored: Int, signed: Bool = false
    ) -> PixelDescription {
        PixelDescription(
            rows: 8, columns: 10, bitsAllocated: allocated, bitsStored: stored, isSigned: signed,
            photometricInterpretation: photometric)
    }

    @Test(arguments: [PhotometricInterpretation.ybrFull, .ybrFull422])
    func `a box in a YBR image is black and not green`(_ photometric: PhotometricInterpretation) throws {
        let description = PixelDescription(
            rows: 8, columns: 10, samplesPerPixel: 3, bitsAllocated: 8, photometricInterpretation: photometric)
        let frame = try redacted(SyntheticObject(description)).after.frame(first)
        // BT.601: Y = 0 with both differences at 128 is RGB 0, 0, 0; with both at 0 it is green.
        let pixel = (0..<3).map { frame.value(x: 4, y: 2, channel: $0) }
        #expect(pixel == [0, 128, 128])
    }

    @Test func `a box in a MONOCHROME1 image is black and not white`() throws {
        let frame = try redacted(SyntheticObject(grey(.monochrome1, allocated: 8, stored: 8))).after.frame(first)
        #expect(frame.value(x: 3, y: 3) == 255)
    }

    @Test func `a negative Rescale Slope turns the dark end round`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, allocated: 8, stored: 8))
        synthetic.extra = [DataElement(tag: .rescaleSlope, vr: .ds, ascii: "-1")]
        #expect(try redacted(synthetic).after.frame(first).value(x: 3, y: 3) == 255)
    }

    @Test func `only the frames that were asked for are masked and all of them are`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 12))
        synthetic.numberOfFrames = 4
        let number = FrameNumber(index: 2)
        let (before, after, summary) = try redacted(synthetic, regions: [number: [box]])
        #expect(summary.changedFrames == [number])
        for frame in before.frameNumbers where frame != number {
            #expect(try before.frame(frame) == after.frame(frame))
        }
        let everywhere = Dictionary(uniqueKeysWithValues: before.frameNumbers.map { ($0, [box]) })
        let all = try redacted(synthetic, regions: everywhere).after
        for frame in before.frameNumbers { #expect(try all.frame(frame).value(x: 4, y: 3) == 0) }
    }

    @Test func `planar configuration 1 is masked in every plane`() throws {
        let description = PixelDescription(
            rows: 8, columns: 10, samplesPerPixel: 3, bitsAllocated: 8, isPlanar: true, photometricInterpretation: .rgb)
        let frame = try redacted(SyntheticObject(description)).after.frame(first)
        for channel in 0..<3 { #expect(frame.value(x: 2, y: 1, channel: channel) == 0) }
        for channel in 0..<3 { #expect(frame.value(x: 7, y: 1, channel: channel) != 0) }
    }

    @Test func `a palette image gets the index of its darkest entry`() throws {
        let description = PixelDescription(
            rows: 8, columns: 10, bitsAllocated: 8, photometricInterpretation: .paletteColor)
        var synthetic = SyntheticObject(description)
        let descriptor: [UInt8] = [0, 1, 0, 0, 16, 0]
        // 256 entries of 16 bits: all bright but entry 77; index 0 is white.
        let table = (0..<256).flatMap { index -> [UInt8] in index == 77 ? [0, 0] : [0xFF, 0xFF - UInt8(index / 4)] }
        for channel in 0..<3 as Range<UInt16> {
            synthetic.extra += [
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1101 + channel), vr: .us, bytes: descriptor),
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1201 + channel), vr: .ow, bytes: table),
            ]
        }
        #expect(try redacted(synthetic).after.frame(first).value(x: 3, y: 3) == 77)
    }

    @Test func `16-bit values outside a region are not clipped`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 16))
        synthetic.sample = { _, pixel, _ in 65_535 - pixel * 300 }
        let (before, after, _) = try redacted(synthetic)
        #expect(try before.frame(first).value(x: 0, y: 0) == 65_535)
        #expect(try after.frame(first).value(x: 0, y: 0) == 65_535)
        #expect(try after.frame(first).value(x: 9, y: 7) == 65_535 - 79 * 300)
    }

    @Test func `a signed image is filled with the darkest value in use, padding included`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 16, signed: true))
        synthetic.sample = { _, pixel, _ in pixel == 0 ? -2000 : -1000 + pixel }
        synthetic.extra = [DataElement(tag: .pixelPaddingValue, vr: .ss, bytes: [0x30, 0xF8])]
        let (before, after, _) = try redacted(synthetic)
        #expect(before.rendering.paddingValues == -2000 ... -2000)
        #expect(try after.frame(first).value(x: 3, y: 3) == -2000)
        #expect(try after.frame(first).value(x: 9, y: 7) == -921)
    }

    @Test func `a dose page with a window of 1 gets a fill below the window`() throws {
        // GE: signed, values 0 and −1, Window Center −2, Width 1: both are white, black begins at −3 (C.11.2.1.2).
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 16, signed: true))
        synthetic.sample = { _, pixel, _ in -(pixel % 2) }
        synthetic.extra = [
            DataElement(tag: .windowCenter, vr: .ds, ascii: "-2"), DataElement(tag: .windowWidth, vr: .ds, ascii: "1"),
        ]
        #expect(try redacted(synthetic).after.frame(first).value(x: 3, y: 3) <= -3)
    }

    @Test func `overlays beyond the first frame go with their group`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 12))
        synthetic.numberOfFrames = 3
        synthetic.extra = [
            DataElement(tag: .overlayRows, vr: .us, bytes: [4, 0]),
            DataElement(tag: .overlayColumns, vr: .us, bytes: [5, 0]),
            DataElement(tag: .numberOfFramesInOverlay, vr: .is, ascii: "2"),
            DataElement(tag: .imageFrameOrigin, vr: .us, bytes: [2, 0]),
            DataElement(tag: .overlayOrigin, vr: .ss, bytes: [3, 0, 0xFF, 0xFF]),
            // Two frames of 20 bits: bit 0, then bit 19 of the second, which is bit 39.
            DataElement(tag: .overlayData, vr: .ow, bytes: [1, 0, 0, 0, 0x80, 0]),
        ]
        let (before, after, summary) = try redacted(synthetic)
        let planes = try before.overlayPlanes()
        #expect(planes.map(\.imageFrame?.value) == [2, 3])
        #expect(planes.map(\.y) == [2, 2] && planes.map(\.x) == [-2, -2])
        #expect(try planes.map { try $0.bitPlane().bits.firstIndex(of: 1) } == [0, 19])
        #expect(try after.overlayPlanes().isEmpty)
        #expect(summary.changes.contains(.overlaysRemoved))
    }

    @Test func `an overlay in the high bits is seen and cleared on every frame`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 12))
        synthetic.numberOfFrames = 2
        synthetic.sample = { frame, pixel, _ in (pixel * 37) % 4096 | (pixel == 5 + frame ? 0x8000 : 0) }
        synthetic.extra = [
            DataElement(tag: .overlayBitsAllocated, vr: .us, bytes: [16, 0]),
            DataElement(tag: .overlayBitPosition, vr: .us, bytes: [15, 0]),
        ]
        let (before, after, summary) = try redacted(synthetic, regions: [:])
        #expect(before.unusedBitPlanes(in: try before.frame(first)).map(\.bit) == [15])
        let planes = try before.overlayPlanes()
        #expect(planes.map(\.embeddedBit) == [15, 15])
        #expect(try planes.map { try $0.bitPlane().bits.firstIndex(of: 1) } == [5, 6])
        #expect(summary.changes == [.unusedBitsCleared, .overlaysRemoved])
        for frame in before.frameNumbers {
            for x in 0..<10 {
                #expect(try after.frame(frame).word(x: x, y: 0) == before.frame(frame).word(x: x, y: 0) & 0xFFF)
            }
        }
    }

    @Test func `the sign of a signed image is no overlay`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 12, signed: true))
        synthetic.sample = { _, pixel, _ in pixel - 40 }
        let (before, _, summary) = try redacted(synthetic)
        #expect(before.unusedBitPlanes(in: try before.frame(first)).isEmpty)
        #expect(!summary.changes.contains(.unusedBitsCleared))
    }

    @Test func `junk in the high bits of RLE frames is cleared`() throws {
        var synthetic = SyntheticObject(grey(.monochrome2, stored: 12))
        synthetic.transferSyntax = .rleLossless
        synthetic.numberOfFrames = 2
        synthetic.sample = { frame, pixel, _ in pixel * 9 | (frame == 1 && pixel % 3 == 0 ? 0x4000 : 0) }
        let (_, after, summary) = try redacted(synthetic, regions: [:])
        #expect(summary.changedFrames.map(\.value) == [2])
        #expect(try after.frame(FrameNumber(index: 1)).word(x: 3, y: 0) == 27)
    }
}

import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// What the reader takes from the header for those who render.
@Suite struct RenderingTests {
    private func reader(_ photometric: PhotometricInterpretation, _ extra: [DataElement]) throws -> ImageReader {
        var synthetic = SyntheticObject(
            PixelDescription(rows: 4, columns: 4, bitsAllocated: 8, photometricInterpretation: photometric))
        synthetic.extra = extra
        return try ImageReader(synthetic.object().reread())
    }

    private func words(_ values: [UInt16]) -> [UInt8] { values.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

    @Test func `a segmented palette is expanded as C.7.9.2 says`() throws {
        // Discrete 0, 100; linear in 4 steps to 200; an indirect segment that repeats both.
        let segments = words([0, 2, 0, 100, 1, 4, 200, 2, 2, 0, 0])
        let elements = (0..<3 as Range<UInt16>).flatMap { channel in
            [
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1101 + channel), vr: .us, bytes: words([12, 0, 16])),
                DataElement(tag: DICOMModel.Tag(0x0028, 0x1221 + channel), vr: .ow, bytes: segments),
            ]
        }
        let palette = try #require(try reader(.paletteColor, elements).rendering.palette)
        #expect(palette.green.entries == [0, 100, 125, 150, 175, 200, 0, 100, 125, 150, 175, 200])
    }

    @Test func `a segmented palette that never ends or points outside is refused`() throws {
        for segments in [[0, 0, 0], [2, 65_535, 0, 0], [0, 2, 1, 2, 2, 65_535, 60_000, 1], [1, 4, 200]] as [[UInt16]] {
            let elements = (0..<3 as Range<UInt16>).flatMap { channel in
                [
                    DataElement(tag: DICOMModel.Tag(0x0028, 0x1101 + channel), vr: .us, bytes: words([0, 0, 16])),
                    DataElement(tag: DICOMModel.Tag(0x0028, 0x1221 + channel), vr: .ow, bytes: words(segments)),
                ]
            }
            let error = #expect(throws: PixelRedactionError.self) { try reader(.paletteColor, elements) }
            #expect(error?.code == .unsupportedPixelFormat)
        }
    }

    @Test func `windows come from the root and from the functional groups`() throws {
        func window(_ center: String, _ width: String) -> DataSet {
            DataSet(elements: [
                DataElement(tag: .windowCenter, vr: .ds, ascii: center),
                DataElement(tag: .windowWidth, vr: .ds, ascii: width),
            ])
        }
        let frameVOI = DICOMModel.Tag(0x0028, 0x9132)
        let rescale = DataSet(elements: [
            DataElement(tag: .rescaleIntercept, vr: .ds, ascii: "-1024"),
            DataElement(tag: .rescaleSlope, vr: .ds, ascii: "2.5"),
        ])
        let rendering = try reader(
            .monochrome2,
            [
                DataElement(tag: .windowCenter, vr: .ds, ascii: "40", "300"),
                DataElement(tag: .windowWidth, vr: .ds, ascii: "400", "1500"),
                DataElement(
                    tag: DICOMModel.Tag(0x5200, 0x9229),
                    items: [DataSet(elements: [DataElement(tag: DICOMModel.Tag(0x0028, 0x9145), items: [rescale])])]),
                DataElement(
                    tag: DICOMModel.Tag(0x5200, 0x9230),
                    items: [
                        DataSet(elements: [DataElement(tag: frameVOI, items: [window("7", "9")])]),
                        DataSet(elements: [DataElement(tag: frameVOI, items: [window("40", "400")])]),
                    ]),
            ]
        ).rendering
        #expect(rendering.windows.map(\.center) == [40, 300, 7])
        #expect(rendering.windows.map(\.width) == [400, 1500, 9])
        #expect(rendering.rescaleSlope == 2.5 && rendering.rescaleIntercept == -1024)
    }

    @Test func `a Modality LUT that falls turns the fill round`() throws {
        let item = DataSet(elements: [
            DataElement(tag: .lutDescriptor, vr: .us, bytes: words([256, 0, 16])),
            DataElement(tag: .lutData, vr: .ow, bytes: words((0..<256).map { 60_000 - $0 * 100 })),
        ])
        var synthetic = SyntheticObject(PixelDescription(rows: 4, columns: 4, bitsAllocated: 8))
        synthetic.extra = [DataElement(tag: .modalityLUTSequence, items: [item])]
        var object = try synthetic.object().reread()
        let frame = FrameNumber(index: 0)
        _ = try PixelRedactor().redact(&object, regions: [frame: [PixelRegion(x: 0, y: 0, width: 4, height: 4)]])
        let reader = try ImageReader(object.reread())
        #expect(reader.rendering.modalityLUT?.entries.count == 256)
        #expect(try reader.frame(frame).bytes == [UInt8](repeating: 255, count: 16))
    }
}

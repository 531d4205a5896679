import DICOMFile
import DICOMModel
import PixelCodecs
import PixelRedaction
import Testing

/// Attributes that have to agree with what became of the pixels, and pictures beside Pixel Data.
@Suite struct BesideSamplesTests {
    private typealias Tag = DICOMModel.Tag
    private let box = PixelRegion(x: 2, y: 2, width: 9, height: 7)

    private func masked(_ synthetic: SyntheticObject) throws -> (DataSet, PixelRedactionSummary) {
        var object = try synthetic.object().reread()
        let summary = try PixelRedactor().redact(&object, regions: [FrameNumber(index: 0): [box]])
        return (try object.reread().dataSet, summary)
    }

    private func grey(_ stored: Int = 16, signed: Bool = false) -> SyntheticObject {
        SyntheticObject(
            PixelDescription(rows: 16, columns: 24, bitsAllocated: 16, bitsStored: stored, isSigned: signed))
    }

    private func us(_ element: UInt16, _ value: UInt8) -> DataElement {
        DataElement(tag: Tag(0x0028, element), vr: .us, bytes: [value, 0])
    }

    /// PackBits has two bytes for a row of one value, and six for one with a box in its middle.
    @Test(arguments: [true, false])
    func `a mask that takes more room than what it covers is recorded with the bytes of both`(_ isFlat: Bool) throws {
        var synthetic = SyntheticObject(PixelDescription(rows: 32, columns: 40, bitsAllocated: 8))
        synthetic.transferSyntax = .rleLossless
        synthetic.sample = { _, pixel, _ in isFlat ? 90 : pixel * 7919 % 251 }
        let (_, summary) = try masked(synthetic)
        #expect(summary.changes.contains(.maskLargerThanContent) == isFlat)
        if isFlat {
            #expect(summary.bytesBefore == 64 + 2 * 32 && summary.bytesAfter == 64 + 2 * 32 + 4 * 7)
        } else {
            #expect(summary.bytesAfter < summary.bytesBefore)
        }
    }

    /// A row of one value in PackBits has 2 bytes for 128 samples; a box in it makes 4 more, in 4,000 rows three times 4 KiB.
    @Test func `a mask that takes far more room goes to a Transfer Syntax where it doesn't, or is held`() throws {
        var synthetic = SyntheticObject(PixelDescription(rows: 1000, columns: 200, bitsAllocated: 8))
        synthetic.transferSyntax = .rleLossless
        synthetic.numberOfFrames = 4
        synthetic.sample = { _, _, _ in 90 }
        let original = try synthetic.object()
        let boxes = [PixelRegion(x: 50, y: 0, width: 20, height: 1000)]
        let regions = Dictionary(uniqueKeysWithValues: (0..<4).map { (FrameNumber(index: $0), boxes) })
        func masked(_ fallback: LosslessFallback) throws -> PixelRedactionSummary {
            var object = original
            var options = PixelRedactor.Options()
            options.fallback = fallback
            return try PixelRedactor(options: options).redact(&object, regions: regions)
        }
        // JPEG's lossless process has at least a bit for a sample: 100,000 bytes.
        for fallback in [LosslessFallback.none, .jpegLossless] {
            let error = #expect(throws: PixelRedactionError.self) { try masked(fallback) }
            #expect(error?.code == .unencodableFrame)
        }
        let summary = try masked(.jpegLS)
        #expect(summary.transferSyntax == .jpegLSLossless && summary.bytesAfter < summary.bytesBefore)
        #expect(summary.changes.suffix(2) == [.transferSyntaxChanged, .maskLargerThanContent])
    }

    @Test func `Smallest Image Pixel Value counts the fill and ranges of a Series go`() throws {
        var synthetic = grey()
        synthetic.extra = [us(0x0106, 40), us(0x0107, 189), us(0x0108, 1), us(0x0109, 2), us(0x0110, 3)]
        let (dataSet, _) = try masked(synthetic)
        #expect(dataSet.integer(.smallestImagePixelValue) == 0)
        #expect(dataSet.integer(.largestImagePixelValue) == 189)
        for element in [0x0108, 0x0109, 0x0110] as [UInt16] { #expect(dataSet[Tag(0x0028, element)] == nil) }
    }

    @Test func `Window, Image Type and the history of lossy compression stay`() throws {
        var synthetic = grey(12)
        synthetic.transferSyntax = .jpeg2000
        synthetic.extra = [
            DataElement(tag: .windowCenter, vr: .ds, ascii: "40"),
            DataElement(tag: .windowWidth, vr: .ds, ascii: "400"),
            DataElement(tag: .imageType, vr: .cs, ascii: "ORIGINAL", "PRIMARY"),
            DataElement(tag: .lossyImageCompression, vr: .cs, ascii: "01"),
            DataElement(tag: Tag(0x0028, 0x2112), vr: .ds, ascii: "10.5"),
            DataElement(tag: Tag(0x0028, 0x2114), vr: .cs, ascii: "ISO_15444_1"),
        ]
        let (dataSet, summary) = try masked(synthetic)
        #expect(summary.changes == [.regionsMasked, .framesEncodedReversibly])
        for element in synthetic.extra {
            #expect(dataSet.string(element.tag) == DataSet(elements: [element]).string(element.tag))
        }
    }

    @Test(.enabled(if: MatrixRun.isPossible), arguments: [TransferSyntax.jpegBaseline, .jpeg2000, .jpegLSNearLossless])
    func `loss that the header doesn't speak of is stated`(_ syntax: TransferSyntax) throws {
        let cell = try #require(MatrixCase.all.first { $0.transferSyntax == syntax })
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["input"], in: folder)
        var object = try DICOMObject.read(FileByteSource(path: folder["input"]))
        object.dataSet[.lossyImageCompression] = nil
        let summary = try PixelRedactor().redact(&object, regions: [:])
        #expect(object.dataSet.string(.lossyImageCompression) == "01")
        #expect(summary.changes.contains(.lossStated))
    }

    @Test(.enabled(if: MatrixRun.isPossible))
    func `loss in a later frame is stated as well`() throws {
        let cell = try #require(MatrixCase.all.first { $0.transferSyntax == .jpeg2000 && $0.layout.title == "grey 8" })
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["input"], in: folder)
        var object = try DICOMObject.read(FileByteSource(path: folder["input"]))
        guard case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value else { return }
        let codec = try FrameCodec(transferSyntax: .jpeg2000, description: cell.layout.description)
        var first = try codec.encode(cell.layout.synthetic(frames: cell.frames).nativeFrame(0))
        if first.count % 2 == 1 { first.append(0) }
        pixelData.fragments[0] = ValueBytes(first)
        pixelData.basicOffsetTable = []
        object.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        object.dataSet[.lossyImageCompression] = nil
        let summary = try PixelRedactor().redact(&object, regions: [:])
        #expect(object.dataSet.string(.lossyImageCompression) == "01")
        #expect(summary.changes.contains(.lossStated))
    }

    @Test func `a stream that lost nothing is not said to have`() throws {
        for syntax in [TransferSyntax.jpeg2000, .jpegLSNearLossless, .rleLossless] {
            var synthetic = grey(12)
            synthetic.transferSyntax = syntax
            #expect(try masked(synthetic).0[.lossyImageCompression] == nil)
        }
    }

    @Test func `icons, private thumbnails and pictures further in go with their sequence`() throws {
        func picture() -> DataSet {
            DataSet(elements: [
                us(0x0010, 2), us(0x0011, 2), DataElement(tag: .pixelData, vr: .ob, bytes: [1, 2, 3, 4]),
            ])
        }
        let palette = DataSet(elements: [DataElement(tag: Tag(0x0028, 0x1201), vr: .ow, bytes: [1, 2])])
        var synthetic = grey()
        synthetic.extra = [
            DataElement(tag: .iconImageSequence, items: [picture()]),
            DataElement(
                tag: Tag(0x0008, 0x1140),
                items: [
                    DataSet(elements: [
                        DataElement(tag: Tag(0x0008, 0x1155), vr: .ui, ascii: "2.25.1"),
                        DataElement(tag: .iconImageSequence, items: [picture()]),
                    ])
                ]),
            DataElement(tag: Tag(0x0011, 0x0010), vr: .lo, ascii: "MAKER"),
            DataElement(tag: Tag(0x0011, 0x1001), items: [picture()]),
            DataElement(tag: Tag(0x0028, 0x3010), items: [palette]),
        ]
        #expect(ImageReader.hasUnseenPicture(try synthetic.object().dataSet))
        let (dataSet, summary) = try masked(synthetic)
        #expect(!ImageReader.hasUnseenPicture(dataSet))
        #expect(summary.changes.contains(.nestedImagesRemoved))
        var nested = 0
        dataSet.walk { path, element, _ in
            if element.tag == .pixelData, !path.sequences.isEmpty { nested += 1 }
        }
        #expect(nested == 0)
        #expect(dataSet[.iconImageSequence] == nil && dataSet[Tag(0x0011, 0x1001)] == nil)
        #expect(dataSet.items(Tag(0x0008, 0x1140)).first?.string(Tag(0x0008, 0x1155)) == "2.25.1")
        #expect(dataSet.items(Tag(0x0028, 0x3010)).count == 1)
    }

    @Test(arguments: [DICOMModel.Tag(0x7F00, 0x0010), DICOMModel.Tag(0x7FE0, 0x0020), .pixelData, .floatPixelData])
    func `a picture of a retired kind is seen to be there, Pixel Data itself is not meant`(_ tag: DICOMModel.Tag) {
        let element = DataElement(tag: tag, vr: .ow, bytes: [1, 2])
        #expect(ImageReader.hasUnseenPicture(DataSet(elements: [element])) == tag.isRetiredPicture)
    }

    @Test func `a bitmap shutter hides nothing, and goes with the overlay that is its bitmap`() throws {
        var synthetic = grey(8)
        synthetic.extra = [
            DataElement(tag: .shutterShape, vr: .cs, ascii: "RECTANGULAR", "BITMAP"),
            DataElement(tag: .shutterOverlayGroup, vr: .us, bytes: [0x00, 0x60]),
            DataElement(tag: .overlayRows, vr: .us, bytes: [16, 0]),
            DataElement(tag: .overlayColumns, vr: .us, bytes: [24, 0]),
            DataElement(tag: .overlayData, vr: .ow, bytes: [UInt8](repeating: 0xFF, count: 48)),
        ]
        let original = try synthetic.object().reread()
        // What lies under the shutter is there to be looked at.
        #expect(try ImageReader(original).frame(FrameNumber(index: 0)) == synthetic.nativeFrame(0))
        let (dataSet, _) = try masked(synthetic)
        #expect(dataSet.strings(.shutterShape) == ["RECTANGULAR"])
        #expect(dataSet[.shutterOverlayGroup] == nil && dataSet[.overlayData] == nil)
    }

    @Test func `an enhanced multi-frame object keeps its functional groups`() throws {
        func groups(_ window: String) -> DataSet {
            DataSet(elements: [
                DataElement(
                    tag: Tag(0x0028, 0x9132),
                    items: [DataSet(elements: [DataElement(tag: .windowCenter, vr: .ds, ascii: window)])])
            ])
        }
        var synthetic = grey(12, signed: true)
        synthetic.transferSyntax = .jpegLSLossless
        synthetic.numberOfFrames = 3
        synthetic.extra = [
            DataElement(tag: Tag(0x5200, 0x9229), items: [groups("1")]),
            DataElement(tag: Tag(0x5200, 0x9230), items: ["40", "50", "60"].map(groups)),
        ]
        let (dataSet, summary) = try masked(synthetic)
        #expect(summary.changes == [.regionsMasked] && summary.changedFrames.map(\.value) == [1])
        let kept = dataSet.items(Tag(0x5200, 0x9230)).map { $0.items(Tag(0x0028, 0x9132)).first?.string(.windowCenter) }
        #expect(kept == ["40", "50", "60"])
    }
}

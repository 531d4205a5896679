import DICOMFile
import DICOMModel
import Testing

@Suite struct `Data dictionary` {
    @Test(arguments: [
        (Tag(0x0010, 0x0010), "PatientName", VR.pn), (Tag(0x0008, 0x0005), "SpecificCharacterSet", .cs),
        (Tag(0x7FE0, 0x0010), "PixelData", .ow), (Tag(0x7FE0, 0x0001), "ExtendedOffsetTable", .ov),
        (Tag(0x6002, 0x3000), "OverlayData", .ow), (Tag(0x60FE, 0x0010), "OverlayRows", .us),
        (Tag(0x5004, 0x3000), "CurveData", .ow), (Tag(0x0020, 0x3107), "SourceImageIDs", .cs),
        (Tag(0x0028, 0x0106), "SmallestImagePixelValue", .us), (Tag(0xFFFA, 0xFFFA), "DigitalSignaturesSequence", .sq),
    ])
    func `tags have the standard's keyword and VR`(tag: DICOMModel.Tag, keyword: String, vr: VR) {
        #expect(DataDictionary.keyword(tag) == keyword)
        #expect(DataDictionary.entry(tag)?.vr == vr)
    }

    @Test func `a VR depends on Pixel Representation`() {
        #expect(DataDictionary.vr(.pixelPaddingValue) == .us)
        #expect(DataDictionary.vr(.pixelPaddingValue, isSigned: true) == .ss)
    }

    @Test func `what isn't in the dictionary is unknown, except group lengths and private creators`() {
        #expect(DataDictionary.entry(Tag(0x0009, 0x0010)) == nil)
        #expect(DataDictionary.vr(Tag(0x0009, 0x0010)) == .lo)
        #expect(DataDictionary.vr(Tag(0x0009, 0x1010)) == .un)
        #expect(DataDictionary.vr(Tag(0x0010, 0x0000)) == .ul)
        #expect(DataDictionary.vr(Tag(0x0010, 0xFFF0)) == .un)
    }

    @Test func `keywords lead back to tags`() {
        #expect(DataDictionary.tag(keyword: "PatientID") == .patientID)
        #expect(DataDictionary.tag(keyword: "PatientShoeSize") == nil)
    }
}

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

struct HeaderDeidentifierTests {
    private let referencedSOPInstanceUID = Tag(0x0008, 0x1155)
    private let anatomicRegion = Tag(0x0008, 0x2218)

    @Test func `one UID gets one new UID in the root, in items and in File Meta Information`() throws {
        let instance = "1.2.3.4.5.6.7.8.9.10.11"
        let reference = DataElement(tag: referencedSOPInstanceUID, vr: .ui, ascii: instance, "1.2.840.10008.1.4.1.1")
        let nested = DataElement(
            tag: anatomicRegion,
            items: [DataSet(elements: [reference, DataElement(tag: Tag(0x0040, 0xA124), vr: .ui, ascii: instance)])])
        let result = try deidentified(
            object([nested, DataElement(tag: .studyInstanceUID, vr: .ui, ascii: instance)])
        ).object
        let new = pseudonyms.uid(UID(instance)).value
        #expect(result.dataSet.string(.sopInstanceUID) == new)
        #expect(result.dataSet.string(.studyInstanceUID) == new)
        #expect(result.fileMeta.string(.mediaStorageSOPInstanceUID) == new)
        let item = try #require(result.dataSet.items(anatomicRegion).first)
        #expect(item.strings(referencedSOPInstanceUID) == [new, "1.2.840.10008.1.4.1.1"])
        #expect(item.string(Tag(0x0040, 0xA124)) == new)
    }

    @Test func `a class of a maker's own stays what it is`() throws {
        let result = try deidentified(object([], sopClass: "1.3.12.2.1107.5.9.1")).object
        #expect(result.dataSet.string(.sopClassUID) == "1.3.12.2.1107.5.9.1")
        #expect(result.fileMeta.string(.mediaStorageSOPClassUID) == "1.3.12.2.1107.5.9.1")
    }

    // 1.2.840.10008.1.5.1 is the Hot Iron palette (PS3.6 annex A).
    @Test func `a palette of the standard keeps its instance UID, in File Meta Information as well`() throws {
        let palette = UID("1.2.840.10008.1.5.1")
        var original = object([], sopClass: "1.2.840.10008.5.1.4.39.1")
        original.dataSet[.sopInstanceUID] = DataElement(tag: .sopInstanceUID, vr: .ui, ascii: palette.value)
        let result = try deidentified(original)
        #expect(result.object.dataSet.string(.sopInstanceUID) == palette.value)
        #expect(result.object.fileMeta.string(.mediaStorageSOPInstanceUID) == palette.value)
        #expect(result.summary.sopInstanceUID == palette)
    }

    @Test func `Patient ID and Patient's Name carry the same pseudonym`() throws {
        let result = try deidentified(
            object([
                DataElement(tag: .patientID, vr: .lo, ascii: "12345"),
                DataElement(tag: .patientName, vr: .pn, ascii: Canary.name),
            ]))
        let pseudonym = pseudonyms.patient(patientID: "12345")
        #expect(result.object.dataSet.string(.patientID) == pseudonym)
        #expect(result.object.dataSet.string(.patientName) == pseudonym)
        #expect(result.summary.patient == pseudonym)
    }

    @Test(arguments: PixelEvidence.allCases)
    func `113101 and Burned In Annotation NO need examined pixels, or for 113101 none`(_ pixels: PixelEvidence) throws {
        let claims = object([
            DataElement(tag: .burnedInAnnotation, vr: .cs, ascii: "NO"),
            DataElement(
                tag: .deidentificationMethodCodeSequence,
                items: [
                    DataSet(elements: [
                        DataElement(tag: Tag(0x0008, 0x0100), vr: .sh, ascii: "113101"),
                        DataElement(tag: Tag(0x0008, 0x0102), vr: .sh, ascii: "DCM"),
                        DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, ascii: Canary.text),
                    ])
                ]),
        ])
        let dataSet = try deidentified(claims, pixels: pixels).object.dataSet
        let codes = dataSet.items(.deidentificationMethodCodeSequence).map { $0.string(Tag(0x0008, 0x0100)) }
        #expect(codes == (pixels == .notExamined ? ["113100"] : ["113100", "113101"]))
        #expect(dataSet.string(.burnedInAnnotation) == (pixels == .notExamined ? nil : "NO"))
    }

    @Test func `scripts alone, whose pixels nobody examined, claim no code, and have no sequence without items`() throws
    {
        let encrypted = DataSet(elements: [Canary.element(Tag(0x0400, 0x0520), .ob)])
        var made = object([
            DataElement(tag: Tag(0x0400, 0x0500), items: [encrypted]), Canary.element(Tag(0x0400, 0x0520), .ob),
        ])
        #expect(try deidentified(made).object.dataSet[Tag(0x0400, 0x0520)] == nil)
        try ScriptedDeidentifier.finish(&made, original: made.dataSet, pixels: .notExamined)
        #expect(made.dataSet.string(.patientIdentityRemoved) == "YES")
        #expect(made.dataSet[.deidentificationMethodCodeSequence] == nil)
        #expect(made.dataSet[Tag(0x0400, 0x0500)] == nil && made.dataSet[Tag(0x0400, 0x0520)] == nil)
    }

    @Test func `a picture that says YES and was not examined goes on saying so`() throws {
        let yes = object([DataElement(tag: .burnedInAnnotation, vr: .cs, ascii: "YES")])
        #expect(try deidentified(yes, pixels: .notExamined).object.dataSet.string(.burnedInAnnotation) == "YES")
        #expect(try deidentified(yes, pixels: .masked).object.dataSet.string(.burnedInAnnotation) == "NO")
    }

    @Test func `the markers of PS3.15 E1 are there and fit their VRs`() throws {
        let result = try deidentified(object([]), pixels: .masked)
        let dataSet = result.object.dataSet
        #expect(dataSet.string(.patientIdentityRemoved) == "YES")
        #expect(dataSet.string(.longitudinalTemporalInformationModified) == "REMOVED")
        #expect(dataSet.strings(.deidentificationMethod).count == 3)
        #expect(dataSet.strings(.deidentificationMethod).allSatisfy { (1...64).contains($0.count) })
        #expect(DeidentificationCode.allCases.allSatisfy { $0.meaning.count <= 64 })
        #expect(result.object.preamble == [UInt8](repeating: 0, count: 128))
        #expect(result.object.fileMeta.string(.implementationClassUID).map { UID($0).isValid } == true)
        #expect(result.object.fileMeta.elements.map(\.tag.element) == [0x0, 0x1, 0x2, 0x3, 0x10, 0x12, 0x13])
    }

    @Test func `what stays is kept byte for byte`() throws {
        let technical = DataElement(tag: Tag(0x0018, 0x0060), vr: .ds, bytes: Array(" 120.0 ".utf8))
        let code = DataElement(tag: Tag(0x0008, 0x0100), vr: .sh, bytes: Array(" T-A0100".utf8))
        let region = DataElement(tag: anatomicRegion, items: [DataSet(elements: [code])])
        let result = try deidentified(object([technical, region])).object.dataSet
        #expect(try result.bytes(Tag(0x0018, 0x0060)) == Array(" 120.0  ".utf8))
        #expect(try result.items(anatomicRegion).first?.bytes(Tag(0x0008, 0x0100)) == Array(" T-A0100".utf8))
    }

    @Test func `the same input gives the same bytes`() throws {
        let original = object([DataElement(tag: .patientID, vr: .lo, ascii: "12345")])
        #expect(try deidentified(original).bytes == deidentified(original).bytes)
    }

    @Test func `names, dates, instance UIDs and addresses that the table doesn't list go as well`() throws {
        let original = object([
            DataElement(tag: Tag(0x0040, 0xA067), vr: .pn, ascii: Canary.name),
            DataElement(tag: Tag(0x0014, 0x0102), vr: .da, ascii: Canary.date),
            DataElement(tag: Tag(0x0044, 0x0102), vr: .ui, ascii: Canary.uid),
            DataElement(tag: Tag(0x0008, 0x1190), vr: .ur, ascii: "http://" + Canary.text),
            DataElement(tag: Tag(0x0018, 0x0050), vr: .ds, ascii: Canary.text),
            DataElement(tag: Tag(0x0044, 0x0FFE), vr: .lo, ascii: Canary.text),
        ])
        let result = try deidentified(original)
        #expect(!Canary.sings(in: result.bytes))
        #expect(result.object.dataSet[Tag(0x0018, 0x0050)]?.isEmpty == true)
        #expect(result.object.dataSet.string(Tag(0x0044, 0x0102)) == pseudonyms.uid(UID(Canary.uid)).value)
    }

    @Test func `a DICOMDIR and an object without a class are no instances`() {
        var directory = object([], sopClass: "1.2.840.10008.1.3.10")
        let error = #expect(throws: HeaderDeidentificationError.self) {
            try deidentifier.deidentify(&directory, pixels: .noPixels)
        }
        #expect(error?.code == .notAnInstance)
        var nothing = DICOMObject(
            fileMeta: DataSet(), dataSet: DataSet(elements: [DataElement(tag: .modality, vr: .cs, ascii: "CT")]),
            transferSyntax: .explicitVRLittleEndian)
        #expect(throws: HeaderDeidentificationError.self) {
            try deidentifier.deidentify(&nothing, pixels: .noPixels)
        }
    }
}

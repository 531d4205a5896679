import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// Pictures in items: nobody looks at them, so none leaves, whether the object has Pixel Data of its own or not.
@Suite struct NestedPictureTests {
    /// A class of objects without Pixel Data, and a sequence of it that the profile keeps.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sopClass: String
        let modality: String
        let sequence: DICOMModel.Tag
        var picture = DICOMModel.Tag.pixelData

        static let all = [
            Kind(
                testDescription: "report", sopClass: "1.2.840.10008.5.1.4.1.1.88.11", modality: "SR",
                sequence: Tag(0x0040, 0xA504)),
            Kind(
                testDescription: "key objects", sopClass: "1.2.840.10008.5.1.4.1.1.88.59", modality: "KO",
                sequence: Tag(0x0040, 0xA375)),
            Kind(
                testDescription: "presentation state", sopClass: "1.2.840.10008.5.1.4.1.1.11.1", modality: "PR",
                sequence: Tag(0x0008, 0x1115)),
            Kind(
                testDescription: "structure set", sopClass: "1.2.840.10008.5.1.4.1.1.481.3", modality: "RTSTRUCT",
                sequence: Tag(0x3006, 0x0020), picture: .floatPixelData),
        ]
    }

    private static let policy = """
        version: 1
        series:
          structured-report: inspect
          presentation-state: inspect
        """

    /// What its picture holds, to be looked for in what was released.
    private static let samples = Array("PICTUREINANITEM!".utf8)

    /// An item with a picture in it, beside a reference that may stay.
    private func item(_ picture: DICOMModel.Tag) -> DataSet {
        DataSet(elements: [
            DataElement(tag: Tag(0x0008, 0x1155), vr: .ui, ascii: "1.2.826.0.1.3680043.10.99.9"),
            DataElement(tag: picture, vr: picture == .pixelData ? .ob : .of, bytes: Self.samples),
        ])
    }

    /// Its released Data Set, which no picture in an item has reached.
    private func released(_ kind: Kind, _ elements: [DataElement], policy: String) throws -> DataSet {
        try SmallRun.with([SmallStudy(elements: elements)]) { run in
            try withoutPixels(run.input + "/1", sopClass: kind.sopClass, modality: kind.modality)
            let finished = try run.clean(["--policy", try run.write("site.yaml", policy)])
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            #expect(!run.everything().contains(String(decoding: Self.samples, as: UTF8.self)))
            let dataSet = try #require(try run.released().first)
            // Planes that stay are looked at twice, as those of an image.
            let checks = try checksPassed(run)
            #expect(checks.contains("unseen-pictures"))
            #expect(checks.contains("text-again") == dataSet.elements.contains { $0.tag.isOverlay })
            return dataSet
        }
    }

    /// By the only instance of a run.
    private func checksPassed(_ run: SmallRun) throws -> [String] {
        let report = try Data(contentsOf: URL(fileURLWithPath: run.output + "/report/report.json"))
        let instances =
            (try JSONSerialization.jsonObject(with: report) as? [String: Any])?["instances"] as? [[String: Any]]
        return try #require(instances?.first?["checksPassed"] as? [String])
    }

    /// Makes another object of an image: without Pixel Data and what describes it.
    private func withoutPixels(_ path: String, sopClass: String, modality: String) throws {
        var object = try DICOMObject.read(FileByteSource(path: path))
        object.dataSet.mapElements { $0.tag.group == 0x0028 || $0.tag == .pixelData ? nil : $0 }
        object.dataSet[.sopClassUID] = DataElement(tag: .sopClassUID, vr: .ui, ascii: sopClass)
        object.dataSet[.modality] = DataElement(tag: .modality, vr: .cs, ascii: modality)
        object.fileMeta[.mediaStorageSOPClassUID] = DataElement(tag: .mediaStorageSOPClassUID, vr: .ui, ascii: sopClass)
        let bytes = try object.serialized()
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private func nestedPictures(in dataSet: DataSet) -> Int {
        var count = 0
        dataSet.walk { path, element, _ in
            if element.tag.group == 0x7FE0, !path.sequences.isEmpty { count += 1 }
        }
        return count
    }

    @Test(arguments: Kind.all)
    func `an object without Pixel Data leaves without the pictures in its items`(_ kind: Kind) throws {
        let outer = Tag(0x0040, 0xA370)
        let elements = [
            DataElement(tag: kind.sequence, items: [item(kind.picture)]),
            DataElement(
                tag: outer,
                items: [DataSet(elements: [DataElement(tag: Tag(0x0008, 0x1199), items: [item(kind.picture)])])]),
        ]
        let dataSet = try released(kind, elements, policy: Self.policy)
        #expect(nestedPictures(in: dataSet) == 0)
        #expect(dataSet[kind.sequence] == nil)
    }

    @Test func `a presentation state keeps the clear planes and the shutter that the option keeps`() throws {
        let bits = [UInt8](repeating: 0, count: 64 * 8)
        let elements = [
            DataElement(tag: .shutterShape, vr: .cs, ascii: "BITMAP"),
            DataElement(tag: .shutterOverlayGroup, vr: .us, bytes: [0x00, 0x60]),
            DataElement(tag: .overlayRows, vr: .us, bytes: [64, 0]),
            DataElement(tag: .overlayColumns, vr: .us, bytes: [64, 0]),
            DataElement(tag: Tag(0x6000, 0x0040), vr: .cs, ascii: "G"),
            DataElement(tag: Tag(0x6000, 0x0050), vr: .ss, bytes: [1, 0, 1, 0]),
            DataElement(tag: Tag(0x6000, 0x0100), vr: .us, bytes: [1, 0]),
            DataElement(tag: Tag(0x6000, 0x0102), vr: .us, bytes: [0, 0]),
            DataElement(tag: .overlayData, vr: .ow, bytes: bits),
        ]
        let option = Self.policy + "\ndeidentification:\n  options: [clean-graphics]\n"
        let kept = try released(Kind.all[2], elements, policy: option)
        #expect(try kept.bytes(.overlayData) == bits)
        #expect(kept.strings(.shutterShape) == ["BITMAP"] && kept.integer(.shutterOverlayGroup) == 0x6000)
        let without = try released(Kind.all[2], elements, policy: Self.policy)
        #expect(without.elements.allSatisfy { !$0.tag.isOverlay })
        #expect(without[.shutterOverlayGroup] == nil && without[.shutterShape] == nil)
    }

    /// Variable Pixel Data and coefficients (PS3.6), which no viewer shows.
    @Test func `retired pictures beside Pixel Data don't leave`() throws {
        let tags = [Tag(0x7F00, 0x0010), Tag(0x7F0E, 0x0020), Tag(0x7FE0, 0x0020), Tag(0x7FE0, 0x0040)]
        let elements = tags.map { DataElement(tag: $0, vr: .ow, bytes: Self.samples) }
        let reference = DataElement(tag: Tag(0x0008, 0x1140), items: [DataSet(elements: elements)])
        try SmallRun.with([SmallStudy(elements: elements + [reference])]) { run in
            let finished = try run.clean([])
            #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
            #expect(!run.everything().contains(String(decoding: Self.samples, as: UTF8.self)))
            let dataSet = try #require(try run.released().first)
            #expect(dataSet.contains(.pixelData) && tags.allSatisfy { !dataSet.contains($0) })
        }
    }

    @Test(arguments: [DICOMModel.Tag.pixelData, .floatPixelData, .doubleFloatPixelData])
    func `scripts instead of the profile leave no picture in an item either`(_ picture: DICOMModel.Tag) throws {
        let sequence = Tag(0x3006, 0x0020)
        let dataSet = DataSet(elements: [
            DataElement(tag: .sopClassUID, vr: .ui, ascii: "1.2.840.10008.5.1.4.1.1.481.3"),
            DataElement(tag: .sopInstanceUID, vr: .ui, ascii: "2.25.1"),
            DataElement(
                tag: sequence, items: [DataSet(elements: [DataElement(tag: picture, vr: .ob, bytes: Self.samples)])]),
        ])
        var object = DICOMObject(
            fileMeta: DataSet(), dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
        try ScriptedDeidentifier.finish(&object, original: dataSet, pixels: .noPixels)
        #expect(object.dataSet[sequence] == nil)
    }
}

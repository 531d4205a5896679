import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// What the options keep, beyond the rows of Table E.1-1.
struct ProfileOptionTests {
    private func codes(_ dataSet: DataSet) -> [String?] {
        dataSet.items(.deidentificationMethodCodeSequence).map { $0.string(Tag(0x0008, 0x0100)) }
    }

    @Test(arguments: ProfileOption.allCases)
    func `an option is named by its code of CID 7050`(_ option: ProfileOption) throws {
        let numbers: [ProfileOption: String] = [
            .cleanGraphics: "113103", .cleanStructuredContent: "113104", .cleanDescriptors: "113105",
            .retainLongitudinalFullDates: "113106", .retainLongitudinalModifiedDates: "113107",
            .retainPatientCharacteristics: "113108", .retainDeviceIdentity: "113109", .retainUIDs: "113110",
            .retainSafePrivate: "113111", .retainInstitutionIdentity: "113112",
        ]
        #expect(
            codes(try deidentified(object([]), options: [option]).object.dataSet) == [
                "113100", "113101", numbers[option],
            ])
    }

    @Test func `with UIDs retained all of them stay, File Meta Information included`() throws {
        let uids = [Tag(0x0020, 0x000D), Tag(0x0020, 0x0052), Tag(0x0044, 0x0102)]
        let original = object(uids.map { DataElement(tag: $0, vr: .ui, ascii: Canary.uid) })
        let result = try deidentified(original, options: [.retainUIDs])
        for tag in uids { #expect(result.object.dataSet.string(tag) == Canary.uid) }
        let instance = "1.2.3.4.5.6.7.8.9.10.11"
        #expect(result.object.dataSet.string(.sopInstanceUID) == instance)
        #expect(result.object.fileMeta.string(.mediaStorageSOPInstanceUID) == instance)
        #expect(result.summary.sopInstanceUID.value == instance)
        let profile = try DeidentificationProfile(options: [.retainUIDs])
        #expect(try ResidualSweep(original: original, profile: profile).residuals(in: result.object) == [])
    }

    @Test func `a label that the table leaves out is cleaned as its descriptors are`() throws {
        let label = Tag(0x0062, 0x0005)
        func result(_ text: String, _ options: Set<ProfileOption>) throws -> String? {
            let segment = DataSet(elements: [DataElement(tag: label, vr: .lo, bytes: Array(text.utf8))])
            let original = object([DataElement(tag: Tag(0x0062, 0x0002), items: [segment])])
            return try deidentified(original, options: options).object.dataSet.items(Tag(0x0062, 0x0002)).first?
                .string(label)
        }
        #expect(try result("Liver", [.cleanDescriptors]) == "Liver")
        // Type 1 (PS3.3 C.8.20.4): something has to stand there.
        #expect(try result("Liver", []) == "REMOVED")
        #expect(try result(Canary.text, [.cleanDescriptors]) == "REMOVED")
        let profile = try DeidentificationProfile(options: [.cleanDescriptors])
        let element = DataElement(tag: label, vr: .lo, ascii: "Liver")
        #expect(ProfileRule(profile: profile).name(of: element) == "additional: D, 113105 C")
        #expect(ProfileRule(profile: .basic).name(of: element) == "additional: D")
    }

    @Test func `the sweep takes what is kept for no leak, and still finds the patient`() throws {
        let original = object([
            DataElement(tag: .patientName, vr: .pn, ascii: "Fitzwilliam^Obrian"),
            DataElement(tag: .patientID, vr: .lo, ascii: "PAT-4711"),
            DataElement(tag: .studyDate, vr: .da, ascii: Canary.date),
            // A newborn: the day of birth is the day of the Study.
            DataElement(tag: Tag(0x0010, 0x0030), vr: .da, ascii: Canary.date),
            DataElement(tag: Tag(0x0008, 0x0030), vr: .tm, ascii: Canary.time),
            DataElement(tag: Tag(0x0008, 0x0080), vr: .lo, ascii: "Northgate Infirmary"),
            DataElement(tag: Tag(0x0008, 0x1010), vr: .sh, ascii: "NORTHSCAN3"),
        ])
        let options: Set<ProfileOption> = [
            .retainLongitudinalFullDates, .retainInstitutionIdentity, .retainDeviceIdentity,
        ]
        let profile = try DeidentificationProfile(options: options)
        var result = try deidentified(original, options: options).object
        #expect(result.dataSet.string(Tag(0x0008, 0x0080)) == "Northgate Infirmary")
        #expect(result.dataSet.string(Tag(0x0008, 0x1010)) == "NORTHSCAN3")
        let sweep = ResidualSweep(original: original, profile: profile)
        #expect(try sweep.residuals(in: result) == [])
        result.dataSet[.seriesDescription] = DataElement(tag: .seriesDescription, vr: .lo, ascii: "for obrian")
        #expect(try sweep.residuals(in: result).contains { $0.isBlocking })
        let shifted = try DeidentificationProfile(options: [.retainLongitudinalModifiedDates])
        let moved = try deidentified(original, options: shifted.options).object
        #expect(moved.dataSet.string(Tag(0x0008, 0x0030)) == Canary.time)
        #expect(try ResidualSweep(original: original, profile: shifted).residuals(in: moved) == [])
        // The true date is found where only a moved one may be.
        let kept = try deidentified(original, options: [.retainLongitudinalFullDates]).object
        #expect(try ResidualSweep(original: original, profile: shifted).residuals(in: kept).contains { $0.isBlocking })
    }

    @Test func `a description keeps technique and loses people, dates and numbers`() throws {
        let original = object([
            DataElement(tag: .patientName, vr: .pn, ascii: "Head^Pelvia"),
            DataElement(tag: .patientID, vr: .lo, ascii: "12345"),
            DataElement(tag: Tag(0x0008, 0x1070), vr: .pn, ascii: "Contrast^Olga"),
            DataElement(tag: .seriesDescription, vr: .lo, ascii: "CT Head 5.0 mm contrast 12345 20200101 Olga"),
            DataElement(tag: Tag(0x0018, 0x1030), vr: .lo, ascii: "Abdomen^Routine\\Zzcanary"),
            DataElement(tag: Tag(0x0008, 0x1030), vr: .lo, ascii: "Zzcanary"),
        ])
        let dataSet = try deidentified(original, options: [.cleanDescriptors]).object.dataSet
        #expect(dataSet.string(.seriesDescription) == "CT 5.0 mm")
        #expect(dataSet.strings(Tag(0x0018, 0x1030)) == ["Abdomen^Routine"])
        #expect(dataSet[Tag(0x0008, 0x1030)] == nil)
    }

    @Test func `a description in another character set keeps what is known of it`() throws {
        var original = object([DataElement(tag: .specificCharacterSet, vr: .cs, ascii: "ISO_IR 100")])
        // Latin-1: "Schädel Zöllner"
        original.dataSet[.seriesDescription] = DataElement(
            tag: .seriesDescription, vr: .lo,
            bytes: Array("Sch".utf8) + [0xE4] + Array("del Z".utf8) + [0xF6]
                + Array("llner".utf8))
        let dataSet = try deidentified(original, options: [.cleanDescriptors]).object.dataSet
        #expect(dataSet.string(.seriesDescription) == "Schädel")
        #expect(try dataSet.bytes(.seriesDescription) == Array("Sch".utf8) + [0xE4] + Array("del ".utf8))
    }

    @Test func `graphics keep their shapes and lose their words`() throws {
        let text = DataSet(elements: [
            DataElement(tag: Tag(0x0070, 0x0004), vr: .cs, ascii: "PIXEL"),
            DataElement(tag: Tag(0x0070, 0x0006), vr: .st, ascii: Canary.text),
        ])
        let shape = DataSet(elements: [
            DataElement(tag: Tag(0x0070, 0x0022), vr: .fl, bytes: [UInt8](repeating: 7, count: 16)),
            DataElement(tag: Tag(0x0070, 0x0023), vr: .cs, ascii: "POLYLINE"),
        ])
        let annotation = DataSet(elements: [
            DataElement(tag: Tag(0x0070, 0x0002), vr: .cs, ascii: "LAYER1"),
            DataElement(tag: Tag(0x0070, 0x0008), items: [text]),
            DataElement(tag: Tag(0x0070, 0x0009), items: [shape]),
        ])
        let original = object([DataElement(tag: Tag(0x0070, 0x0001), items: [annotation])])
        let result = try deidentified(original, options: [.cleanGraphics])
        let item = try #require(result.object.dataSet.items(Tag(0x0070, 0x0001)).first)
        #expect(item.items(Tag(0x0070, 0x0009)).first?.string(Tag(0x0070, 0x0023)) == "POLYLINE")
        #expect(item.items(Tag(0x0070, 0x0008)).first?.string(Tag(0x0070, 0x0006)) == "REMOVED")
        #expect(!Canary.sings(in: result.bytes))
    }
}

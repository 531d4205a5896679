import DICOMFile
import DICOMModel
import Foundation

/// Swift Testing has a type of this name as well.
typealias Tag = DICOMModel.Tag

/// A made-up CT image of 64 × 64 pixels without text, whose header can be looked for.
struct SmallStudy {
    var patientID = "HOSP-4711"
    var patientName = "Fitzwilliam^Ada"
    var accessionNumber = "ACC100001"
    var studyDate = "20240305"
    /// Tells studies apart.
    var number = 1
    /// Put in besides.
    var elements: [DataElement] = []

    var studyInstanceUID: String { "1.2.826.0.1.3680043.10.99.\(number)" }

    private var object: DICOMObject {
        var dataSet = DataSet()
        func text(_ tag: Tag, _ vr: VR, _ value: String) {
            dataSet[tag] = DataElement(tag: tag, vr: vr, bytes: Array(value.utf8))
        }
        text(.sopClassUID, .ui, "1.2.840.10008.5.1.4.1.1.2")
        text(.sopInstanceUID, .ui, studyInstanceUID + ".1.1")
        text(.studyInstanceUID, .ui, studyInstanceUID)
        text(.seriesInstanceUID, .ui, studyInstanceUID + ".1")
        text(.studyDate, .da, studyDate)
        text(Tag(0x0008, 0x0030), .tm, "101530.25")
        text(.accessionNumber, .sh, accessionNumber)
        text(.modality, .cs, "CT")
        text(Tag(0x0008, 0x0090), .pn, "Quartermaine^Alan")
        text(Tag(0x0008, 0x1030), .lo, "Follow-up")
        text(.patientName, .pn, patientName)
        text(.patientID, .lo, patientID)
        text(Tag(0x0010, 0x0030), .da, "19300102")
        text(.seriesNumber, .is, "1")
        text(.instanceNumber, .is, String(number))
        text(.photometricInterpretation, .cs, "MONOCHROME2")
        for (tag, value) in [
            (Tag.samplesPerPixel, 1), (.rows, 64), (.columns, 64), (.bitsAllocated, 8), (.bitsStored, 8), (.highBit, 7),
            (.pixelRepresentation, 0),
        ] {
            dataSet.set(tag, .us, unsigned: [value])
        }
        let pixels = (0..<64 * 64).map { Self.sample(x: $0 % 64, y: $0 / 64) }
        dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, bytes: pixels)
        for element in elements { dataSet[element.tag] = element }
        let meta = DataSet(elements: [
            DataElement(tag: .mediaStorageSOPClassUID, vr: .ui, ascii: "1.2.840.10008.5.1.4.1.1.2"),
            DataElement(tag: .mediaStorageSOPInstanceUID, vr: .ui, bytes: Array((studyInstanceUID + ".1.1").utf8)),
            DataElement(tag: .transferSyntaxUID, vr: .ui, ascii: "1.2.840.10008.1.2.1"),
        ])
        return DICOMObject(fileMeta: meta, dataSet: dataSet, transferSyntax: .explicitVRLittleEndian)
    }

    /// The stored value of a pixel.
    static func sample(x: Int, y: Int) -> UInt8 { UInt8(100 + (x + y) / 4) }

    /// Writes it to `folder`, which is made.
    func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try object.write(toPath: "\(folder)/\(number)")
    }
}

/// A run of `quench clean` in a folder of its own.
struct SmallRun {
    let folder: String
    var input: String { folder + "/input" }
    var output: String { folder + "/output" }

    func write(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func clean(_ arguments: [String], to output: String? = nil) throws -> Finished {
        try Shell.run(Place.program, ["clean", input, "--output", output ?? self.output, "--workers", "1"] + arguments)
    }

    /// The released Data Sets.
    func released() throws -> [DataSet] {
        try Place.contents(of: output + "/released").sorted { $0.key < $1.key }.map { _, bytes in
            try DICOMObject.read(MemoryByteSource(Array(bytes))).dataSet
        }
    }

    /// Decision and reasons of each row of `instances.csv`, sorted.
    func decisions() throws -> [String] {
        let table = try String(contentsOfFile: output + "/report/instances.csv", encoding: .utf8)
        let lines = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let head = lines.first, let decision = head.firstIndex(of: "decision"),
            let reasons = head.firstIndex(of: "reasons")
        else { return [] }
        return lines.dropFirst().map { "\($0[decision]) \($0[reasons])".trimmingCharacters(in: .whitespaces) }.sorted()
    }

    /// Everything that the run wrote but quarantine, as text in which anything can be looked for.
    func everything() -> String {
        Place.contents(of: output).filter { !$0.key.hasPrefix("quarantine/") }
            .map { $0.key + String(decoding: $0.value, as: UTF8.self) }.joined()
    }

    static func with<Result>(_ studies: [SmallStudy], _ body: (SmallRun) throws -> Result) throws -> Result {
        try Place.temporary { folder in
            let run = SmallRun(folder: folder)
            for study in studies { try study.write(to: run.input) }
            return try body(run)
        }
    }
}

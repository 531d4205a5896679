import DICOMFile
import DICOMModel
import TestSupport
import Testing

@Suite struct `Recognition` {
    private static let elements =
        Bytes.explicit(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7\0")
        + Bytes.explicit(0x0008, 0x0060, "CS", "OT") + Bytes.explicit(0x0010, 0x0020, "LO", "42")
    private static let implicitElements =
        Bytes.implicit(0x0008, 0x0016, Array("1.2.840.10008.5.1.4.1.1.7\0".utf8))
        + Bytes.implicit(0x0008, 0x0060, Array("OT".utf8)) + Bytes.implicit(0x0010, 0x0020, Array("42".utf8))
    private static let bigEndianElements: [UInt8] =
        [0, 8, 0, 0x60] + Array("CS".utf8) + [0, 2] + Array("OT".utf8)
        + [0, 8, 0, 0x70] + Array("LO".utf8) + [0, 2] + Array("X ".utf8)
        + [0, 0x10, 0, 0x20] + Array("LO".utf8) + [0, 2] + Array("42".utf8)

    @Test(arguments: [
        Bytes.beginning() + elements,
        Array("DICM".utf8) + Array(Bytes.beginning()[132...]) + elements,
        Array(Bytes.beginning()[132...]) + elements,
        Array(Bytes.beginning("1.2.840.10008.1.2")[132...]) + implicitElements,
        [UInt8](repeating: 7, count: 128) + Array("DICM".utf8) + implicitElements,
        elements, implicitElements, bigEndianElements,
    ])
    func `a file is known with and without preamble and File Meta Information`(file: [UInt8]) throws {
        #expect(DICOMObject.isDICOM(MemoryByteSource(file)))
        let object = try Bytes.read(file)
        #expect(object.dataSet.string(.patientID) == "42")
        #expect(object.dataSet.string(.modality) == "OT")
        #expect(try object.serialized() == file)
    }

    @Test(arguments: [
        [], [0x0A], Array("This is a letter to the patient, and no DICOM file at all.\n".utf8),
        Array("PK\u{03}\u{04}".utf8) + [UInt8](repeating: 0, count: 400),
        Array("%PDF-1.7\n%".utf8) + [UInt8](repeating: 0x20, count: 400),
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1],
        [UInt8](repeating: 0, count: 4096), [UInt8](repeating: 0xFF, count: 4096),
        [8, 0, 5, 0], [8, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x4F, 0x54],
    ])
    func `other files are not DICOM`(file: [UInt8]) {
        #expect(!DICOMObject.isDICOM(MemoryByteSource(file)))
        #expect(throws: DICOMFileError.self) { try Bytes.read(file) }
    }

    @Test func `random bytes are not DICOM`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<3000 {
            let bytes = (0..<512).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(!DICOMObject.isDICOM(MemoryByteSource(bytes)))
        }
    }

    @Test func `a Transfer Syntax that lies is found out`() throws {
        let object = try Bytes.read(Bytes.beginning("1.2.840.10008.1.2.1") + Self.implicitElements)
        #expect(object.transferSyntax == .implicitVRLittleEndian)
        #expect(!object.dataSet.isExplicitVR)
        #expect(object.warnings.map(\.code).contains(.wrongTransferSyntax))
        #expect(object.dataSet.string(.patientID) == "42")
    }

    @Test func `an unknown Transfer Syntax is read as what it looks like`() throws {
        let explicit = try Bytes.read(Bytes.beginning("1.2.3.4") + Self.elements)
        let implicit = try Bytes.read(Bytes.beginning("1.2.3.4") + Self.implicitElements)
        #expect(explicit.dataSet.string(.patientID) == "42")
        #expect(implicit.dataSet.string(.patientID) == "42")
        #expect(explicit.warnings.map(\.code) == [.unknownTransferSyntax])
    }
}

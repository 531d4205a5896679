import DICOMFile
import DICOMModel
import HeaderDeidentification
import TestSupport
import Testing

/// Damaged and random bytes through all of it: read, de-identify, write, sweep. Every one ends with a result or a clear error,
/// and costs no more than its size.
struct HostileFileTests {
    private static let transferSyntaxes: [TransferSyntax] = [
        .explicitVRLittleEndian, .implicitVRLittleEndian, .explicitVRBigEndian,
    ]

    /// Every kind of element in a few hundred bytes.
    private func sample(_ transferSyntax: TransferSyntax) throws -> [UInt8] {
        let inner = DataSet(elements: [
            Canary.element(Tag(0x0008, 0x0050), .sh), Canary.element(Tag(0x0008, 0x2218), .sq),
            Canary.element(.patientName, .pn),
        ])
        let elements = [
            DataElement(tag: .specificCharacterSet, vr: .cs, ascii: "", "ISO 2022 IR 87"),
            Canary.element(Tag(0x0008, 0x0020), .da), Canary.element(Tag(0x0008, 0x002A), .dt),
            DataElement(tag: Tag(0x0008, 0x1140), items: [inner, inner]),
            DataElement(tag: Tag(0x0009, 0x0010), vr: .lo, ascii: "SIEMENS CT VA0  COAD"),
            Canary.element(Tag(0x0009, 0x1001), .un), Canary.element(.patientName, .pn),
            DataElement(tag: .contentSequence, items: [inner]), Canary.element(Tag(0x0018, 0x0050), .ds),
            DataElement(tag: .pixelData, vr: .ow, bytes: [UInt8](repeating: 7, count: 64)),
        ]
        return try object(elements, transferSyntax).serialized()
    }

    private func exercise(_ bytes: [UInt8], options: Set<ProfileOption>) throws {
        do {
            let original = try DICOMObject.read(MemoryByteSource(bytes))
            var count = 0
            original.dataSet.walk { _, element, _ in count += 1 + (element.items?.count ?? 0) }
            // Each has a header of eight bytes or more, so that reading ends and memory is bounded.
            #expect(count <= bytes.count / 8)
            var object = original
            let deidentifier = HeaderDeidentifier(
                profile: try DeidentificationProfile(options: options), pseudonyms: pseudonyms)
            _ = try deidentifier.deidentify(&object, pixels: .notExamined)
            let written = try object.serialized()
            #expect(written.count <= 4096 + 4 * bytes.count)
            _ = try ResidualSweep(original: original, profile: deidentifier.profile).residuals(
                in: MemoryByteSource(written))
        } catch let error as DICOMFileError {
            #expect(!error.description.isEmpty && !error.description.contains("ZZCANARY"))
        } catch let error as HeaderDeidentificationError {
            #expect(error.code == .notAnInstance)
        }
    }

    @Test(arguments: transferSyntaxes, [[], CorpusOptionTests.profiles[1].options])
    func `damaged files end with a result or a clear error`(
        _ transferSyntax: TransferSyntax, _ options: Set<ProfileOption>
    ) throws {
        let original = try sample(transferSyntax)
        var generator = SeededGenerator(seed: UInt64(original.count))
        for _ in 0..<150 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 132..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[place] = [0x00, 0xFF, 0x7F, 0x80].randomElement(using: &generator) ?? 0
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 7))
                case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
                default: bytes.removeLast(min(bytes.count - 140, Int.random(in: 0..<40, using: &generator)))
                }
                if bytes.count < 160 { break }
            }
            try exercise(bytes, options: options)
        }
    }

    @Test func `a file cut anywhere ends with a result or a clear error`() throws {
        let original = try sample(.explicitVRLittleEndian)
        for length in stride(from: 0, through: original.count, by: 3) {
            try exercise(Array(original.prefix(length)), options: [])
        }
    }

    @Test func `random bytes are no DICOM file, or one with a clear error`() throws {
        var generator = SeededGenerator(seed: 20_260_101)
        let beginning = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        for round in 0..<300 {
            let count = Int.random(in: 0..<2000, using: &generator)
            let random = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            try exercise((round.isMultiple(of: 2) ? beginning : []) + random, options: [])
        }
    }
}

import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Structures that are legal and rare, and some that aren't: the canary is gone, or nothing is written.
struct HostileStructureTests {
    private let anatomicRegion = Tag(0x0008, 0x2218)
    private static let optionSets: [Set<ProfileOption>] = [[], CorpusOptionTests.profiles[1].options]

    /// What says who the patient is, in the order of tags.
    private static let telling = [
        Canary.element(Tag(0x0008, 0x0050), .sh), Canary.element(Tag(0x0008, 0x0090), .pn),
        Canary.element(Tag(0x0008, 0x103E), .lo), Canary.element(.patientName, .pn),
        Canary.element(Tag(0x0010, 0x1000), .lo), Canary.element(Tag(0x0010, 0x4000), .lt),
        Canary.element(Tag(0x0040, 0xA123), .pn),
    ]

    // MARK: - Deep and wide

    @Test(arguments: optionSets)
    func `64 levels down nothing is left`(_ options: Set<ProfileOption>) throws {
        var level = DataSet(elements: Self.telling)
        for _ in 0..<64 {
            level = DataSet(elements: [DataElement(tag: anatomicRegion, items: [level])])
        }
        let result = try deidentified(object(level.elements), options: options)
        #expect(!Canary.sings(in: result.bytes))
        var inner = result.object.dataSet
        for _ in 0..<64 { inner = try #require(inner.items(anatomicRegion).first) }
        #expect(inner[.patientName]?.isEmpty == true)
    }

    @Test(arguments: optionSets)
    func `in 10,000 items nothing is left, and all of them are there`(_ options: Set<ProfileOption>) throws {
        let items = (0..<10_000).map { _ in DataSet(elements: Self.telling) }
        let result = try deidentified(object([DataElement(tag: anatomicRegion, items: items)]), options: options)
        #expect(result.object.dataSet.items(anatomicRegion).count == 10_000)
        #expect(!Canary.sings(in: result.bytes))
    }

    // MARK: - Undefined lengths, UN, wrong VRs

    /// Explicit VR Little Endian, lengths as given.
    private func header(_ tag: Tag, _ vr: String, _ length: UInt32) -> [UInt8] {
        let number = [
            UInt8(tag.group & 0xFF), UInt8(tag.group >> 8), UInt8(tag.element & 0xFF), UInt8(tag.element >> 8),
        ]
        return number + Array(vr.utf8) + [0, 0] + little(length)
    }

    private func little(_ length: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } }

    private func item(_ length: UInt32) -> [UInt8] { [0xFE, 0xFF, 0x00, 0xE0] + little(length) }
    private let itemEnd: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]
    private let sequenceEnd: [UInt8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]

    /// A file whose Data Set ends with `bytes`.
    private func file(endingWith bytes: [UInt8]) throws -> [UInt8] { try object([]).serialized() + bytes }

    /// The patient's name in an element of its own, in implicit VR as UN demands it (PS3.5 6.2.2), or explicit.
    private func name(isImplicit: Bool) -> [UInt8] {
        let value = Array((Canary.name.count % 2 == 0 ? Canary.name : Canary.name + " ").utf8)
        return [0x10, 0x00, 0x10, 0x00]
            + (isImplicit ? little(UInt32(value.count)) : Array("PN".utf8) + [UInt8(value.count), 0]) + value
    }

    @Test(arguments: [true, false], [true, false])
    func `sequences and items of undefined length, and such in VR UN, are entered`(
        _ isUnknown: Bool, _ isItemUndefined: Bool
    ) throws {
        let name = name(isImplicit: isUnknown)
        let inner =
            item(isItemUndefined ? 0xFFFF_FFFF : UInt32(name.count)) + name + (isItemUndefined ? itemEnd : [])
        let tag = Tag(0x0008, 0x2218)
        let bytes = try file(endingWith: header(tag, isUnknown ? "UN" : "SQ", 0xFFFF_FFFF) + inner + sequenceEnd)
        #expect(Canary.sings(in: bytes))
        var object = try DICOMObject.read(MemoryByteSource(bytes))
        _ = try deidentifier.deidentify(&object, pixels: .noPixels)
        let result = try object.serialized()
        #expect(!Canary.sings(in: result))
        let read = try DICOMObject.read(MemoryByteSource(result)).dataSet
        #expect(read.items(tag).first?[.patientName]?.isEmpty == true)
    }

    @Test(arguments: [VR.un, .lo, .sh, .st, .ut, .ob, .pn, .ui, .cs, .ds, .us, VR(0x5A, 0x5A)], optionSets)
    func `a value is treated by its Attribute, whatever VR the file gives it`(
        _ vr: VR, _ options: Set<ProfileOption>
    ) throws {
        let text = Array((Canary.text + " ").utf8)
        let tags = [
            Tag(0x0008, 0x0020), Tag(0x0008, 0x0090), Tag(0x0008, 0x103E), Tag(0x0010, 0x0010), Tag(0x0010, 0x0030),
            Tag(0x0010, 0x1001), Tag(0x0018, 0x9074), Tag(0x0040, 0xA123), Tag(0x0040, 0xA124),
        ]
        let wrong = tags.map { DataElement(tag: $0, vr: vr, bytes: text) }
        let nested = DataElement(tag: anatomicRegion, items: [DataSet(elements: wrong)])
        let result = try deidentified(object(wrong + [nested]), options: options)
        #expect(!Canary.sings(in: result.bytes))
    }

    // MARK: - Lengths that lie

    /// Explicit lengths of elements, sequences and items changed one after the other: reading may fail, and what is
    /// written has no canary in it.
    @Test func `a length that lies costs the file or nothing`() throws {
        let nested = DataElement(
            tag: anatomicRegion, items: [DataSet(elements: Self.telling), DataSet(elements: Self.telling)])
        let bytes = try object(Self.telling + [nested]).serialized()
        var refused = 0
        var written = 0
        for place in stride(from: 132, to: bytes.count - 4, by: 1) {
            for value: UInt8 in [0, 2, 4, 8, 10, 12, 16, 18, 20, 24, 30, 40, 60, 90, 255]
            where bytes[place] != value && isLength(bytes, place) {
                var lying = bytes
                lying[place] = value
                guard var object = try? DICOMObject.read(MemoryByteSource(lying)),
                    (try? deidentifier.deidentify(&object, pixels: .noPixels)) != nil,
                    let result = try? object.serialized()
                else {
                    refused += 1
                    continue
                }
                written += 1
                // What fell out of its element is either known and removed, or found by the sweep.
                guard Canary.sings(in: result) else { continue }
                let original = try DICOMObject.read(MemoryByteSource(lying))
                let left = try ResidualSweep(original: original).residuals(in: MemoryByteSource(result))
                let isWarned = !original.warnings.isEmpty
                #expect(isWarned || left.contains(where: \.isBlocking), "at \(place)")
            }
        }
        #expect(refused > 100)
        #expect(written > 20)
    }

    /// Whether a byte is one of the lower two of a length field: behind two letters of a VR, or in an item's header.
    private func isLength(_ bytes: [UInt8], _ place: Int) -> Bool {
        func isVR(_ at: Int) -> Bool { VR(bytes[at], bytes[at + 1]).isKnown }
        if isVR(place - 2) || isVR(place - 3) { return true }
        return bytes[(place - 4)..<place].elementsEqual([0xFE, 0xFF, 0x00, 0xE0])
    }
}

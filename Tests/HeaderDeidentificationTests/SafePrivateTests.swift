import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Retain Safe Private (PS3.15 E.3.10) against the table itself, and against what pretends to be in it.
struct SafePrivateTests {
    private let philips = "Philips Imaging DD 001"

    private func kept(_ elements: [DataElement], _ options: Set<ProfileOption> = [.retainSafePrivate]) throws -> DataSet
    {
        let patient = [
            DataElement(tag: .patientName, vr: .pn, ascii: "Fitzwilliam^Obrian"),
            DataElement(tag: .patientID, vr: .lo, ascii: "12345"),
        ]
        var dataSet = try deidentified(object(elements + patient), options: options).object.dataSet
        dataSet.mapElements { $0.tag.isPrivate ? $0 : nil }
        return dataSet
    }

    private func creator(_ tag: Tag, _ name: String) -> DataElement { DataElement(tag: tag, vr: .lo, ascii: name) }

    @Test func `what the table lists stays in whatever block it is, with its creator`() throws {
        // (2001,xx03) FL of Philips Imaging DD 001, in block 17.
        let value = DataElement(tag: Tag(0x2001, 0x1703), vr: .fl, bytes: [0, 0, 0x80, 0x3F])
        let dataSet = try kept([creator(Tag(0x2001, 0x0017), philips), value])
        #expect(dataSet.elements.map(\.tag) == [Tag(0x2001, 0x0017), Tag(0x2001, 0x1703)])
        #expect(dataSet.string(Tag(0x2001, 0x0017)) == philips)
        #expect(try dataSet.bytes(Tag(0x2001, 0x1703)) == [0, 0, 0x80, 0x3F])
    }

    @Test func `in the block of another creator, or of none, nothing stays, nor does a creator without elements`()
        throws
    {
        let value = DataElement(tag: Tag(0x2001, 0x1003), vr: .fl, bytes: [0, 0, 0x80, 0x3F])
        #expect(try kept([value]).elements.isEmpty)
        #expect(try kept([creator(Tag(0x2001, 0x0010), "SPI"), value]).elements.isEmpty)
        #expect(try kept([creator(Tag(0x2001, 0x0011), philips), value]).elements.isEmpty)
        // (2001,xxFE) isn't listed.
        let other = DataElement(tag: Tag(0x2001, 0x10FE), vr: .lo, ascii: Canary.text)
        #expect(try kept([creator(Tag(0x2001, 0x0010), philips), other]).elements.isEmpty)
    }

    @Test func `without the option all of it goes`() throws {
        let value = DataElement(tag: Tag(0x2001, 0x1003), vr: .fl, bytes: [0, 0, 0x80, 0x3F])
        #expect(try kept([creator(Tag(0x2001, 0x0010), philips), value], []).elements.isEmpty)
    }

    @Test(arguments: [
        // A text where the table has a number, letters in a number, a name and a date in a text.
        DataElement(tag: Tag(0x2001, 0x1003), vr: .lo, ascii: "harmless"),
        DataElement(tag: Tag(0x2001, 0x1002), vr: .is, ascii: "Obrian"),
        DataElement(tag: Tag(0x2001, 0x1050), vr: .lo, ascii: "Fitzwilliam"),
        DataElement(tag: Tag(0x2001, 0x1050), vr: .lo, ascii: "23.11.1987"),
        DataElement(tag: Tag(0x2001, 0x1050), vr: .un, bytes: Array("OBRIAN".utf8)),
    ])
    func `what isn't what the table found safe goes`(_ element: DataElement) throws {
        #expect(try kept([creator(Tag(0x2001, 0x0010), philips), element]).elements.isEmpty)
    }

    @Test func `a UID of the table is mapped, or kept with Retain UIDs`() throws {
        let elements = [
            creator(Tag(0x0099, 0x0010), "NQHeader"),
            DataElement(tag: Tag(0x0099, 0x1002), vr: .ui, ascii: Canary.uid),
        ]
        #expect(try kept(elements).string(Tag(0x0099, 0x1002)) == pseudonyms.uid(UID(Canary.uid)).value)
        let both: Set<ProfileOption> = [.retainSafePrivate, .retainUIDs]
        #expect(try kept(elements, both).string(Tag(0x0099, 0x1002)) == Canary.uid)
    }

    @Test func `items of a private sequence are cleaned, their own blocks resolved`() throws {
        let item = DataSet(elements: [
            Canary.element(Tag(0x0008, 0x0301), .lo), Canary.element(.patientName, .pn),
            creator(Tag(0x2001, 0x0010), philips),
            DataElement(tag: Tag(0x2001, 0x102D), vr: .ss, bytes: [1, 0]),
            DataElement(tag: Tag(0x2001, 0x10FE), vr: .lo, ascii: Canary.text),
        ])
        let dataSet = try kept([
            creator(Tag(0x2001, 0x0010), philips), DataElement(tag: Tag(0x2001, 0x105F), items: [item]),
        ])
        let inner = try #require(dataSet.items(Tag(0x2001, 0x105F)).first)
        #expect(inner[Tag(0x2001, 0x10FE)] == nil)
        #expect(try inner.bytes(Tag(0x2001, 0x102D)) == [1, 0])
        var left: [String] = []
        dataSet.walk { _, element, item in left += item.strings(element) }
        #expect(!Canary.sings(in: Array(left.joined(separator: " ").utf8)))
    }
}

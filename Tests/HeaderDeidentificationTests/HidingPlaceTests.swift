import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Places where a patient hides in an object beyond the rows of Table E.1-1: each is planted alone, at root level and in an
/// item, and must be silent afterwards, with and without the options. Pixels, unused bits and compressed streams have tests of
/// their own in PixelRedactionTests.
struct HidingPlaceTests {
    struct Place: Sendable, CustomTestStringConvertible {
        let name: String
        let elements: [DataElement]
        var sopClass = "1.2.840.10008.5.1.4.1.1.2"
        /// Whether the root level alone can have it.
        var isRootOnly = false
        /// An option that keeps what is planted.
        var keptBy: ProfileOption?
        var testDescription: String { name }
    }

    private static func text(_ group: UInt16, _ element: UInt16, _ vr: VR) -> DataElement {
        Canary.element(Tag(group, element), vr)
    }

    private static func sequence(_ group: UInt16, _ element: UInt16, _ elements: DataElement...) -> DataElement {
        DataElement(tag: Tag(group, element), items: [DataSet(elements: elements)])
    }

    /// A content item: relationship, type, a concept of the standard, and a value.
    private static func content(_ type: String, _ value: DataElement) -> DataSet {
        DataSet(
            elements: [
                DataElement(tag: Tag(0x0040, 0xA010), vr: .cs, ascii: "CONTAINS"),
                DataElement(tag: Tag(0x0040, 0xA040), vr: .cs, ascii: type),
                sequence(
                    0x0040, 0xA043, DataElement(tag: Tag(0x0008, 0x0100), vr: .sh, ascii: "121106"),
                    DataElement(tag: Tag(0x0008, 0x0102), vr: .sh, ascii: "DCM"),
                    DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, ascii: "Comment")),
                value,
            ].sorted { $0.tag < $1.tag })
    }

    private static let contentItems = [
        content("TEXT", text(0x0040, 0xA160, .ut)), content("PNAME", text(0x0040, 0xA123, .pn)),
        content("DATE", text(0x0040, 0xA121, .da)), content("DATETIME", text(0x0040, 0xA120, .dt)),
        content("TIME", text(0x0040, 0xA122, .tm)), content("UIDREF", text(0x0040, 0xA124, .ui)),
        content(
            "CODE",
            sequence(
                0x0040, 0xA168, text(0x0008, 0x0100, .sh),
                DataElement(tag: Tag(0x0008, 0x0102), vr: .sh, ascii: "99LOCAL"), text(0x0008, 0x0104, .lo))),
    ]

    static let places: [Place] = [
        Place(
            name: "sixteen Overlay Planes",
            elements: stride(from: UInt16(0x6000), through: 0x601E, by: 2).flatMap { group in
                [
                    text(group, 0x0022, .lo), text(group, 0x1500, .lo),
                    DataElement(tag: Tag(group, 0x3000), vr: .ob, bytes: Array(Canary.text.utf8)),
                    text(group, 0x4000, .lt),
                ]
            }, isRootOnly: true),
        Place(
            name: "an icon, and a thumbnail in another sequence",
            elements: [
                sequence(0x0008, 0x1140, DataElement(tag: .pixelData, vr: .ob, bytes: Array(Canary.text.utf8))),
                sequence(0x0088, 0x0200, DataElement(tag: .pixelData, vr: .ob, bytes: Array(Canary.text.utf8))),
            ]),
        Place(
            name: "curves",
            elements: [
                text(0x5000, 0x0022, .lo), text(0x5000, 0x2500, .lo),
                DataElement(tag: Tag(0x5000, 0x3000), vr: .ob, bytes: Array(Canary.text.utf8)),
                text(0x501E, 0x2600, .lo),
            ], isRootOnly: true),
        Place(
            name: "graphic annotations and who made them",
            elements: [
                sequence(0x0070, 0x0001, sequence(0x0070, 0x0008, text(0x0070, 0x0006, .st))),
                text(0x0070, 0x0081, .lo),
                text(0x0070, 0x0084, .pn), sequence(0x0070, 0x0086, text(0x0008, 0x0080, .lo)),
            ], sopClass: "1.2.840.10008.5.1.4.1.1.11.1"),
        Place(
            name: "content of a report",
            elements: [DataElement(tag: .contentSequence, items: contentItems)],
            sopClass: "1.2.840.10008.5.1.4.1.1.88.33"),
        Place(
            name: "acquisition context and specimens",
            elements: [
                DataElement(tag: Tag(0x0040, 0x0555), items: contentItems),
                sequence(
                    0x0040, 0x0560, text(0x0040, 0x0551, .lo), text(0x0040, 0x0600, .lo), text(0x0040, 0x0602, .ut),
                    DataElement(
                        tag: Tag(0x0040, 0x0610),
                        items: [
                            DataSet(elements: [DataElement(tag: Tag(0x0040, 0x0612), items: contentItems)])
                        ])),
            ]),
        Place(
            name: "waveform annotations and channel labels",
            elements: [
                sequence(0x0040, 0xB020, text(0x0070, 0x0006, .st)),
                sequence(0x5400, 0x0100, sequence(0x003A, 0x0200, text(0x003A, 0x0203, .sh))),
            ], sopClass: "1.2.840.10008.5.1.4.1.1.9.1.1"),
        Place(
            name: "secondary capture equipment",
            elements: [
                // Not the time, which stays where dates are moved by whole days.
                text(0x0018, 0x1010, .lo), text(0x0018, 0x1011, .lo), text(0x0018, 0x1012, .da),
            ], sopClass: "1.2.840.10008.5.1.4.1.1.7", keptBy: .retainDeviceIdentity),
        Place(
            name: "labels of slides and media",
            elements: [text(0x2200, 0x0002, .ut), text(0x2200, 0x0005, .lt), text(0x0088, 0x0130, .sh)],
            sopClass: "1.2.840.10008.5.1.4.1.1.77.1.6"),
        Place(
            name: "free text",
            elements: [
                text(0x0008, 0x1030, .lo), text(0x0008, 0x103E, .lo), text(0x0018, 0x1030, .lo),
                text(0x0020, 0x4000, .lt),
                text(0x0032, 0x1060, .lo), text(0x0040, 0x0254, .lo), text(0x0040, 0x0310, .st),
                text(0x0018, 0x4000, .lt),
            ]),
        Place(
            name: "requests and values before they were changed",
            elements: [
                sequence(0x0040, 0x0275, text(0x0032, 0x1032, .pn), text(0x0040, 0x1001, .sh)),
                sequence(
                    0x0400, 0x0561, text(0x0400, 0x0562, .dt), text(0x0400, 0x0563, .lo), text(0x0400, 0x0564, .lo),
                    sequence(0x0400, 0x0550, text(0x0010, 0x0010, .pn), text(0x0010, 0x0020, .lo))),
            ]),
        Place(
            name: "UIDs, also in lists and in UN",
            elements: [
                text(0x0020, 0x000D, .ui), text(0x0020, 0x0052, .ui),
                DataElement(
                    tag: Tag(0x0008, 0x3001),
                    items: [
                        DataSet(elements: [text(0x0008, 0x1155, .ui), text(0x0020, 0x000E, .ui)])
                    ]),
                DataElement(tag: Tag(0x0028, 0x0304), vr: .un, bytes: Array((Canary.uid + "\0").utf8)),
            ]),
        Place(
            name: "private blocks, listed creators among them",
            elements: [
                DataElement(tag: Tag(0x0019, 0x0010), vr: .lo, ascii: Canary.text), text(0x0019, 0x1001, .lo),
                DataElement(tag: Tag(0x0029, 0x0010), vr: .lo, ascii: "SIEMENS CSA HEADER"), text(0x0029, 0x1010, .ob),
                DataElement(tag: Tag(0x00E1, 0x0010), vr: .lo, ascii: "ELSCINT1"), text(0x00E1, 0x1021, .lo),
                DataElement(tag: Tag(0x7053, 0x0010), vr: .lo, ascii: "Philips PET Private Group"),
                sequence(0x7053, 0x1000, text(0x0010, 0x0010, .pn)),
            ]),
        Place(
            name: "photographs, and where they were taken",
            elements: [
                sequence(0x0010, 0x1100, text(0x0008, 0x0080, .lo)), text(0x0016, 0x0070, .lo),
                text(0x0016, 0x0072, .lo),
                text(0x0016, 0x004D, .lo),
            ]),
        Place(
            name: "text where numbers and codes belong",
            elements: [
                DataElement(tag: Tag(0x0018, 0x0050), vr: .ds, ascii: Canary.text),
                DataElement(tag: Tag(0x0018, 0x1152), vr: .is, ascii: Canary.text),
                DataElement(tag: Tag(0x0018, 0x0060), vr: .un, bytes: Array(Canary.text.utf8)),
                DataElement(tag: Tag(0x0028, 0x1050), vr: .lo, ascii: Canary.text),
                DataElement(tag: Tag(0x0028, 0x0106), vr: .lt, ascii: Canary.text),
            ]),
        Place(
            name: "dates in another calendar",
            elements: [text(0x0010, 0x0033, .lo), text(0x0010, 0x0034, .lo), text(0x0010, 0x0035, .cs)]),
        Place(
            name: "labels, descriptions and comments that the table leaves out",
            elements: [
                sequence(0x0062, 0x0002, text(0x0062, 0x0005, .lo), text(0x0062, 0x0006, .st)),
                text(0x3002, 0x0002, .sh), text(0x3002, 0x0003, .lo), text(0x3002, 0x0004, .st),
                sequence(0x300A, 0x00B0, text(0x300A, 0x00C2, .lo), text(0x300A, 0x00C3, .st)),
                text(0x0020, 0x9453, .lo), text(0x0022, 0x112C, .lt), text(0x0044, 0x0106, .ut),
                text(0x300A, 0x0730, .st), text(0x0028, 0x7007, .lo), text(0x2000, 0x0050, .lo),
                text(0x0018, 0x991A, .ut), text(0x0018, 0x003A, .st), text(0x3006, 0x00C8, .lo),
                text(0x0040, 0x0255, .lo), text(0x0018, 0x1006, .lo), text(0x0044, 0x0012, .lo),
            ]),
        Place(
            name: "padding, signatures, and what an earlier de-identifier encrypted",
            elements: [
                sequence(0x0400, 0x0500, text(0x0400, 0x0520, .ob)),
                sequence(0x4FFE, 0x0001, text(0x0400, 0x0015, .cs)),
                sequence(0xFFFA, 0xFFFA, text(0x0400, 0x0115, .ob)),
                DataElement(tag: .dataSetTrailingPadding, vr: .ob, bytes: Array(Canary.text.utf8)),
            ]),
        Place(
            name: "groups of messages and directories",
            elements: [text(0x0000, 0x0600, .ae), text(0x0002, 0x0016, .ae), text(0x0004, 0x1130, .cs)],
            isRootOnly: true),
    ]

    private static let optionSets = [[], CorpusOptionTests.profiles[1].options]

    @Test(arguments: places, optionSets)
    func `what hides there is gone`(_ place: Place, _ options: Set<ProfileOption>) throws {
        let options = options.subtracting([.retainUIDs]).filter { $0 != place.keptBy }
        try check(object(place.elements, sopClass: place.sopClass), options)
        guard !place.isRootOnly else { return }
        let nested = DataElement(tag: Tag(0x0008, 0x2218), items: [DataSet(elements: place.elements)])
        try check(object([nested], sopClass: place.sopClass), options)
    }

    private func check(_ original: DICOMObject, _ options: Set<ProfileOption>) throws {
        var bare = original
        bare.fileMeta = DataSet()
        #expect(Canary.sings(in: try bare.serialized()), "nothing was planted")
        #expect(!Canary.sings(in: try deidentified(original, options: options).bytes))
    }
}

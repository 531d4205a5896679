public import DICOMModel

extension HeaderIdentifiers {
    /// Of which kind the value of a header element is, at any nesting level; nil where it identifies nobody.
    ///
    /// Every PN, DA and DT counts, and the Attributes of PS3.15 Table E.1-1 that hold identifiers or text about people.
    /// Descriptions of procedures and of technique do not: they stand on images as technical text.
    public static func kind(of tag: Tag, vr: VR) -> Kind? {
        if tag.isPrivate { return privateKind(vr) }
        if tag.isGroupLength || tag.group == 0x0002 || tag.group == 0x0004 { return nil }
        switch vr {
        case .pn: return patientNames.contains(tag) ? .personName : .otherPersonName
        case .da, .dt: return .date
        case .tm: return times.contains(tag) ? .time : nil
        case .as: return .age
        case .ui: return uids.contains(tag) ? .uid : nil
        default: return characterKinds.contains(vr) ? textKinds[tag] : nil
        }
    }

    /// Private elements: only what the Value Representation tells.
    private static func privateKind(_ vr: VR) -> Kind? {
        switch vr {
        case .pn: .otherPersonName
        case .da, .dt: .date
        default: nil
        }
    }

    private static let characterKinds: Set<VR> = [.lo, .sh, .st, .lt, .ut, .uc, .cs, .ae, .is, .ur, .un]

    private static let patientNames: Set<Tag> = [
        .patientName, Tag(0x0010, 0x1001), Tag(0x0010, 0x1005), Tag(0x0010, 0x1060), Tag(0x0010, 0x2297),
        Tag(0x0012, 0x0022),
    ]

    private static let times: Set<Tag> = [
        Tag(0x0008, 0x0013), .studyTime, Tag(0x0008, 0x0031), Tag(0x0008, 0x0032), Tag(0x0008, 0x0033),
        Tag(0x0010, 0x0032), Tag(0x0018, 0x1014), Tag(0x0018, 0x1201), Tag(0x0018, 0x1072), Tag(0x0018, 0x1073),
        Tag(0x0040, 0x0003), Tag(0x0040, 0x0005), Tag(0x0040, 0x0245), Tag(0x0040, 0x0251), Tag(0x0040, 0x2005),
        Tag(0x0040, 0xA122), Tag(0x0038, 0x0021), Tag(0x0032, 0x1051), Tag(0x0032, 0x0035),
    ]

    private static let uids: Set<Tag> = [
        .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID, Tag(0x0020, 0x0052), Tag(0x0008, 0x0014),
        Tag(0x0018, 0x1002),
    ]

    private static let textKinds: [Tag: Kind] = {
        var kinds: [Tag: Kind] = [:]
        for (kind, numbers) in textTags {
            for number in numbers { kinds[Tag(rawValue: number)] = kind }
        }
        return kinds
    }()

    private static let textTags: [(Kind, [UInt32])] = [
        (.accessionNumber, [0x0008_0050, 0x0040_2016, 0x0040_2017, 0x0008_0054]),
        (
            .identifier,
            [
                // Patient ID and its like, insurance, military, pet tags, clinical trial
                0x0010_0020, 0x0010_1000, 0x0010_1002, 0x0010_0021, 0x0010_0050, 0x0010_1090, 0x0010_2203,
                0x0010_2299, 0x0012_0020, 0x0012_0030, 0x0012_0040, 0x0012_0042, 0x0012_0050, 0x0012_0082,
                // Study, visit, order, procedure step
                0x0020_0010, 0x0038_0010, 0x0038_0060, 0x0038_0011, 0x0040_0009, 0x0040_0253, 0x0040_1001,
                0x0040_1002, 0x0032_0012, 0x0038_0061,
                // Devices
                0x0018_1000, 0x0018_1004, 0x0018_1005, 0x0018_1007, 0x0018_1008, 0x0018_1010, 0x0018_1011,
                0x0018_700A, 0x0018_1003, 0x0050_0020, 0x0018_9919,
                // Specimen, container, barcode, label
                0x0040_0512, 0x0040_0551, 0x0040_050A, 0x2200_0005, 0x2200_0002, 0x0010_2210,
                // Persons and identification codes
                0x0040_1101, 0x0008_0096,
            ]
        ),
        (
            .address,
            [
                0x0010_1040, 0x0010_2150, 0x0010_2152, 0x0008_0081, 0x0008_0092, 0x0040_1102, 0x0040_1104,
                0x0040_0243,
            ]
        ),
        (.telephone, [0x0010_2154, 0x0010_2155, 0x0008_0094, 0x0040_1103, 0x0040_2010, 0x0012_0074]),
        (
            .institution,
            [
                0x0008_0080, 0x0008_0082, 0x0008_1010, 0x0008_1040, 0x0008_1041, 0x0008_0055, 0x0038_0300, 0x0038_0400,
                0x0040_0241, 0x0040_0242, 0x0040_0010, 0x0040_0011, 0x0040_0001, 0x0012_0010, 0x0012_0021,
                0x0012_0031, 0x0012_0060, 0x0032_1033, 0x0032_1034, 0x0040_1005, 0x0040_2009,
                0x0040_0554, 0x0008_0116, 0x0012_0023,
            ]
        ),
        (
            .freeText,
            [
                0x0010_4000, 0x0010_21B0, 0x0010_2180, 0x0010_2160, 0x0010_21F0, 0x0010_2000, 0x0010_2110,
                0x0008_1080, 0x0020_4000, 0x0032_4000, 0x0038_4000, 0x0038_0500, 0x0038_0050, 0x0040_0280,
                0x0040_0310, 0x0040_1400, 0x0040_2400, 0x0032_1030, 0x0040_1002, 0x0038_0062, 0x4008_0300,
                0x0018_9424, 0x0008_4000, 0x0028_4000, 0x0070_0006, 0x0010_1081, 0x0010_1080,
            ]
        ),
    ]
}

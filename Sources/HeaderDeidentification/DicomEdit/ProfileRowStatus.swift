import DICOMModel

/// Which rows of Table E.1-1 matter today, read from generated text at first use.
enum ProfileRowStatus {
    /// Single Attributes that are neither retired nor outside every standard IOD, ascending.
    static let live: [Tag] = tags(ProfileRowStatusRows.live)
    static let retired = Set(tags(ProfileRowStatusRows.retired))

    /// Where the standard puts today what a retired Attribute held (PS3.6).
    static let successors: [Tag: Tag] = [
        Tag(0x0010, 0x1000): Tag(0x0010, 0x1002), Tag(0x0010, 0x2160): Tag(0x0010, 0x2161),
        Tag(0x0010, 0x1050): Tag(0x0010, 0x0050),
        Tag(0x0032, 0x1030): Tag(0x0040, 0x1002), Tag(0x0038, 0x0011): Tag(0x0038, 0x0014),
        Tag(0x0038, 0x0061): Tag(0x0038, 0x0064), Tag(0x0040, 0x2001): Tag(0x0040, 0x1002),
        Tag(0x0040, 0x2006): Tag(0x0040, 0x2016), Tag(0x0040, 0x2007): Tag(0x0040, 0x2017),
        Tag(0x0040, 0x050A): Tag(0x0040, 0x0551),
    ]

    private static func tags(_ text: String) -> [Tag] {
        text.split { $0 == " " || $0 == "\n" }.compactMap { UInt32($0, radix: 16) }.map { Tag(rawValue: $0) }
    }
}

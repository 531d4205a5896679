public import DICOMModel

/// The data dictionary: what PS3.6 and PS3.7 say about a tag, repeating groups (50xx, 60xx …) included.
public enum DataDictionary {
    public struct Entry: Hashable, Sendable {
        /// Such as `PatientName`; nil for the few tags without one.
        public let keyword: String?
        /// Where the standard leaves a choice: US of `US or SS`, OW of `OB or OW`, UN where it has none.
        public let vr: VR
    }

    /// What the standard says about `tag`; nil for private and unknown tags.
    public static func entry(_ tag: Tag) -> Entry? {
        if tag.isPrivate { return nil }
        if let row = single.row(tag.rawValue) {
            return Entry(keyword: single.keyword(row), vr: resolve(row.vr, isSigned: false))
        }
        guard let row = maskedRow(tag) else { return nil }
        return Entry(keyword: masked.keyword(row), vr: resolve(row.vr, isSigned: false))
    }

    /// The VR of a tag that the standard has, as in its entry; nil for private and unknown tags.
    public static func standardVR(_ tag: Tag) -> VR? {
        row(tag).map { resolve($0.vr, isSigned: false) }
    }

    /// `PatientName` for (0010,0010); nil for private and unknown tags.
    public static func keyword(_ tag: Tag) -> String? {
        entry(tag)?.keyword
    }

    /// The tag of a keyword; those of repeating groups are not found.
    public static func tag(keyword: String) -> Tag? {
        keywords[keyword]
    }

    /// The VR of an element in implicit VR: group lengths are UL and private creators LO also where the tag itself is
    /// not known; UN otherwise.
    ///
    /// - Parameter isSigned: Pixel Representation, which decides `US or SS`.
    public static func vr(_ tag: Tag, isSigned: Bool = false) -> VR {
        if let row = row(tag) { return resolve(row.vr, isSigned: isSigned) }
        if tag.isGroupLength { return .ul }
        return tag.isPrivateCreator ? .lo : .un
    }

    static func isKnown(_ tag: Tag) -> Bool {
        row(tag) != nil
    }

    // MARK: -

    /// VRs that the standard leaves open, as the generated table writes them.
    private enum OpenVR {
        static let unsignedOrSigned = VR(0x78, 0x73)  // xs
        static let unsignedOrWords = VR(0x78, 0x77)  // xw
        static let unsignedSignedOrWords = VR(0x78, 0x6C)  // xl
        static let bytesOrWords = VR(0x6F, 0x78)  // ox
        static let none = VR(0x2D, 0x2D)  // --
    }

    private static func resolve(_ vr: VR, isSigned: Bool) -> VR {
        switch vr {
        case OpenVR.unsignedOrSigned: isSigned ? .ss : .us
        case OpenVR.unsignedOrWords, OpenVR.unsignedSignedOrWords, OpenVR.bytesOrWords: .ow
        case OpenVR.none: .un
        default: vr
        }
    }

    private static func row(_ tag: Tag) -> DictionaryTable.Row? {
        tag.isPrivate ? nil : single.row(tag.rawValue) ?? maskedRow(tag)
    }

    private static func maskedRow(_ tag: Tag) -> DictionaryTable.Row? {
        for index in masked.tags.indices where tag.rawValue & masks[index] == masked.tags[index] {
            return masked.rows[index]
        }
        return nil
    }

    private static let single = DictionaryTable(DataDictionaryTable.single)
    private static let masked = DictionaryTable(DataDictionaryTable.masked)
    private static let masks = DictionaryTable.masks(DataDictionaryTable.masked)
    private static let keywords: [String: Tag] = {
        var tags: [String: Tag] = [:]
        tags.reserveCapacity(single.rows.count)
        for (raw, row) in zip(single.tags, single.rows) {
            if let keyword = single.keyword(row) { tags[keyword] = Tag(rawValue: raw) }
        }
        return tags
    }()
}

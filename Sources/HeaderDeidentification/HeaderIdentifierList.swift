public import DICOMFile
public import DICOMModel

/// One text value of a header that may identify.
public struct HeaderIdentifier: Sendable {
    public let tag: Tag
    public let vr: VR
    /// Decoded, without padding; one of several values by itself.
    public let value: Sensitive<String>
}

/// The values of an object that text in its pixels is compared with.
public enum HeaderIdentifierList {
    /// Every text value, at every level and in private elements, of an Attribute that Table E.1-1 lists, or of VR PN,
    /// DA, DT or TM. UIDs are left out: nobody burns them in. In the order of the file; repeats are kept once.
    public static func identifiers(of object: DICOMObject) -> [HeaderIdentifier] {
        var seen: Set<Key> = []
        var identifiers: [HeaderIdentifier] = []
        object.dataSet.walk { _, element, dataSet in
            let vr = dataSet.effectiveVR(element)
            guard isListed(element.tag, vr), case .bytes(let value) = element.value, value.count <= 1 << 16 else {
                return
            }
            for text in dataSet.strings(element) where !text.isEmpty {
                guard seen.insert(Key(tag: element.tag, text: text)).inserted else { continue }
                identifiers.append(HeaderIdentifier(tag: element.tag, vr: vr, value: Sensitive(text)))
            }
        }
        return identifiers
    }

    private struct Key: Hashable {
        let tag: Tag
        let text: String
    }

    private static func isListed(_ tag: Tag, _ vr: VR) -> Bool {
        guard vr.isText, vr != .ui else { return false }
        if [.pn, .da, .dt, .tm].contains(vr) { return true }
        return !tag.isPrivate && DeidentificationProfile.basic.action(for: tag) != nil
    }
}

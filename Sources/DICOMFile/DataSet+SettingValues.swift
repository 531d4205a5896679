public import DICOMModel

extension DataSet {
    /// Sets an element to text, encoded in the Data Set's character set.
    ///
    /// - Throws: `.invalidValue` where a character isn't in that character set, or a value of a VR with several values
    ///   holds a backslash.
    public mutating func set(_ tag: Tag, _ vr: VR, strings: [String]) throws {
        if vr.isMultiValued, strings.contains(where: { $0.contains("\\") }) {
            throw DICOMFileError(.invalidValue, "a value for \(tag) contains a backslash, which divides values")
        }
        let text = strings.joined(separator: "\\")
        let set = vr.usesSpecificCharacterSet ? characterSet : .default
        guard let bytes = set.encode(text) else {
            throw DICOMFileError(.invalidValue, "a value for \(tag) has characters that its character set lacks")
        }
        self[tag] = DataElement(tag: tag, vr: vr, bytes: bytes)
    }

    /// Sets an element to one text.
    public mutating func set(_ tag: Tag, _ vr: VR, string: String) throws {
        try set(tag, vr, strings: [string])
    }

    /// Sets an element of a binary VR of whole numbers (US, SS, UL, SL, UV, SV, OB, OW …) in the Data Set's byte order;
    /// numbers beyond the VR are cut to its low bits.
    public mutating func set(_ tag: Tag, _ vr: VR, unsigned values: [Int]) {
        var bytes: [UInt8] = []
        for value in values {
            let little = (0..<vr.wordSize).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            bytes += isBigEndian ? little.reversed() : little
        }
        self[tag] = DataElement(tag: tag, vr: vr, bytes: bytes)
    }
}

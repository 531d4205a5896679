import DICOMModel

/// A tag in a script, digit wildcards included: `(0010,0020)`, `(0018,11X@)`, `(0019,{SIEMENS MR HEADER}0X)`.
///
/// `X` stands for any digit, `@` for an even one, `#` for an odd one (DicomEdit 6 Language Reference).
struct TagPattern: Hashable, Sendable {
    /// For each digit, most significant first, the digits that fit: bit n for digit n.
    private let digits: [UInt16]
    /// Private Creator that the element's block must have; nil for a public tag.
    let creator: String?
    /// As it stands in the script.
    let text: String

    /// - Parameters:
    ///   - group: four digits or wildcards.
    ///   - element: four; two where there is a creator, whose block may be any.
    init?(group: String, element: String, creator: String?, text: String) {
        let masks = (group + element).compactMap(Self.mask)
        guard masks.count == (creator == nil ? 8 : 6), group.count == 4 else { return nil }
        digits = creator == nil ? masks : Array(masks[0..<4]) + [0xFFFF, 0xFFFF] + masks[4...]
        self.creator = creator
        self.text = text
    }

    /// The one public tag that fits, or the one number of a private tag below its block.
    var literal: Tag? {
        var value: UInt32 = 0
        for (index, mask) in digits.enumerated() {
            if creator != nil, index == 4 || index == 5 {
                value <<= 4
                continue
            }
            guard mask.nonzeroBitCount == 1 else { return nil }
            value = value << 4 | UInt32(mask.trailingZeroBitCount)
        }
        return Tag(rawValue: value)
    }

    /// Written without a creator though its group is odd: only a tolerant run has one.
    var isBarePrivate: Bool { creator == nil && digits[3] & 0x5555 == 0 }

    /// - Parameter creator: of the block that a private `tag` is in, where it is known.
    func matches(_ tag: Tag, creator: String?) -> Bool {
        if let wanted = self.creator {
            guard tag.isPrivate, tag.element >= 0x1000, creator == wanted else { return false }
        } else if tag.isPrivate, !isBarePrivate {
            return false
        }
        for (index, mask) in digits.enumerated() {
            let digit = tag.rawValue >> UInt32(28 - 4 * index) & 15
            if mask >> digit & 1 == 0 { return false }
        }
        return true
    }

    static func mask(_ digit: Character) -> UInt16? {
        switch digit {
        case "X", "x": 0xFFFF
        case "@": 0x5555
        case "#": 0xAAAA
        default: digit.isASCII ? digit.hexDigitValue.map { 1 << UInt16($0) } : nil
        }
    }

    static func == (left: TagPattern, right: TagPattern) -> Bool {
        left.digits == right.digits && left.creator == right.creator
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(digits)
        hasher.combine(creator)
    }
}

/// How element headers and binary values are encoded: the two properties of a Transfer Syntax that matter outside of
/// Pixel Data.
package struct ElementEncoding: Hashable, Sendable {
    package var isExplicitVR: Bool
    package var isBigEndian: Bool

    package init(isExplicitVR: Bool, isBigEndian: Bool) {
        self.isExplicitVR = isExplicitVR
        self.isBigEndian = isBigEndian
    }

    package static let implicitLittle = ElementEncoding(isExplicitVR: false, isBigEndian: false)
    package static let explicitLittle = ElementEncoding(isExplicitVR: true, isBigEndian: false)
    package static let explicitBig = ElementEncoding(isExplicitVR: true, isBigEndian: true)
    /// Not in the standard any more; ACR-NEMA files have it.
    package static let implicitBig = ElementEncoding(isExplicitVR: false, isBigEndian: true)
}

/// How a sequence or item ended in the file.
package enum DelimiterForm: Hashable, Sendable {
    /// As its header demands: a delimiter of length 0 after an undefined length, none after a defined one.
    case standard
    /// None after an undefined length.
    case absent
    /// One with this length field; after a defined length it stands inside.
    case present(length: UInt32)
}

import DICOMModel

/// The header of an element or item, 8 or 12 bytes, held without a buffer of its own.
package struct HeaderBytes: Hashable, Sendable {
    /// The first eight bytes, the first one lowest.
    private var low: UInt64 = 0
    private var high: UInt32 = 0
    package private(set) var count = 0

    init() {}

    /// - Parameter bytes: at most 12; more are left out.
    init(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes.prefix(12) { append(byte) }
    }

    mutating func append(_ byte: UInt8) {
        if count < 8 {
            low |= UInt64(byte) << (8 * UInt64(count))
        } else {
            high |= UInt32(byte) << (8 * UInt32(count - 8))
        }
        count += 1
    }

    mutating func append(_ value: UInt16, isBigEndian: Bool) {
        let ordered = isBigEndian ? value.byteSwapped : value
        append(UInt8(truncatingIfNeeded: ordered))
        append(UInt8(truncatingIfNeeded: ordered >> 8))
    }

    mutating func append(_ value: UInt32, isBigEndian: Bool) {
        let ordered = isBigEndian ? value.byteSwapped : value
        for shift in stride(from: 0, to: 32, by: 8) { append(UInt8(truncatingIfNeeded: ordered >> UInt32(shift))) }
    }

    mutating func append(_ tag: Tag, isBigEndian: Bool) {
        append(tag.group, isBigEndian: isBigEndian)
        append(tag.element, isBigEndian: isBigEndian)
    }

    // MARK: - Fields

    func tag(isBigEndian: Bool) -> Tag {
        let first = UInt32(truncatingIfNeeded: low)
        // The group comes first in either byte order.
        return Tag(rawValue: isBigEndian ? first.byteSwapped : first << 16 | first >> 16)
    }

    /// The two bytes where an explicit header has its VR.
    var letters: VR { VR(self[4], self[5]) }

    /// The two bytes before the value of a short explicit header.
    func shortLength(isBigEndian: Bool) -> UInt32 {
        let value = UInt16(truncatingIfNeeded: low >> 48)
        return UInt32(isBigEndian ? value.byteSwapped : value)
    }

    /// The last four bytes.
    func longLength(isBigEndian: Bool) -> UInt32 {
        let value = count == 12 ? high : UInt32(truncatingIfNeeded: low >> 32)
        return isBigEndian ? value.byteSwapped : value
    }
}

extension HeaderBytes: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(index: Int) -> UInt8 {
        index < 8
            ? UInt8(truncatingIfNeeded: low >> (8 * UInt64(index)))
            : UInt8(truncatingIfNeeded: high >> (8 * UInt32(index - 8)))
    }
}

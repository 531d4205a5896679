import DICOMModel

extension ElementEncoding {
    func bytes(of value: UInt16) -> [UInt8] {
        let low = UInt8(truncatingIfNeeded: value)
        let high = UInt8(truncatingIfNeeded: value >> 8)
        return isBigEndian ? [high, low] : [low, high]
    }

    func bytes(of value: UInt32) -> [UInt8] {
        let little = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? little.reversed() : little
    }

    func bytes(of tag: Tag) -> [UInt8] {
        bytes(of: tag.group) + bytes(of: tag.element)
    }

    func uint16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        UInt16(truncatingIfNeeded: number(bytes.prefix(2)))
    }

    func uint32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        number(bytes.prefix(4))
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        isBigEndian
            ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A new header. What has no known VR, or is too long for the short form of its VR, becomes UN (PS3.5 6.2.2).
    ///
    /// - Parameter length: nil for undefined.
    func header(of element: DataElement, length: Int?) throws -> [UInt8] {
        var field = ElementHeader.undefinedLength
        if let length {
            // Sequences of more than 4 GiB would need items of undefined length as well; nothing makes such.
            guard let exact = UInt32(exactly: length), exact != field else {
                throw DICOMFileError(.tooLarge, "\(element.tag) has more than 4 GiB")
            }
            field = exact
        }
        guard isExplicitVR else { return bytes(of: element.tag) + bytes(of: field) }
        var vr = element.vr.isKnown ? element.vr : .un
        if element.items != nil, vr != .un { vr = .sq }
        if case .fragments = element.value, vr != .ow { vr = .ob }
        if !vr.hasLongLength, field > 0xFFFF { vr = .un }
        let start = bytes(of: element.tag) + [vr.first, vr.second]
        return vr.hasLongLength
            ? start + [0, 0] + bytes(of: field) : start + bytes(of: UInt16(truncatingIfNeeded: field))
    }
}

extension [UInt8] {
    /// Reverses the bytes of each whole word; a rest stays as it is.
    func swappingBytes(inWordsOf size: Int) -> [UInt8] {
        guard size > 1 else { return self }
        var result = self
        for start in stride(from: 0, through: count - size, by: size) {
            for index in 0..<size { result[start + index] = self[start + size - 1 - index] }
        }
        return result
    }
}

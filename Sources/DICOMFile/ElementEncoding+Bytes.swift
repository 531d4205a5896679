import DICOMModel

extension ElementEncoding {
    func bytes(of value: UInt32) -> [UInt8] {
        let little = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? little.reversed() : little
    }

    /// The header of an item, or a delimiter.
    func header(_ tag: Tag, length: UInt32) -> HeaderBytes {
        var header = HeaderBytes()
        header.append(tag, isBigEndian: isBigEndian)
        header.append(length, isBigEndian: isBigEndian)
        return header
    }

    /// A new header. What has no known VR, or is too long for the short form of its VR, becomes UN (PS3.5 6.2.2).
    ///
    /// - Parameter length: nil for undefined.
    func header(of element: DataElement, length: Int?) throws -> HeaderBytes {
        var field = ElementHeader.undefinedLength
        if let length {
            // Sequences of more than 4 GiB would need items of undefined length as well; nothing makes such.
            guard let exact = UInt32(exactly: length), exact != field else {
                throw DICOMFileError(.tooLarge, "\(element.tag) has more than 4 GiB")
            }
            field = exact
        }
        guard isExplicitVR else { return header(element.tag, length: field) }
        var vr = element.vr.isKnown ? element.vr : .un
        if element.items != nil, vr != .un { vr = .sq }
        if case .fragments = element.value, vr != .ow { vr = .ob }
        if !vr.hasLongLength, field > 0xFFFF { vr = .un }
        var header = HeaderBytes()
        header.append(element.tag, isBigEndian: isBigEndian)
        header.append(vr.first)
        header.append(vr.second)
        if vr.hasLongLength {
            header.append(UInt16(0), isBigEndian: isBigEndian)
            header.append(field, isBigEndian: isBigEndian)
        } else {
            header.append(UInt16(truncatingIfNeeded: field), isBigEndian: isBigEndian)
        }
        return header
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

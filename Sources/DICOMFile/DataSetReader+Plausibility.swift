import DICOMModel

extension DataSetReader {
    /// How many elements in a row, from `offset` on, make sense in an encoding: ascending tags, lengths that fit, VRs of
    /// the standard (explicit) or tags of the dictionary (implicit).
    ///
    /// - Parameter atMost: where to stop; more says nothing new.
    mutating func plausibleElements(
        _ offset: Int, before end: Int, encoding: ElementEncoding, atMost: Int
    ) throws -> Int {
        var offset = offset
        var previous: Tag?
        for found in 0..<atMost {
            guard end - offset >= 8 else { return found }
            let tag = try window.tag(offset, bigEndian: encoding.isBigEndian)
            if tag.group == 0xFFFE { return found }
            if let previous, tag <= previous { return found }
            guard let size = try plausibleSize(tag, offset, before: end, encoding) else { return found }
            // A sequence of undefined length can't be skipped here; that it begins with an item says enough.
            if size.isUndefined { return atMost }
            offset += size.bytes
            previous = tag
        }
        return atMost
    }

    private mutating func plausibleSize(
        _ tag: Tag, _ offset: Int, before end: Int, _ encoding: ElementEncoding
    ) throws -> (bytes: Int, isUndefined: Bool)? {
        let letters = try window.letters(offset)
        let header: ElementHeader
        if encoding.isExplicitVR {
            guard letters.isKnown, !letters.hasLongLength || end - offset >= 12 else { return nil }
            header = try window.header(of: tag, at: offset, before: end, encoding: encoding, isSigned: false)
        } else {
            guard tag.isPrivate || tag.isGroupLength || DataDictionary.isKnown(tag) else { return nil }
            let length = try window.uint32(offset + 4, bigEndian: encoding.isBigEndian)
            header = ElementHeader(tag: tag, vr: DataDictionary.vr(tag), size: 8, length: length)
            if tag.isGroupLength, length != 4 { return nil }
        }
        guard header.fits(at: offset, before: end) else { return nil }
        if header.isUndefined {
            let begins = try window.beginsWithItem(
                offset + header.size, before: end, bigEndian: encoding.isBigEndian)
            return begins ? (0, true) : nil
        }
        return (header.size + Int(header.length), false)
    }

    /// The encoding that most elements from `offset` on make sense in, the expected one where several do; nil if none.
    mutating func detectEncoding(
        _ offset: Int, expected: ElementEncoding?, atLeast: Int = 1
    ) throws -> ElementEncoding? {
        let others: [ElementEncoding] = [.explicitLittle, .implicitLittle, .explicitBig, .implicitBig]
        var best: (encoding: ElementEncoding, found: Int)?
        for encoding in [expected].compactMap({ $0 }) + others {
            let found = try plausibleElements(offset, before: window.count, encoding: encoding, atMost: 4)
            if found >= atLeast, found > best?.found ?? 0 { best = (encoding, found) }
        }
        return best?.encoding
    }
}

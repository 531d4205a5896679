import DICOMModel

extension DataSetReader {
    /// The value of an element that is a sequence by its VR, its undefined length or, where the VR is unknown, its
    /// content.
    mutating func readSequence(
        _ header: ElementHeader, _ offset: inout Int, before end: Int, context: Context,
        _ delimiter: inout DelimiterForm
    ) throws -> DataElement.Value {
        var context = context
        // Content of VR UN is implicit little endian whatever is around it (PS3.5 6.2.2, note 4).
        if header.vr == .un { context.encoding = .implicitLittle }
        if header.isUndefined {
            return .items(try readItems(&offset, before: end, isDelimited: true, context: context, &delimiter))
        }
        let valueEnd = offset + Int(header.length)
        if try window.beginsWithItem(offset, before: valueEnd, bigEndian: context.encoding.isBigEndian) {
            if header.vr == .sq {
                return .items(
                    try readItems(&offset, before: valueEnd, isDelimited: false, context: context, &delimiter))
            }
            let start = offset
            var form = DelimiterForm.standard
            let items = try attempt { reader in
                try reader.readItems(&offset, before: valueEnd, isDelimited: false, context: context, &form)
            }
            if let items {
                warn(.sequenceInUnknownVR, tag: header.tag, offset: start)
                delimiter = form
                return .items(items)
            }
            offset = start
        } else if header.vr == .sq {
            if header.length == 0 { return .items([]) }
            throw DICOMFileError(.malformed, "\(header.tag) is a sequence without items", offset: offset)
        }
        return .bytes(try readValue(header, &offset))
    }

    /// Items up to `end` or to the delimiter.
    private mutating func readItems(
        _ offset: inout Int, before end: Int, isDelimited: Bool, context: Context, _ delimiter: inout DelimiterForm
    ) throws -> [DataSet] {
        guard context.depth < limits.maximumDepth else {
            throw DICOMFileError(
                .tooDeep, "sequences are nested more than \(limits.maximumDepth) deep", offset: offset)
        }
        var items: [DataSet] = []
        while true {
            guard end - offset >= 8 else {
                if offset < end { throw DICOMFileError(.malformed, "a sequence ends inside an item", offset: offset) }
                if isDelimited {
                    guard offset < window.count else {
                        throw DICOMFileError(.truncated, "the file ends inside a sequence", offset: offset)
                    }
                    delimiter = .absent
                    warn(.missingDelimiter, tag: .sequenceDelimitationItem, offset: offset)
                }
                return items
            }
            let tag = try window.tag(offset, bigEndian: context.encoding.isBigEndian)
            let length = try window.uint32(offset + 4, bigEndian: context.encoding.isBigEndian)
            if tag == .sequenceDelimitationItem, isDelimited || end - offset == 8 {
                offset += 8
                if length != 0 || !isDelimited {
                    delimiter = .present(length: length)
                    warn(.oddDelimiter, tag: tag, offset: offset - 8)
                }
                return items
            }
            guard tag == .item else {
                throw DICOMFileError(.malformed, "\(tag) stands where an item should begin", offset: offset)
            }
            items.append(try readItem(length, &offset, before: end, context: context))
        }
    }

    private mutating func readItem(
        _ length: UInt32, _ offset: inout Int, before end: Int, context: Context
    ) throws -> DataSet {
        try countElement(at: offset)
        let header = HeaderBytes(try window.slice(offset, 8))
        offset += 8
        var inner = context
        inner.depth += 1
        inner.isDelimited = length == ElementHeader.undefinedLength
        guard inner.isDelimited || Int(length) <= end - offset else {
            throw DICOMFileError(
                end == window.count ? .truncated : .malformed,
                "an item says that it has \(length) bytes, more than are left", offset: offset - 8)
        }
        let itemEnd = inner.isDelimited ? end : offset + Int(length)
        inner.encoding = try itemEncoding(offset, before: itemEnd, around: context.encoding)
        return try readDataSet(&offset, before: itemEnd, context: inner, itemHeader: header)
    }

    /// Writers have copied whole sequences from implicit to explicit files and the other way round.
    private mutating func itemEncoding(
        _ offset: Int, before end: Int, around encoding: ElementEncoding
    ) throws -> ElementEncoding {
        guard end - offset >= 8 else { return encoding }
        let letters = try window.letters(offset)
        let tag = try window.tag(offset, bigEndian: encoding.isBigEndian)
        guard tag.group != 0xFFFE, letters.isKnown != encoding.isExplicitVR else { return encoding }
        var other = encoding
        other.isExplicitVR.toggle()
        let here = try plausibleElements(offset, before: end, encoding: encoding, atMost: 3)
        guard try plausibleElements(offset, before: end, encoding: other, atMost: 3) > here else { return encoding }
        warn(.mixedEncoding, tag: tag, offset: offset)
        return other
    }
}

extension SourceWindow {
    mutating func beginsWithItem(_ offset: Int, before end: Int, bigEndian: Bool) throws -> Bool {
        guard end - offset >= 8 else { return false }
        return try tag(offset, bigEndian: bigEndian) == .item
    }
}

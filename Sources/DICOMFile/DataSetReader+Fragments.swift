import DICOMModel

extension DataSetReader {
    /// Encapsulated Pixel Data (PS3.5 A.4): an offset table, fragments, a delimiter.
    ///
    /// Where the file ends after a whole fragment without a delimiter the fragments are kept and a warning is given;
    /// whether a frame is missing shows against Number of Frames.
    mutating func readFragments(
        _ offset: inout Int, before end: Int, context: Context
    ) throws -> EncapsulatedPixelData {
        let bigEndian = context.encoding.isBigEndian
        // Fragments are skipped, not read: a full window for each header would copy the whole file.
        let ahead = 4096
        var items: [ValueBytes] = []
        var delimiter = DelimiterForm.standard
        while true {
            guard end - offset >= 8 else {
                guard offset == end, !items.isEmpty else {
                    throw DICOMFileError(.truncated, "Pixel Data ends inside a fragment", offset: offset)
                }
                delimiter = .absent
                warn(.missingDelimiter, tag: .pixelData, offset: offset)
                break
            }
            let tag = try window.tag(offset, bigEndian: bigEndian, ahead: ahead)
            let length = try window.uint32(offset + 4, bigEndian: bigEndian, ahead: ahead)
            if tag == .sequenceDelimitationItem {
                offset += 8
                if length != 0 {
                    delimiter = .present(length: length)
                    warn(.oddDelimiter, tag: tag, offset: offset - 8)
                }
                break
            }
            guard tag == .item else {
                throw DICOMFileError(.malformed, "\(tag) stands where a fragment should begin", offset: offset)
            }
            guard Int(length) <= end - offset - 8 else {
                throw DICOMFileError(
                    .truncated, "a fragment says that it has \(length) bytes, more than are left", offset: offset)
            }
            try countElement(at: offset)
            offset += 8
            items.append(try value(at: offset, Int(length), isLarge: !items.isEmpty))
            offset += Int(length)
        }
        let table = try items.first?.load() ?? []
        var pixelData = EncapsulatedPixelData(basicOffsetTable: table, fragments: Array(items.dropFirst()))
        pixelData.hasOffsetTableItem = !items.isEmpty
        pixelData.delimiter = delimiter
        return pixelData
    }
}

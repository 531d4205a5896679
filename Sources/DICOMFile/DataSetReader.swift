import DICOMModel

/// Reads Data Elements from a source. It recurses into sequences as far as the limits allow, checks every length against
/// what is around it, and keeps every byte.
struct DataSetReader {
    var window: SourceWindow
    let limits: ReadLimits
    private(set) var warnings: [ParseWarning] = []
    private var warned: Set<ParseWarning.Code> = []
    private var remainingElements: Int
    /// Whether what stands before the first damage is wanted, however little that is.
    var stopsAtDamage = false
    /// Elements that a usual Data Set has room for without being moved.
    private static let usualCount = 128

    init(source: any ByteSource, limits: ReadLimits) {
        window = SourceWindow(source)
        self.limits = limits
        remainingElements = limits.maximumElements
    }

    /// What holds inside a Data Set.
    struct Context {
        var encoding: ElementEncoding
        var characterSet: SpecificCharacterSet = .default
        /// Pixel Representation, on which the VR of some elements depends.
        var isSigned = false
        /// Sequences around this one.
        var depth = 0
        /// Whether it is an item of undefined length, which a delimiter ends.
        var isDelimited = false
        /// Whether it is an item at all, so that nothing but elements may stand in it.
        var isItem: Bool { depth > 0 }
    }

    // MARK: - Accounting

    /// Each code is recorded once, where it was first met, so that a hostile file can't grow the list.
    mutating func warn(_ code: ParseWarning.Code, tag: Tag? = nil, offset: Int? = nil) {
        guard warned.insert(code).inserted else { return }
        warnings.append(ParseWarning(code, tag: tag, offset: offset))
    }

    /// Goes on with the list of another reader of the same file.
    mutating func adoptWarnings(of other: DataSetReader) {
        warnings = other.warnings
        warned = other.warned
    }

    mutating func countElement(at offset: Int) throws {
        guard remainingElements > 0 else {
            throw DICOMFileError(
                .tooLarge, "there are more than \(limits.maximumElements) elements and items", offset: offset)
        }
        remainingElements -= 1
    }

    // MARK: - Data Sets

    /// Reads elements from `offset` on and moves it behind the last one (and behind an item's delimiter).
    ///
    /// - Parameter shouldStop: asked before each element of the root with its tag.
    mutating func readDataSet(
        _ offset: inout Int, before end: Int, context: Context, itemHeader: HeaderBytes? = nil,
        stopAt shouldStop: (Tag) -> Bool = { _ in false }
    ) throws -> DataSet {
        var context = context
        var dataSet = DataSet(
            isExplicitVR: context.encoding.isExplicitVR, isBigEndian: context.encoding.isBigEndian,
            characterSet: context.characterSet, originalItemHeader: itemHeader)
        if !context.isItem { dataSet.reserveCapacity(Self.usualCount) }
        var previous: Tag?
        var groupStart: (group: UInt16, offset: Int)?
        while true {
            let start = offset
            guard end - start >= 8 else {
                if start < end { try checkRest(start, before: end, context: context, after: previous) }
                if context.isDelimited { try missingDelimiter(start, &dataSet) }
                break
            }
            let tag = try window.tag(start, bigEndian: context.encoding.isBigEndian)
            if !context.isItem, shouldStop(tag) { break }
            if tag.group == 0xFFFE, context.isItem {
                try endItem(tag, &offset, before: end, context: context, &dataSet)
                break
            }
            if !context.isItem, try endsRoot(tag, start, after: previous, context: context) {
                try checkRest(start, before: end, context: context, after: previous)
                break
            }
            if let open = groupStart, open.group != tag.group {
                dataSet.groupSizes[open.group] = start - open.offset
                groupStart = nil
            }
            let element: DataElement
            do {
                element = try readElement(tag, &offset, before: end, context: context)
            } catch let error as DICOMFileError
                where !context.isItem && (stopsAtDamage || isTrailing(error, after: previous))
            {
                offset = start
                break
            }
            if let previous, tag <= previous {
                warn(tag == previous ? .duplicateElement : .elementsOutOfOrder, tag: tag, offset: start)
            }
            previous = tag
            note(element, in: &context, &dataSet)
            if tag.isGroupLength { groupStart = (tag.group, offset) }
            dataSet.append(element)
        }
        if let groupStart { dataSet.groupSizes[groupStart.group] = offset - groupStart.offset }
        return dataSet
    }

    /// Elements that change how those after them are read.
    private mutating func note(_ element: DataElement, in context: inout Context, _ dataSet: inout DataSet) {
        switch element.tag {
        case .specificCharacterSet:
            guard case .bytes(let value) = element.value, let bytes = value.loaded else { return }
            context.characterSet = SpecificCharacterSet(bytes: bytes)
            dataSet.characterSet = context.characterSet
        case .pixelRepresentation:
            guard case .bytes(let value) = element.value, let bytes = value.loaded, bytes.count == 2 else { return }
            context.isSigned = bytes.contains(1)
        default:
            break
        }
    }

    /// Whether an element of the root can't be one: a delimiter, zeros, or what follows Pixel Data without being in
    /// order or having a VR.
    private mutating func endsRoot(
        _ tag: Tag, _ offset: Int, after previous: Tag?, context: Context
    ) throws -> Bool {
        guard let previous else { return tag.group == 0xFFFE }
        if tag.group == 0xFFFE || tag.rawValue == 0 { return true }
        guard previous >= .pixelData else { return false }
        return try tag <= previous || (context.encoding.isExplicitVR && !window.letters(offset).isKnown)
    }

    /// Whether what can't be read is something after the Data Set rather than a damaged part of it: it follows the
    /// last element that a Data Set is expected to have.
    private func isTrailing(_ error: DICOMFileError, after previous: Tag?) -> Bool {
        guard let previous, previous >= .pixelData else { return false }
        return [.truncated, .malformed].contains(error.code)
    }

    /// What is no element may follow Pixel Data, and zeros may follow any Data Set; all else is damage.
    private mutating func checkRest(
        _ offset: Int, before end: Int, context: Context, after previous: Tag?
    ) throws {
        let error = DICOMFileError(
            end == window.count ? .truncated : .malformed, "what follows \(previous ?? .item) is not an element",
            offset: offset)
        if context.isItem { throw error }
        if stopsAtDamage || isTrailing(error, after: previous) { return }
        var place = offset
        while place < end {
            let count = min(SourceWindow.size, end - place)
            guard try window.slice(place, count).allSatisfy({ $0 == 0 }) else { throw error }
            place += count
        }
    }

    private mutating func missingDelimiter(_ offset: Int, _ dataSet: inout DataSet) throws {
        if offset >= window.count {
            throw DICOMFileError(.truncated, "the file ends inside an item", offset: offset)
        }
        dataSet.delimiter = .absent
        warn(.missingDelimiter, tag: .itemDelimitationItem, offset: offset)
    }

    /// A tag of group FFFE inside an item.
    private mutating func endItem(
        _ tag: Tag, _ offset: inout Int, before end: Int, context: Context, _ dataSet: inout DataSet
    ) throws {
        let length = try window.uint32(offset + 4, bigEndian: context.encoding.isBigEndian)
        switch tag {
        case .itemDelimitationItem where context.isDelimited || end - offset == 8:
            offset += 8
            guard length != 0 || !context.isDelimited else { return }
            dataSet.delimiter = .present(length: length)
            warn(.oddDelimiter, tag: tag, offset: offset - 8)
        case .sequenceDelimitationItem where context.isDelimited:
            dataSet.delimiter = .absent
            warn(.missingDelimiter, tag: .itemDelimitationItem, offset: offset)
        default:
            throw DICOMFileError(.malformed, "\(tag) stands inside an item", offset: offset)
        }
    }

    // MARK: - Elements

    private mutating func readElement(
        _ tag: Tag, _ offset: inout Int, before end: Int, context: Context
    ) throws -> DataElement {
        try countElement(at: offset)
        let start = offset
        let header = try window.header(
            of: tag, at: start, before: end, encoding: context.encoding, isSigned: context.isSigned)
        let bytes = HeaderBytes(try window.slice(start, header.size))
        if let warning = header.warning { warn(warning, tag: header.tag, offset: start) }
        offset += header.size
        guard header.fits(at: start, before: end) else {
            let isFileEnd = end == window.count
            throw DICOMFileError(
                isFileEnd ? .truncated : .malformed,
                "\(header.tag) says that it has \(header.length) bytes, more than are left", offset: start)
        }
        var delimiter = DelimiterForm.standard
        let value: DataElement.Value
        if header.isUndefined, isEncapsulated(header) {
            value = .fragments(try readFragments(&offset, before: end, context: context))
        } else if header.isUndefined || header.vr == .sq || header.vr == .un {
            value = try readSequence(header, &offset, before: end, context: context, &delimiter)
        } else {
            value = .bytes(try readValue(header, &offset))
        }
        return DataElement(
            tag: header.tag, vr: header.vr, value: value, originalHeader: bytes, originalEncoding: context.encoding,
            delimiter: delimiter)
    }

    /// Only Pixel Data may be encapsulated, but other elements of bytes or words have been seen so.
    private func isEncapsulated(_ header: ElementHeader) -> Bool {
        header.tag == .pixelData || [.ob, .ow, .of, .ol, .od, .ov].contains(header.vr)
    }

    mutating func readValue(_ header: ElementHeader, _ offset: inout Int) throws -> ValueBytes {
        let length = Int(header.length)
        defer { offset += length }
        return try value(at: offset, length, isLarge: header.tag == .pixelData)
    }

    /// A value of a length that was checked, loaded if it is small.
    ///
    /// - Parameter isLarge: not to be loaded in any case, unless it already is.
    mutating func value(at offset: Int, _ length: Int, isLarge: Bool) throws -> ValueBytes {
        if length <= limits.maximumLoadedValue, !isLarge || window.holds(offset, length) {
            return ValueBytes(try window.slice(offset, length))
        }
        return ValueBytes(source: window.source, range: offset..<(offset + length))
    }

    /// Runs `body`; where it fails because the bytes aren't what it takes them for, nothing that it did counts.
    mutating func attempt<Result>(_ body: (inout DataSetReader) throws -> Result) throws -> Result? {
        let warnings = (warnings, warned)
        do {
            return try body(&self)
        } catch let error as DICOMFileError where [.malformed, .truncated].contains(error.code) {
            (self.warnings, warned) = warnings
            return nil
        }
    }
}

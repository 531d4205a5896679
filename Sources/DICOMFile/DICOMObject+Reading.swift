import DICOMModel

extension DICOMObject {
    /// Whether this is a DICOM file, by its content and never by its name.
    ///
    /// `DICM` at byte 128 or 0 is enough. Without it, the first elements must belong to group 0002, 0004 or 0008 and make
    /// sense in one of the encodings: ascending tags, known VRs or tags, lengths that fit.
    public static func isDICOM(_ source: any ByteSource) -> Bool {
        var reader = DataSetReader(source: source, limits: .default)
        return ((try? reader.recognise()) ?? nil) != nil
    }

    /// What stands before the damage in a file that `read` refuses: the elements of the root up to the first that can't be
    /// read. Nothing in it can be relied on. Nil where there is none.
    public static func readBeginning(_ source: any ByteSource, limits: ReadLimits = .default) -> DICOMObject? {
        var reader = DataSetReader(source: source, limits: limits)
        reader.stopsAtDamage = true
        guard let beginning = try? reader.recognise() else { return nil }
        return try? reader.readObject(beginning)
    }

    /// Reads a file's header; Pixel Data and other large values stay in the source.
    ///
    /// - Throws: `DICOMFileError`: `.notDICOM`; `.truncated` and `.malformed` with the place; `.tooDeep` and `.tooLarge`
    ///   where `limits` are exceeded; `.readFailed`.
    public static func read(_ source: any ByteSource, limits: ReadLimits = .default) throws -> DICOMObject {
        var reader = DataSetReader(source: source, limits: limits)
        guard let beginning = try reader.recognise() else {
            throw DICOMFileError(.notDICOM, "this is not a DICOM file")
        }
        return try reader.readObject(beginning)
    }
}

extension DataSetReader {
    /// Where the elements begin, and what stands before them.
    struct Beginning {
        let preamble: [UInt8]?
        let offset: Int
        /// The encoding that was recognised where there is no `DICM`.
        let encoding: ElementEncoding?
    }

    /// Nil for what is not DICOM.
    mutating func recognise() throws -> Beginning? {
        let magic = Array("DICM".utf8)
        if window.count >= 132, try window.slice(128, 4).elementsEqual(magic) {
            return Beginning(preamble: Array(try window.slice(0, 128)), offset: 132, encoding: nil)
        }
        guard window.count >= 8 else { return nil }
        if try window.slice(0, 4).elementsEqual(magic) { return Beginning(preamble: [], offset: 4, encoding: nil) }
        guard let encoding = try detectEncoding(0, expected: nil, atLeast: 2) else { return nil }
        let first = try window.tag(0, bigEndian: encoding.isBigEndian)
        guard [0x0002, 0x0004, 0x0008].contains(first.group) else { return nil }
        // File Meta Information may be short, and what follows it is encoded in another way.
        let needed = first.group == 0x0002 ? 2 : 3
        guard try plausibleElements(0, before: window.count, encoding: encoding, atMost: needed) == needed else {
            return nil
        }
        return Beginning(preamble: nil, offset: 0, encoding: encoding)
    }

    mutating func readObject(_ beginning: Beginning) throws -> DICOMObject {
        if beginning.preamble == nil { warn(.missingPreamble, offset: 0) }
        var offset = beginning.offset
        let fileMeta = try readFileMeta(&offset)
        let metaSize = offset - beginning.offset
        if fileMeta.elements.isEmpty { warn(.missingFileMeta, offset: offset) }
        let declared = fileMeta.string(.transferSyntaxUID).map { TransferSyntax(uid: UID($0)) }
        if declared == nil { warn(.missingTransferSyntax, offset: offset) }
        if declared?.codec == .unknown { warn(.unknownTransferSyntax) }
        guard offset < window.count else {
            throw DICOMFileError(.truncated, "the file ends before the Data Set", offset: offset)
        }
        if declared?.isDeflated == true, let inflated = try inflate(from: offset) {
            var inner = DataSetReader(source: inflated, limits: limits)
            inner.stopsAtDamage = stopsAtDamage
            inner.adoptWarnings(of: self)
            return try inner.readDataSetOfObject(
                at: 0, fileMeta: fileMeta, metaSize: metaSize, preamble: beginning.preamble, declared: declared)
        }
        return try readDataSetOfObject(
            at: offset, fileMeta: fileMeta, metaSize: metaSize, preamble: beginning.preamble, declared: declared)
    }

    private mutating func readFileMeta(_ offset: inout Int) throws -> DataSet {
        guard window.count - offset >= 8 else { return DataSet() }
        var encoding = ElementEncoding.explicitLittle
        if try window.tag(offset, bigEndian: false).group != 0x0002 {
            guard try window.tag(offset, bigEndian: true).group == 0x0002 else { return DataSet() }
            encoding = .explicitBig
        }
        let letters = try window.letters(offset)
        if !letters.isKnown { encoding.isExplicitVR = false }
        return try readDataSet(&offset, before: window.count, context: Context(encoding: encoding)) { tag in
            tag.group != 0x0002
        }
    }

    private mutating func readDataSetOfObject(
        at offset: Int, fileMeta: DataSet, metaSize: Int, preamble: [UInt8]?, declared: TransferSyntax?
    ) throws -> DICOMObject {
        var offset = offset
        let encoding = try encoding(at: offset, declared: declared)
        let dataSet = try readDataSet(&offset, before: window.count, context: Context(encoding: encoding))
        guard !dataSet.elements.isEmpty else {
            throw DICOMFileError(.malformed, "there is no Data Set", offset: offset)
        }
        var object = DICOMObject(
            preamble: preamble, fileMeta: fileMeta, dataSet: dataSet,
            transferSyntax: transferSyntax(declared, encoding: encoding))
        object.fileMetaSize = metaSize
        if offset < window.count {
            warn(.trailingBytes, offset: offset)
            object.trailingBytes = try value(at: offset, window.count - offset, isLarge: false)
        }
        object.warnings = warnings
        return object
    }

    /// What the Transfer Syntax says if the first element agrees, else what the first elements look like.
    private mutating func encoding(at offset: Int, declared: TransferSyntax?) throws -> ElementEncoding {
        let expected = declared.map { ElementEncoding(isExplicitVR: $0.isExplicitVR, isBigEndian: $0.isBigEndian) }
        guard window.count - offset >= 8 else {
            throw DICOMFileError(.truncated, "the file ends before the Data Set", offset: offset)
        }
        if let expected {
            let tag = try window.tag(offset, bigEndian: expected.isBigEndian)
            let letters = try window.letters(offset)
            if letters.isKnown == expected.isExplicitVR, tag.group < tag.group.byteSwapped { return expected }
        }
        let detected = try detectEncoding(offset, expected: expected, atLeast: expected == nil ? 1 : 2)
        guard let encoding = detected ?? expected else {
            throw DICOMFileError(.malformed, "the Data Set doesn't begin with an element", offset: offset)
        }
        if let expected, expected != encoding { warn(.wrongTransferSyntax, offset: offset) }
        return encoding
    }

    /// The declared one, unless it is a native one that the Data Set contradicts.
    private func transferSyntax(_ declared: TransferSyntax?, encoding: ElementEncoding) -> TransferSyntax {
        if let declared {
            let agrees = declared.isExplicitVR == encoding.isExplicitVR && declared.isBigEndian == encoding.isBigEndian
            if agrees || declared.isEncapsulated { return declared }
        }
        if encoding.isBigEndian { return .explicitVRBigEndian }
        return encoding.isExplicitVR ? .explicitVRLittleEndian : .implicitVRLittleEndian
    }
}

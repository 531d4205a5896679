public import DICOMModel

/// A whole DICOM file: preamble, File Meta Information, Data Set (PS3.10 section 7).
///
/// Small values are slices of the buffers they were read in (64 KiB each), larger ones stay in the source, which must
/// therefore outlive nothing but still be unchanged when the object is written.
public struct DICOMObject: Sendable {
    /// 128 bytes; nil where the file has neither preamble nor `DICM`, empty where `DICM` stands first.
    public var preamble: [UInt8]?
    /// Group 0002, always explicit little endian in valid files; empty where there is none.
    public var fileMeta: DataSet
    public var dataSet: DataSet
    /// As used for reading. Its UID is the file's own; where that is missing or wrong it is the one that the Data Set is
    /// really encoded in, and a warning says so. Of an unknown one only `dataSet` knows the encoding.
    public var transferSyntax: TransferSyntax
    /// Odd things that were tolerated.
    public var warnings: [ParseWarning]
    /// What follows the Data Set and isn't part of it: padding, or the remains of something else. It is written again;
    /// whoever de-identifies sets it to nil.
    public var trailingBytes: ValueBytes?
    /// Size of the File Meta Information as it was read: one that still has it keeps its Group Length, or lack of one.
    package var fileMetaSize: Int?

    /// - Parameters:
    ///   - preamble: 128 zero bytes unless given.
    ///   - fileMeta: without Group Length, which the writer adds.
    ///   - dataSet: encoded as `transferSyntax` says.
    public init(
        preamble: [UInt8]? = [UInt8](repeating: 0, count: 128), fileMeta: DataSet, dataSet: DataSet,
        transferSyntax: TransferSyntax
    ) {
        self.preamble = preamble
        self.fileMeta = fileMeta
        self.dataSet = dataSet
        self.transferSyntax = transferSyntax
        warnings = []
    }

    /// Changes the Transfer Syntax: the encoding of the Data Set and (0002,0010). Pixel Data stays as it is.
    public mutating func setTransferSyntax(_ transferSyntax: TransferSyntax) {
        self.transferSyntax = transferSyntax
        dataSet.isExplicitVR = transferSyntax.isExplicitVR
        dataSet.isBigEndian = transferSyntax.isBigEndian
        fileMeta[.transferSyntaxUID] = DataElement(
            tag: .transferSyntaxUID, vr: .ui, bytes: Array(transferSyntax.uid.value.utf8))
    }
}

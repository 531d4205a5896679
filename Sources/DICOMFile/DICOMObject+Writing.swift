import DICOMModel

extension DICOMObject {
    /// Writes the file: what was read and not changed byte for byte, in the encoding that the two Data Sets say.
    ///
    /// A Group Length is corrected when the size of its group changed, also in group 0002, where a missing one is
    /// added. A deflated Data Set is deflated again, which gives the same Data Set but not always the same stream.
    ///
    /// - Throws: `DICOMFileError` where the source can't be read any more or an element is too long; what the sink
    ///   throws.
    public func write(to sink: inout some ByteSink) throws {
        var writer = DataSetWriter(sink)
        if let preamble { try writer.write(preamble + Array("DICM".utf8)) }
        try writer.write(try fileMetaToWrite())
        if transferSyntax.isDeflated {
            try writer.flush()
            var deflating = DataSetWriter(try DeflatingSink(writer.sink))
            try writeDataSet(to: &deflating)
            try deflating.flush()
            var end = deflating.sink
            try end.finish()
            sink = end.sink
        } else {
            try writeDataSet(to: &writer)
            try writer.flush()
            sink = writer.sink
        }
    }

    /// The whole file in memory.
    public func serialized() throws -> [UInt8] {
        var sink = MemoryByteSink()
        try write(to: &sink)
        return sink.bytes
    }

    /// Makes a new file with mode 0600. One that exists is never overwritten; one that could not be finished is removed.
    ///
    /// - Parameter isDurable: whether its content is on disk when this returns.
    /// - Throws: `DICOMFileError` with code `.writeFailed`; see also `write(to:)`.
    public func write(toPath path: String, isDurable: Bool = true) throws {
        var sink = try FileByteSink(creating: path)
        do {
            try write(to: &sink)
            try sink.finish(isDurable: isDurable)
        } catch {
            sink.discard()
            throw error
        }
    }

    private func writeDataSet(to writer: inout DataSetWriter<some ByteSink>) throws {
        try writer.write(dataSet)
        if let trailingBytes { try writer.write(trailingBytes) }
    }

    private func fileMetaToWrite() throws -> DataSet {
        guard !fileMeta.elements.isEmpty, fileMeta[.fileMetaInformationGroupLength] == nil else { return fileMeta }
        let size = try ElementLayout.all(of: fileMeta, as: fileMeta.encoding).reduce(0) { $0 + $1.length }
        if size == fileMetaSize { return fileMeta }
        var fileMeta = fileMeta
        fileMeta.set(.fileMetaInformationGroupLength, .ul, unsigned: [size])
        return fileMeta
    }
}

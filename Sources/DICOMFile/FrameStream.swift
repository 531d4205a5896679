/// A new stream for one frame of encapsulated Pixel Data.
public struct FrameStream: Sendable {
    /// The bytes, padded to an even length with a zero (PS3.5 A.4).
    let fragment: ValueBytes
    /// Bytes of the stream itself.
    public let length: Int

    public init(_ stream: [UInt8]) {
        fragment = ValueBytes(Self.padded(stream))
        length = stream.count
    }

    /// Keeps the bytes in `spool` rather than in memory.
    ///
    /// - Throws: `DICOMFileError` with code `.writeFailed`.
    public init(_ stream: [UInt8], in spool: SpoolFile) throws {
        fragment = try spool.append(Self.padded(stream))
        length = stream.count
    }

    private static func padded(_ stream: [UInt8]) -> [UInt8] {
        stream.count % 2 == 0 ? stream : stream + [0]
    }
}

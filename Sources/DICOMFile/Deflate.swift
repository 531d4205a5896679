import CZlib
import DICOMModel

extension DataSetReader {
    /// The raw deflate stream from `offset` on, unfolded (PS3.5 A.5); nil where it isn't one, but plain elements. What is
    /// large lies in a temporary file.
    ///
    /// - Throws: `.tooLarge` as soon as more comes out than the limits allow; `.malformed`, `.truncated`; `.writeFailed`.
    mutating func inflate(from offset: Int) throws -> (any ByteSource)? {
        if try plausibleElements(offset, before: window.count, encoding: .explicitLittle, atMost: 3) >= 3 {
            warn(.wrongTransferSyntax, offset: offset)
            return nil
        }
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw DICOMFileError(.unsupported, "zlib can't be used")
        }
        defer { inflateEnd(&stream) }
        var output = InflatedBytes(limit: limits.maximumInflatedBytes)
        var place = offset
        let chunkSize = 1 << 16
        var buffer = [UInt8](repeating: 0, count: chunkSize)
        var status = Z_OK
        while status == Z_OK, place < window.count {
            var input = Array(try window.slice(place, min(chunkSize, window.count - place)))
            place += input.count
            status = try input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                return try Self.inflateChunk(&stream, &buffer, into: &output)
            }
        }
        guard status == Z_STREAM_END || stopsAtDamage else {
            throw DICOMFileError(
                place >= window.count && status == Z_OK ? .truncated : .malformed,
                "the deflated Data Set is damaged or ends too early", offset: place)
        }
        // One NUL may pad the stream to an even length.
        if window.count - place + Int(stream.avail_in) > 1 { warn(.trailingBytes, offset: place) }
        return try output.source()
    }

    private static func inflateChunk(
        _ stream: inout z_stream, _ buffer: inout [UInt8], into output: inout InflatedBytes
    ) throws -> Int32 {
        var status = Z_OK
        repeat {
            let size = buffer.count
            let produced = buffer.withUnsafeMutableBufferPointer { pointer in
                stream.next_out = pointer.baseAddress
                stream.avail_out = UInt32(size)
                status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return size - Int(stream.avail_out)
            }
            try output.append(buffer[0..<produced])
        } while status == Z_OK && stream.avail_out == 0
        // Nothing more to do with this input.
        return status == Z_BUF_ERROR ? Z_OK : status
    }
}

/// What a deflated Data Set unfolds to: a little in memory, more than that in a temporary file.
private struct InflatedBytes {
    let limit: Int
    private var pending: [UInt8] = []
    private var spool: SpoolFile?

    private static let mostInMemory = 1 << 22

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) throws {
        guard bytes.count <= limit - pending.count - (spool?.count ?? 0) else {
            throw DICOMFileError(.tooLarge, "the deflated Data Set unfolds to more than \(limit) bytes")
        }
        pending += bytes
        if pending.count > Self.mostInMemory { try flush() }
    }

    private mutating func flush() throws {
        let spool = try self.spool ?? SpoolFile()
        _ = try spool.append(pending)
        self.spool = spool
        pending.removeAll(keepingCapacity: true)
    }

    mutating func source() throws -> any ByteSource {
        guard let spool else { return MemoryByteSource(pending) }
        try flush()
        return spool
    }
}

/// A sink that deflates (raw, PS3.5 A.5) what it is given and hands it on.
struct DeflatingSink<Sink: ByteSink>: ByteSink {
    private(set) var sink: Sink
    private let stream: DeflateStream
    private var written = 0

    init(_ sink: Sink) throws {
        self.sink = sink
        stream = try DeflateStream()
    }

    mutating func write(_ bytes: ArraySlice<UInt8>) throws {
        try pass(bytes, flush: Z_NO_FLUSH)
    }

    /// Ends the stream and pads it to an even length with a NUL.
    mutating func finish() throws {
        try pass([], flush: Z_FINISH)
        if written % 2 != 0 { try sink.write([0]) }
    }

    private mutating func pass(_ bytes: ArraySlice<UInt8>, flush: Int32) throws {
        let output = try stream.deflate(bytes, flush: flush)
        written += output.count
        if !output.isEmpty { try sink.write(output[...]) }
    }
}

/// Owns a zlib deflate stream.
private final class DeflateStream {
    private var stream = z_stream()

    init() throws {
        let status = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw DICOMFileError(.unsupported, "zlib can't be used") }
    }

    deinit {
        deflateEnd(&stream)
    }

    func deflate(_ bytes: ArraySlice<UInt8>, flush: Int32) throws -> [UInt8] {
        var input = Array(bytes)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        try input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            repeat {
                let size = buffer.count
                var status = Z_OK
                let produced = buffer.withUnsafeMutableBufferPointer { pointer in
                    stream.next_out = pointer.baseAddress
                    stream.avail_out = UInt32(size)
                    status = CZlib.deflate(&stream, flush)
                    return size - Int(stream.avail_out)
                }
                guard status != Z_STREAM_ERROR else { throw DICOMFileError(.unsupported, "zlib failed") }
                output += buffer[0..<produced]
            } while stream.avail_out == 0
        }
        return output
    }
}

import CZlib
import DICOMModel

/// Frames that are a raw deflate stream each (RFC 1951; PS3.5 A.4, Deflated Image Frame Compression).
package enum DeflateCodec {
    static func decode(_ stream: [UInt8], as description: PixelDescription) throws -> NativeFrame {
        try inflated(stream, as: description).frame
    }

    /// Whether the stream ends with the frame's last byte, but for a byte that makes its length even or a few zeros.
    static func isTidy(_ stream: [UInt8], as description: PixelDescription) -> Bool {
        guard let end = try? inflated(stream, as: description).end else { return false }
        return stream[end...].isStreamPadding
    }

    /// The frame, and where its deflate stream ends; nil where that holds more than the frame.
    private static func inflated(
        _ stream: [UInt8], as description: PixelDescription
    ) throws -> (frame: NativeFrame, end: Int?) {
        let count = description.bytesPerFrame
        var bytes = [UInt8](repeating: 0, count: count)
        var state = z_stream()
        guard inflateInit2_(&state, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw PixelCodecError(.codecFailed, "zlib can't be started")
        }
        defer { inflateEnd(&state) }
        var input = stream
        let status = input.withUnsafeMutableBufferPointer { source in
            bytes.withUnsafeMutableBufferPointer { target in
                state.next_in = source.baseAddress
                state.avail_in = UInt32(clamping: source.count)
                state.next_out = target.baseAddress
                state.avail_out = UInt32(clamping: target.count)
                return inflate(&state, Z_FINISH)
            }
        }
        // A buffer that is full before the stream's end is fine: a frame may be padded.
        guard state.avail_out == 0, status == Z_STREAM_END || status == Z_OK || status == Z_BUF_ERROR else {
            throw PixelCodecError(.malformed, "the deflated frame is damaged or too short")
        }
        if status != Z_STREAM_END {
            // From a row or a column on it is no padding.
            let limit = description.bytesPerFrame / max(description.rows, description.columns, 1)
            var surplus = [UInt8](repeating: 0, count: max(limit, 2))
            input.withUnsafeMutableBufferPointer { source in
                surplus.withUnsafeMutableBufferPointer { target in
                    state.next_in = source.baseAddress.map { $0 + source.count - Int(state.avail_in) }
                    state.next_out = target.baseAddress
                    state.avail_out = UInt32(clamping: target.count)
                    _ = inflate(&state, Z_FINISH)
                }
            }
            guard state.avail_out > 0 else {
                throw PixelCodecError(.mismatch, "the deflated frame has more samples than Rows and Columns say")
            }
        }
        let end = status == Z_STREAM_END ? stream.count - Int(state.avail_in) : nil
        return (NativeFrame(description: description, bytes: bytes), end)
    }

    static func encode(_ frame: NativeFrame) throws -> [UInt8] { try deflate(frame.bytes, level: 9) }

    /// A raw deflate stream of any bytes.
    ///
    /// - Parameter level: zlib's, 1 the fastest; nil for its own choice.
    package static func deflate(_ bytes: [UInt8], level: Int32? = nil) throws -> [UInt8] {
        var state = z_stream()
        let started = deflateInit2_(
            &state, level ?? Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { throw PixelCodecError(.codecFailed, "zlib can't be started") }
        defer { deflateEnd(&state) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&state, UInt(input.count))))
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                state.next_in = source.baseAddress
                state.avail_in = UInt32(clamping: source.count)
                state.next_out = target.baseAddress
                state.avail_out = UInt32(clamping: target.count)
                return CZlib.deflate(&state, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw PixelCodecError(.codecFailed, "zlib can't deflate the bytes") }
        return Array(output.dropLast(Int(state.avail_out)))
    }
}

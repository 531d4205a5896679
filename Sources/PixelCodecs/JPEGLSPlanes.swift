/// Takes a JPEG-LS stream whose components have a scan each (interleave mode 0) apart into streams of one component,
/// because GDCM 3.0.21 mixes up the components of such a stream.
enum JPEGLSPlanes {
    /// - Returns: one stream per scan, in their order.
    /// - Throws: `.malformed` unless there are as many scans as components, each of one component.
    static func split(_ stream: [UInt8], _ header: JPEGHeader) throws -> [[UInt8]] {
        var reader = ByteReader(stream)
        guard reader.skip(2) else { throw malformed }
        // Preset parameters hold for the scans after them.
        var presets: [UInt8] = []
        var planes: [[UInt8]] = []
        while planes.count < header.components.count {
            guard reader.byte() == 0xFF, let marker = reader.byte() else { throw malformed }
            if marker == 0xFF { continue }
            let start = reader.position
            guard marker != 0xD9, let length = reader.word(), length >= 2, reader.skip(length - 2) else {
                throw malformed
            }
            let segment = stream[start..<reader.position]
            if marker == 0xF8 || marker == 0xDD { presets += [0xFF, UInt8(marker)] + segment }
            guard marker == 0xDA else { continue }
            guard length == 8, segment[start + 2] == 1 else { throw malformed }
            let data = reader.position
            let end = scanEnd(stream, from: data)
            planes.append(
                [0xFF, 0xD8] + frameHeader(header) + presets + [0xFF, 0xDA, 0, 8, 1, 1] + segment.dropFirst(4)
                    + stream[data..<end] + [0xFF, 0xD9])
            guard reader.skip(end - data) else { throw malformed }
        }
        return planes
    }

    private static func frameHeader(_ header: JPEGHeader) -> [UInt8] {
        [0xFF, 0xF7, 0, 11, UInt8(truncatingIfNeeded: header.precision)]
            + [header.rows >> 8, header.rows, header.columns >> 8, header.columns].map {
                UInt8(truncatingIfNeeded: $0)
            } + [1, 1, 0x11, 0]
    }

    /// The next marker other than a restart: 0xFF and a byte with its high bit set, which coded data never has (A.1).
    private static func scanEnd(_ stream: [UInt8], from start: Int) -> Int {
        var index = start
        while index + 1 < stream.count {
            if stream[index] == 0xFF, stream[index + 1] >= 0x80, !(0xD0...0xD7).contains(stream[index + 1]) {
                return index
            }
            index += 1
        }
        return stream.count
    }

    private static var malformed: PixelCodecError {
        PixelCodecError(.malformed, "the JPEG-LS stream doesn't have one scan per component")
    }
}

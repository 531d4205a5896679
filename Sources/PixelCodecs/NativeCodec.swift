import DICOMModel

/// Native frames, cut out and in little endian already: only their length is checked.
enum NativeCodec {
    static func decode(_ stream: [UInt8], as description: PixelDescription) throws -> NativeFrame {
        let count = description.bytesPerFrame
        guard stream.count >= count else { throw PixelCodecError(.mismatch, "the frame is shorter than it should be") }
        return NativeFrame(
            description: description, bytes: stream.count == count ? stream : Array(stream.prefix(count)))
    }
}

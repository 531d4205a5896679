/// The stored values of one frame in native form.
///
/// `bytes` holds `description.bytesPerFrame` bytes (1-bit frames: bits packed from the least significant one, the
/// frame beginning at bit 0). Samples of 16, 32 and 64 bits are **little endian** whatever the file's byte order.
/// Planar or interleaved as `description.isPlanar` says; 4:2:2 as Y0 Y1 CB CR.
public struct NativeFrame: Hashable, Sendable {
    public var description: PixelDescription
    public var bytes: [UInt8]

    public init(description: PixelDescription, bytes: [UInt8]) {
        self.description = description
        self.bytes = bytes
    }
}

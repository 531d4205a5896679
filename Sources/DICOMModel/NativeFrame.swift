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

    /// The samples of a float frame.
    public var floatValues: [Double] {
        let width = description.bitsAllocated / 8
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / max(width, 1)).map { index in
                if width == 4 {
                    let word = bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
                    return Double(Float(bitPattern: UInt32(littleEndian: word)))
                }
                let word = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                return Double(bitPattern: UInt64(littleEndian: word))
            }
        }
    }
}

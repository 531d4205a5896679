import DICOMFile
import DICOMModel

/// Native Pixel Data (PS3.5 A.1–A.3, 8.1): frames one after the other without a gap, also where they are 1 bit deep.
struct NativePixelData: Sendable {
    let value: ValueBytes
    let order: ByteOrder
    let description: PixelDescription
    let numberOfFrames: Int

    /// How many trailing bytes are looked at to see that they hold nothing.
    private static let chunk = 1 << 20

    init(value: ValueBytes, order: ByteOrder, description: PixelDescription, numberOfFrames: Int) throws {
        self.value = value
        self.order = order
        self.description = description
        self.numberOfFrames = numberOfFrames
        if description.isNative422, description.isPlanar || description.columns % 2 != 0 {
            throw ImagePixelModule.unsupported("YBR_FULL_422 asks for planar configuration 0 and even columns")
        }
        if description.photometricInterpretation.isYBR, !description.isNative422,
            description.photometricInterpretation != .ybrFull
        {
            throw ImagePixelModule.unsupported(
                "\(description.photometricInterpretation.term) is not defined for native Pixel Data")
        }
        // Words of OW are swapped (PS3.5 7.3), so dcmtk swaps halves of a sample, pydicom and GDCM whole ones: what one
        // writes as a picture is noise to the other.
        if order.wordSize == 4, !description.isFloat {
            throw ImagePixelModule.unsupported("the byte order of 32-bit samples in big endian can't be told")
        }
        try checkLength()
    }

    /// Bytes that all frames take.
    private(set) var expectedCount = 0

    /// Too short is refused; too long is tolerated only where the rest is less than a frame and all zero, so that
    /// nothing can hide in it.
    private mutating func checkLength() throws {
        let (bits, overflow) = description.bitsPerFrame.multipliedReportingOverflow(by: numberOfFrames)
        guard !overflow, bits <= Int.max - 7, (bits + 7) / 8 <= value.count else {
            throw mismatch("Pixel Data is shorter than \(numberOfFrames) frames of its description")
        }
        expectedCount = (bits + 7) / 8
        guard value.count - expectedCount < max(2, description.bytesPerFrame) else {
            throw mismatch("Pixel Data holds more than \(numberOfFrames) frames of its description")
        }
        if value.count == expectedCount + 1, expectedCount % 2 == 1 { return }
        var start = expectedCount
        while start < value.count {
            let end = min(start + Self.chunk, value.count)
            guard try value.load(start..<end).allSatisfy({ $0 == 0 }) else {
                throw mismatch("Pixel Data is longer than \(numberOfFrames) frames of its description")
            }
            start = end
        }
    }

    /// The stored bytes of a frame, in little endian; the frame begins at bit 0 of the first byte.
    func frame(_ number: FrameNumber) throws -> NativeFrame {
        guard number.value <= numberOfFrames else {
            throw PixelRedactionError(.invalidRegion, "the image has no such frame", frame: number)
        }
        let firstBit = description.bitsPerFrame * number.index
        let lastBit = firstBit + description.bitsPerFrame
        var bytes = try order.load(firstBit / 8..<(lastBit + 7) / 8, of: value)
        if firstBit % 8 != 0 || lastBit % 8 != 0 {
            bytes = Self.shifted(bytes, by: firstBit % 8, bits: description.bitsPerFrame)
        }
        guard bytes.count == description.bytesPerFrame else { throw mismatch("Pixel Data ends early") }
        return NativeFrame(description: description, bytes: bytes)
    }

    /// Bits from `offset` on, moved to bit 0; what remains of the last byte is zero.
    private static func shifted(_ bytes: [UInt8], by offset: Int, bits: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: (bits + 7) / 8)
        for index in result.indices {
            let low = UInt16(bytes[index]) >> UInt16(offset)
            let high = index + 1 < bytes.count ? UInt16(bytes[index + 1]) << UInt16(8 - offset) : 0
            result[index] = UInt8(truncatingIfNeeded: low | high)
        }
        if bits % 8 != 0, let last = result.indices.last { result[last] &= UInt8((1 << (bits % 8)) - 1) }
        return result
    }

    private func mismatch(_ message: String) -> PixelRedactionError {
        PixelRedactionError(.pixelDataLengthMismatch, message)
    }
}

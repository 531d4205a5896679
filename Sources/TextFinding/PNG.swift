import CLeptonica

/// Writes pictures for reports.
public enum PNG {
    /// A PNG file.
    ///
    /// - Parameters:
    ///   - pixels: one byte a pixel (grey) or three (RGB), row by row.
    /// - Throws: `TextFindingError` `.encodingFailed` where sizes don't fit.
    public static func encode(_ pixels: [UInt8], width: Int, height: Int) throws -> [UInt8] {
        guard width > 0, height > 0, width <= 1 << 15, height <= 1 << 15,
            pixels.count == width * height || pixels.count == 3 * width * height
        else { throw TextFindingError(.encodingFailed, "a picture's bytes don't fit its size") }
        let samples = pixels.count / (width * height)
        guard let picture = pixCreate(Int32(width), Int32(height), samples == 1 ? 8 : 32),
            let words = pixGetData(picture)
        else { throw TextFindingError(.encodingFailed, "no memory for a picture") }
        defer {
            var pix: UnsafeMutablePointer<Pix>? = picture
            pixDestroy(&pix)
        }
        let perLine = Int(pixGetWpl(picture))
        for row in 0..<height {
            let line = words + row * perLine
            for column in 0..<width {
                let at = (row * width + column) * samples
                // Leptonica's pixels fill a word from its most significant byte.
                if samples == 1 {
                    line[column / 4] |= UInt32(pixels[at]) << UInt32(24 - column % 4 * 8)
                } else {
                    line[column] =
                        UInt32(pixels[at]) << 24 | UInt32(pixels[at + 1]) << 16 | UInt32(pixels[at + 2]) << 8
                }
            }
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard pixWriteMemPng(&bytes, &count, picture, 0) == 0, let bytes else {
            throw TextFindingError(.encodingFailed, "Leptonica wrote no PNG")
        }
        defer { lept_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}

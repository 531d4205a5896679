/// How the stored values of an image are laid out (PS3.3 C.7.6.3): what a codec needs to know, already checked.
public struct PixelDescription: Hashable, Sendable {
    public var rows: Int
    public var columns: Int
    public var samplesPerPixel: Int
    public var bitsAllocated: Int
    public var bitsStored: Int
    public var highBit: Int
    public var isSigned: Bool
    /// RRR…GGG…BBB… (1) rather than RGBRGB… (0); only with several samples.
    public var isPlanar: Bool
    public var photometricInterpretation: PhotometricInterpretation
    /// IEEE 754 numbers of 32 or 64 bits: Float or Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25).
    public var isFloat: Bool

    public init(
        rows: Int, columns: Int, samplesPerPixel: Int = 1, bitsAllocated: Int = 8, bitsStored: Int? = nil,
        highBit: Int? = nil, isSigned: Bool = false, isPlanar: Bool = false,
        photometricInterpretation: PhotometricInterpretation = .monochrome2, isFloat: Bool = false
    ) {
        self.rows = rows
        self.columns = columns
        self.samplesPerPixel = samplesPerPixel
        self.bitsAllocated = bitsAllocated
        self.bitsStored = bitsStored ?? bitsAllocated
        self.highBit = highBit ?? (self.bitsStored - 1)
        self.isSigned = isSigned
        self.isPlanar = isPlanar
        self.photometricInterpretation = photometricInterpretation
        self.isFloat = isFloat
    }

    public var pixelsPerFrame: Int { rows * columns }

    /// Bits of one frame in its native form. 4:2:2 stores two Y, one CB and one CR for two pixels (C.7.6.3.1.2).
    public var bitsPerFrame: Int {
        if isNative422 { return rows * columns * 2 * bitsAllocated }
        return rows * columns * samplesPerPixel * bitsAllocated
    }

    /// Bytes of one frame, rounded up. Frames of 1-bit images follow each other without padding (PS3.5 8.1.1).
    public var bytesPerFrame: Int { (bitsPerFrame + 7) / 8 }

    /// Whether native Pixel Data of this description is subsampled 4:2:2.
    public var isNative422: Bool { samplesPerPixel == 3 && photometricInterpretation == .ybrFull422 }

    /// The whole frame, in stored pixels.
    public var bounds: PixelRegion { PixelRegion(x: 0, y: 0, width: columns, height: rows) }
}

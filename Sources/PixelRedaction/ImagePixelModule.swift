import DICOMFile
import DICOMModel

/// The Image Pixel Module (PS3.3 C.7.6.3) or one of the two of floating point (C.7.6.24, C.7.6.25), checked: what comes
/// out of here never makes a later product overflow.
struct ImagePixelModule {
    let description: PixelDescription
    /// Number of Frames (0028,0008); 1 where it is absent, empty or 0, which the length of Pixel Data then has to
    /// confirm.
    let numberOfFrames: Int

    /// One frame in native form may have at most this many bytes.
    static let largestFrame = 1 << 30

    /// - Parameter tag: Pixel Data, Float Pixel Data or Double Float Pixel Data.
    init(_ dataSet: DataSet, of tag: Tag) throws {
        let isFloat = tag != .pixelData
        let samples = try Self.required(.samplesPerPixel, "Samples per Pixel", in: dataSet, from: 1...3)
        let term = dataSet.string(.photometricInterpretation) ?? ""
        let photometric = PhotometricInterpretation(term)
        guard let expected = photometric.samplesPerPixel else {
            throw Self.unsupported("the Photometric Interpretation is absent or unknown")
        }
        guard samples == expected else {
            throw Self.unsupported("\(samples) Samples per Pixel contradict \(photometric.term)")
        }
        let allocated = try Self.required(.bitsAllocated, "Bits Allocated", in: dataSet, from: 1...64)
        let widths = tag == .floatPixelData ? [32] : tag == .doubleFloatPixelData ? [64] : [1, 8, 16, 32]
        guard widths.contains(allocated) else {
            throw Self.unsupported("\(allocated) Bits Allocated are not supported in this kind of Pixel Data")
        }
        if isFloat {
            description = PixelDescription(
                rows: try Self.required(.rows, "Rows", in: dataSet, from: 1...65_535),
                columns: try Self.required(.columns, "Columns", in: dataSet, from: 1...65_535),
                bitsAllocated: allocated, photometricInterpretation: photometric, isFloat: true)
            guard photometric.isMonochrome else { throw Self.unsupported("float Pixel Data is grey") }
            try Self.check(description)
            numberOfFrames = try Self.frames(dataSet)
            return
        }
        let stored = try Self.required(.bitsStored, "Bits Stored", in: dataSet, from: 1...allocated)
        let highBit =
            dataSet.integer(.highBit) == nil
            ? stored - 1 : try Self.required(.highBit, "High Bit", in: dataSet, from: (stored - 1)...(allocated - 1))
        let representation = try Self.required(.pixelRepresentation, "Pixel Representation", in: dataSet, from: 0...1)
        let planar = samples > 1 ? dataSet.integer(.planarConfiguration) ?? 0 : 0
        guard (0...1).contains(planar) else {
            throw Self.unsupported("Planar Configuration \(planar) is not defined")
        }
        description = PixelDescription(
            rows: try Self.required(.rows, "Rows", in: dataSet, from: 1...65_535),
            columns: try Self.required(.columns, "Columns", in: dataSet, from: 1...65_535), samplesPerPixel: samples,
            bitsAllocated: allocated, bitsStored: stored, highBit: highBit, isSigned: representation == 1,
            isPlanar: planar == 1, photometricInterpretation: photometric)
        try Self.check(description)
        numberOfFrames = try Self.frames(dataSet)
    }

    private static func check(_ description: PixelDescription) throws {
        if description.bitsAllocated == 1, description.samplesPerPixel > 1 || description.isSigned {
            throw unsupported("1-bit images have one unsigned sample a pixel")
        }
        if description.samplesPerPixel > 1, description.isSigned {
            throw unsupported("signed colour samples are not supported")
        }
        if description.photometricInterpretation == .paletteColor,
            ![8, 16].contains(description.bitsAllocated) || description.isSigned
        {
            throw unsupported("PALETTE COLOR has 8 or 16 unsigned bits")
        }
        // 65,535² · 3 · 32 is far below what an Int holds.
        guard description.bytesPerFrame <= largestFrame else {
            throw unsupported("a frame of \(description.rows) × \(description.columns) is too large")
        }
    }

    private static func frames(_ dataSet: DataSet) throws -> Int {
        guard let element = dataSet[.numberOfFrames], !element.isEmpty else { return 1 }
        guard let count = dataSet.integer(.numberOfFrames), dataSet.strings(.numberOfFrames).count == 1 else {
            throw unsupported("Number of Frames is not a number")
        }
        guard (0...Int(Int32.max)).contains(count) else {
            throw PixelRedactionError(.pixelDataLengthMismatch, "Number of Frames is negative or absurd")
        }
        return max(count, 1)
    }

    private static func required(
        _ tag: Tag, _ name: String, in dataSet: DataSet, from allowed: ClosedRange<Int>
    ) throws -> Int {
        guard let value = dataSet.integer(tag) else { throw unsupported("\(name) is absent") }
        guard allowed.contains(value) else {
            throw unsupported("\(name) is \(value), expected \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return value
    }

    static func unsupported(_ message: String) -> PixelRedactionError {
        PixelRedactionError(.unsupportedPixelFormat, message)
    }
}

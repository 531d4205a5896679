import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// What the Image Pixel Module and Pixel Data may say and what becomes of it: a code, never a trap.
@Suite struct HostileHeaderTests {
    private func code(
        _ change: (inout DataSet) throws -> Void, _ synthetic: SyntheticObject? = nil
    ) throws -> PixelRedactionError.Code? {
        let description = PixelDescription(rows: 8, columns: 10, bitsAllocated: 16, bitsStored: 12)
        var object = try (synthetic ?? SyntheticObject(description)).object().reread()
        try change(&object.dataSet)
        do {
            let reader = try ImageReader(object)
            for number in reader.frameNumbers.prefix(3) { _ = try reader.frame(number) }
            _ = try reader.overlayPlanes().map { try $0.bitPlane() }
            return nil
        } catch let error as PixelRedactionError {
            return error.code
        }
    }

    @Test(arguments: [
        (DICOMModel.Tag.rows, 0), (.columns, 0), (.bitsAllocated, 0), (.bitsAllocated, 12), (.bitsAllocated, 65_535),
        (.bitsStored, 0), (.bitsStored, 17), (.bitsStored, 65_535), (.highBit, 3), (.highBit, 65_535),
        (.samplesPerPixel, 0), (.samplesPerPixel, 3), (.samplesPerPixel, 4), (.samplesPerPixel, 65_535),
        (.pixelRepresentation, 2),
    ])
    func `an impossible value is refused`(_ tag: DICOMModel.Tag, _ value: Int) throws {
        #expect(try code { $0.set(tag, .us, unsigned: [value]) } == .unsupportedPixelFormat)
    }

    @Test(arguments: [
        DICOMModel.Tag.rows, .columns, .bitsAllocated, .bitsStored, .samplesPerPixel, .photometricInterpretation,
    ])
    func `a missing attribute is refused`(_ tag: DICOMModel.Tag) throws {
        #expect(try code { $0[tag] = nil } == .unsupportedPixelFormat)
    }

    /// Only one of them would be looked at (PS3.3 C.7.6.24 allows one alone).
    @Test(arguments: [DICOMModel.Tag.floatPixelData, .doubleFloatPixelData])
    func `Pixel Data of two kinds is refused`(_ tag: DICOMModel.Tag) throws {
        #expect(
            try code { $0[tag] = DataElement(tag: tag, vr: .of, bytes: [UInt8](repeating: 0, count: 640)) }
                == .unsupportedPixelFormat)
    }

    @Test(arguments: [
        (0, 32, nil), (0, 64, PixelRedactionError.Code.unsupportedPixelFormat), (4, 32, .pixelDataLengthMismatch),
    ])
    func `float Pixel Data has the bits and the length that its kind asks for`(
        _ missing: Int, _ bits: Int, _ expected: PixelRedactionError.Code?
    ) throws {
        let description = PixelDescription(rows: 8, columns: 10, bitsAllocated: 32, isFloat: true)
        let found = try code(
            {
                $0.set(.bitsAllocated, .us, unsigned: [bits])
                $0[.floatPixelData] = DataElement(
                    tag: .floatPixelData, vr: .of, bytes: [UInt8](repeating: 0, count: 320 - missing))
            }, SyntheticObject(description))
        #expect(found == expected)
    }

    @Test(arguments: [
        ("0", nil), ("1", nil), ("-1", PixelRedactionError.Code.pixelDataLengthMismatch),
        ("2", .pixelDataLengthMismatch), ("2147483647", .pixelDataLengthMismatch),
        ("999999999999", .pixelDataLengthMismatch), ("9999999999999999999999", .unsupportedPixelFormat),
        ("many", .unsupportedPixelFormat),
    ])
    func `Number of Frames has to fit Pixel Data`(_ text: String, _ expected: PixelRedactionError.Code?) throws {
        #expect(try code { try $0.set(.numberOfFrames, .is, string: text) } == expected)
    }

    @Test(arguments: [
        (157, PixelRedactionError.Code.pixelDataLengthMismatch), (158, .pixelDataLengthMismatch), (160, nil),
        (161, nil), (320, .pixelDataLengthMismatch), (100_000, .pixelDataLengthMismatch),
    ])
    func `Pixel Data of another length is refused unless the rest is zero and short`(
        _ count: Int, _ expected: PixelRedactionError.Code?
    ) throws {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(try code { $0[.pixelData] = DataElement(tag: .pixelData, vr: .ow, bytes: bytes) } == expected)
    }

    @Test func `trailing bytes that hold something are refused`() throws {
        let bytes = [UInt8](repeating: 0, count: 170) + [7, 7]
        let change = { (dataSet: inout DataSet) in
            dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ow, bytes: bytes)
        }
        #expect(try code(change) == .pixelDataLengthMismatch)
    }

    @Test func `an image of 65,535 by 65,535 in a few bytes is refused at once`() throws {
        for syntax in [TransferSyntax.explicitVRLittleEndian, .rleLossless, .jpegLSLossless, .jpeg2000Lossless] {
            var synthetic = SyntheticObject(PixelDescription(rows: 8, columns: 10, bitsAllocated: 16, bitsStored: 12))
            synthetic.transferSyntax = syntax
            let result = try code(
                {
                    $0.set(.rows, .us, unsigned: [65_535])
                    $0.set(.columns, .us, unsigned: [65_535])
                }, synthetic)
            #expect(result == .unsupportedPixelFormat)
        }
    }

    @Test func `an object without Pixel Data says so`() throws {
        #expect(try code { $0[.pixelData] = nil } == .noPixels)
    }

    @Test func `an overlay that claims more bits than it has is refused`() throws {
        let result = try code { dataSet in
            dataSet.set(.overlayRows, .us, unsigned: [65_535])
            dataSet.set(.overlayColumns, .us, unsigned: [65_535])
            dataSet[.overlayData] = DataElement(tag: .overlayData, vr: .ow, bytes: [1, 2])
        }
        #expect(result == .undecodableOverlay)
    }

    @Test func `regions outside the frame or on frames that aren't there are errors`() throws {
        let synthetic = SyntheticObject(PixelDescription(rows: 8, columns: 10, bitsAllocated: 8))
        var object = try synthetic.object()
        let huge = PixelRegion(x: .max, y: .min, width: .max, height: 1)
        let outside = PixelRegion(x: 10, y: 0, width: 4, height: 4)
        for (frame, box) in [(0, huge), (0, outside), (1, PixelRegion(x: 0, y: 0, width: 1, height: 1))] {
            let error = #expect(throws: PixelRedactionError.self) {
                try PixelRedactor().redact(&object, regions: [FrameNumber(index: frame): [box]])
            }
            #expect(error?.code == .invalidRegion)
        }
    }
}

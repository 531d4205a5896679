import DICOMFile
import DICOMModel
import PixelRedaction
import Testing

/// Damaged encapsulated Pixel Data: held with a code that says why, and never masked in part.
@Suite struct DamagedStreamTests {
    private static let syntaxes: [TransferSyntax] = [
        .rleLossless, .jpegLossless, .jpegLosslessSV1, .jpegLSLossless, .jpegLSNearLossless, .jpeg2000Lossless,
        .jpeg2000,
    ]
    private let box = PixelRegion(x: 4, y: 4, width: 20, height: 12)

    private func object(_ syntax: TransferSyntax, frames: Int = 3) throws -> DICOMObject {
        var synthetic = SyntheticObject(PixelDescription(rows: 48, columns: 64, bitsAllocated: 16, bitsStored: 12))
        synthetic.transferSyntax = syntax
        synthetic.numberOfFrames = frames
        return try synthetic.object()
    }

    private func changed(
        _ object: DICOMObject, _ change: (inout EncapsulatedPixelData) throws -> Void
    ) throws -> DICOMObject {
        guard case .fragments(var pixelData)? = object.dataSet[.pixelData]?.value else { return object }
        try change(&pixelData)
        var result = object
        result.dataSet[.pixelData] = DataElement(tag: .pixelData, vr: .ob, value: .fragments(pixelData))
        return result
    }

    /// The code with which all frames are refused, or those that are asked for.
    private func code(_ object: DICOMObject) -> PixelRedactionError.Code? {
        do {
            let reader = try ImageReader(object)
            for number in reader.frameNumbers { _ = try reader.frame(number) }
            return nil
        } catch {
            return (error as? PixelRedactionError)?.code
        }
    }

    /// Masking every frame fails with `code` and leaves the object as it was.
    private func expectRefusal(_ object: DICOMObject, _ code: PixelRedactionError.Code) throws {
        #expect(self.code(object) == code)
        var redacted = object
        let frames = (0..<3).map(FrameNumber.init(index:))
        let error = #expect(throws: PixelRedactionError.self) {
            try PixelRedactor().redact(&redacted, regions: Dictionary(uniqueKeysWithValues: frames.map { ($0, [box]) }))
        }
        #expect(error?.code == code)
        #expect(try redacted.serialized() == object.serialized())
    }

    private func table(_ values: [Int]) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }

    @Test(arguments: syntaxes)
    func `a frame that is cut short in its fragment`(_ syntax: TransferSyntax) throws {
        let damaged = try changed(object(syntax)) { pixelData in
            let last = try pixelData.fragments[2].load()
            pixelData.fragments[2] = ValueBytes(last[..<(last.count / 4 * 2)])
        }
        try expectRefusal(damaged, .undecodableFrame)
    }

    @Test(arguments: [[0, 0, 0], [0, 1, 2], [8, 16, 24], [0]])
    func `a Basic Offset Table that says otherwise than the fragments`(_ offsets: [Int]) throws {
        let damaged = try changed(object(.jpegLSLossless)) { $0.basicOffsetTable = table(offsets) }
        try expectRefusal(damaged, .pixelDataLengthMismatch)
    }

    @Test func `a Basic Offset Table that changes the order of frames`() throws {
        let damaged = try changed(object(.rleLossless)) { pixelData in
            let sizes = pixelData.fragments.map { $0.count + 8 }
            pixelData.basicOffsetTable = table([0, sizes[0] + sizes[1], sizes[0]])
        }
        try expectRefusal(damaged, .pixelDataLengthMismatch)
    }

    @Test(arguments: [0, 1])
    func `an Extended Offset Table with a wrong offset or length`(_ which: Int) throws {
        var damaged = try changed(object(.rleLossless)) { $0.basicOffsetTable = [] }
        guard case .fragments(let pixelData)? = damaged.dataSet[.pixelData]?.value else { return }
        let sizes = pixelData.fragments.map(\.count)
        var values = [[0, sizes[0] + 8, sizes[0] + sizes[1] + 16], sizes]
        func set() {
            damaged.dataSet.set(.extendedOffsetTable, .ov, unsigned: values[0])
            damaged.dataSet.set(.extendedOffsetTableLengths, .ov, unsigned: values[1])
        }
        set()
        #expect(code(damaged) == nil)
        values[which][1] += 2
        set()
        try expectRefusal(damaged, .pixelDataLengthMismatch)
    }

    @Test(arguments: ["2", "4", "1"])
    func `a wrong Number of Frames`(_ text: String) throws {
        var damaged = try object(.jpegLosslessSV1)
        try damaged.dataSet.set(.numberOfFrames, .is, string: text)
        #expect(code(damaged) == .pixelDataLengthMismatch)
    }

    @Test func `a missing delimiter`() throws {
        let whole = try object(.rleLossless).serialized()
        let damaged = try DICOMObject.read(MemoryByteSource(Array(whole.dropLast(8))))
        #expect(damaged.warnings.map(\.code) == [.missingDelimiter])
        try expectRefusal(damaged, .pixelDataLengthMismatch)
    }

    @Test(arguments: [9, 200, 1500])
    func `a file that ends inside a fragment`(_ missing: Int) throws {
        let whole = try object(.rleLossless).serialized()
        let error = #expect(throws: DICOMFileError.self) {
            try DICOMObject.read(MemoryByteSource(Array(whole.dropLast(missing))))
        }
        #expect(error?.code == .truncated)
    }

    @Test func `a fragment's length beyond the file`() throws {
        var bytes = try object(.rleLossless, frames: 1).serialized()
        let start = try #require(bytes.indices.last { bytes[$0...].starts(with: [0xFE, 0xFF, 0x00, 0xE0]) })
        bytes.replaceSubrange((start + 4)..<(start + 8), with: [0xF0, 0xFF, 0xFF, 0x7F])
        let error = #expect(throws: DICOMFileError.self) { try DICOMObject.read(MemoryByteSource(bytes)) }
        #expect(error?.code == .truncated)
    }

    @Test func `a native value's length beyond the file`() throws {
        var bytes = try object(.explicitVRLittleEndian).serialized()
        let start = try #require(bytes.indices.last { bytes[$0...].starts(with: [0xE0, 0x7F, 0x10, 0x00]) })
        bytes.replaceSubrange((start + 8)..<(start + 12), with: [0xF0, 0xFF, 0xFF, 0x7F])
        let error = #expect(throws: DICOMFileError.self) { try DICOMObject.read(MemoryByteSource(bytes)) }
        #expect(error?.code == .truncated)
    }

    @Test(.enabled(if: MatrixRun.isPossible))
    func `arithmetic coding is called unsupported and not damaged`() throws {
        let cell = MatrixCase(
            transferSyntax: .jpegExtended, layout: .grey8, writer: .cjpeg(["-grayscale", "-arithmetic"]),
            decoder: ["dcmdjpeg"])
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["arithmetic"], in: folder)
        #expect(try code(DICOMObject.read(FileByteSource(path: folder["arithmetic"]))) == .unsupportedPixelFormat)
    }

    @Test(
        .enabled(if: MatrixRun.isPossible),
        arguments: [TransferSyntax.PixelCodec.jpegBaseline, .highThroughputJPEG2000],
        [2, 3])
    func `lossy JPEG and HTJ2K that are cut short`(_ codec: TransferSyntax.PixelCodec, _ parts: Int) throws {
        let cell = try #require(MatrixCase.all.first { $0.transferSyntax.codec == codec })
        let folder = try Dcmtk.Folder()
        try cell.write(to: folder["whole"], in: folder)
        let damaged = try changed(DICOMObject.read(FileByteSource(path: folder["whole"]))) { pixelData in
            let last = try pixelData.fragments[2].load()
            pixelData.basicOffsetTable = []
            pixelData.fragments[2] = ValueBytes(last[..<(last.count / parts / 2 * 2)])
        }
        #expect(code(damaged) == .undecodableFrame)
        var redacted = damaged
        #expect(throws: PixelRedactionError.self) {
            var options = PixelRedactor.Options()
            options.fallback = .jpegLossless
            _ = try PixelRedactor(options: options).redact(&redacted, regions: [FrameNumber(index: 2): [box]])
        }
        #expect(try redacted.serialized() == damaged.serialized())
    }
}

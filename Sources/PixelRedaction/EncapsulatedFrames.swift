import DICOMFile
import DICOMModel

/// Which fragments belong to which frame of encapsulated Pixel Data (PS3.5 A.4).
struct EncapsulatedFrames: Sendable {
    let pixelData: EncapsulatedPixelData
    /// The fragments of each frame: consecutive, and together all there are.
    let fragments: [Range<Int>]

    /// A frame's stream may have at most this many bytes.
    private static let largestStream = 1 << 30

    /// - Throws: `PixelRedactionError` with code `.pixelDataLengthMismatch` where fragments, offset tables and Number of
    ///   Frames leave any doubt on what belongs where, or where a fragment would belong to no frame.
    init(_ pixelData: EncapsulatedPixelData, numberOfFrames: Int, dataSet: DataSet) throws {
        self.pixelData = pixelData
        guard pixelData.hasDelimiter else { throw Self.mismatch("Pixel Data has no end: the file may be cut short") }
        do {
            let table = try dataSet.extendedOffsetTable()
            fragments = try pixelData.frames(count: numberOfFrames, extendedOffsets: table)
            guard pixelData.offsetTablesAgree(with: fragments, extendedOffsets: table) else {
                throw Self.mismatch("an offset table says otherwise than the fragments")
            }
        } catch let error as DICOMFileError where error.code == .malformed {
            throw Self.mismatch(error.message)
        }
        // A second picture must not hide behind the first.
        for range in fragments where range.count > 1 {
            for later in range.dropFirst() where try Self.beginsStream(pixelData.fragments[later]) {
                throw Self.mismatch("a fragment begins a stream that belongs to no frame")
            }
        }
    }

    /// The fragments of a frame, joined.
    func stream(_ number: FrameNumber) throws -> [UInt8] {
        guard fragments.indices.contains(number.index) else {
            throw PixelRedactionError(.invalidRegion, "the image has no such frame", frame: number)
        }
        let range = fragments[number.index]
        guard pixelData.fragments[range].reduce(0, { $0 + $1.count }) <= Self.largestStream else {
            throw PixelRedactionError(.undecodableFrame, "the frame's stream is too large", frame: number)
        }
        return try pixelData.stream(range)
    }

    /// Whether a fragment begins with SOI of JPEG and JPEG-LS, or SOC and SIZ of JPEG 2000.
    private static func beginsStream(_ fragment: ValueBytes) throws -> Bool {
        let head = try fragment.load(0..<4)
        return head.starts(with: [0xFF, 0xD8, 0xFF]) || head == [0xFF, 0x4F, 0xFF, 0x51]
    }

    private static func mismatch(_ message: String) -> PixelRedactionError {
        PixelRedactionError(.pixelDataLengthMismatch, message)
    }
}

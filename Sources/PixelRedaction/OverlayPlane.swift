import DICOMFile
public import DICOMModel

/// One frame of an Overlay Plane (PS3.3 C.9.2, C.9.3), not yet loaded.
public struct OverlayPlane: Sendable {
    /// 0x6000 to 0x60FE, even.
    public let group: UInt16
    /// Which frame of the overlay, counted from 1.
    public let overlayFrame: FrameNumber
    /// The frames of the image that it belongs to; nil for all.
    public let imageFrame: FrameNumber?
    /// Where the overlay's top left pixel lies in the image, both counted from 0; may be negative.
    public let x: Int
    public let y: Int
    public let rows: Int
    public let columns: Int
    /// The bit of Pixel Data that holds it, for an embedded overlay; nil where it has its own Overlay Data.
    public let embeddedBit: Int?

    enum Storage: Sendable {
        case overlayData(ValueBytes, ByteOrder)
        case pixelData(ImageReader)
    }

    let storage: Storage

    /// A box of the overlay, moved to the image's own pixels.
    public func inImage(_ region: PixelRegion) -> PixelRegion {
        PixelRegion(x: region.x &+ x, y: region.y &+ y, width: region.width, height: region.height)
    }

    /// Reads the bits.
    ///
    /// - Throws: `PixelRedactionError`; `DICOMFileError` where the file can't be read.
    public func bitPlane() throws -> BitPlane {
        switch storage {
        case .overlayData(let value, let order):
            let firstBit = rows * columns * overlayFrame.index
            let bytes = try order.load(firstBit / 8..<(firstBit + rows * columns + 7) / 8, of: value)
            let bits = (0..<(rows * columns)).map { pixel -> UInt8 in
                let bit = firstBit % 8 + pixel
                return bit / 8 < bytes.count ? bytes[bit / 8] >> UInt8(bit % 8) & 1 : 0
            }
            return BitPlane(rows: rows, columns: columns, bits: bits)
        case .pixelData(let reader):
            return try reader.frame(overlayFrame).bitPlane(bit: embeddedBit ?? 0)
        }
    }
}

extension NativeFrame {
    /// One bit of the first sample of every pixel.
    func bitPlane(bit: Int) -> BitPlane {
        let width = max(1, description.bitsAllocated / 8)
        let offsets = SampleOffsets(description)
        let bits = (0..<description.pixelsPerFrame).map { pixel -> UInt8 in
            let word = bytes.word(at: offsets.offset(pixel: pixel, channel: 0), bytes: width)
            return UInt8(truncatingIfNeeded: word >> UInt32(min(max(bit, 0), 31)) & 1)
        }
        return BitPlane(rows: description.rows, columns: description.columns, bits: bits)
    }
}

/// The elements of one overlay group, checked.
struct OverlayGroup {
    let group: UInt16
    let rows: Int
    let columns: Int
    let x: Int
    let y: Int
    let numberOfFrames: Int
    /// The first image frame; nil for an overlay that belongs to all.
    let imageFrameOrigin: Int?
    let embeddedBit: Int?
    let data: (value: ValueBytes, order: ByteOrder)?

    /// Nil where the group holds neither Overlay Data nor an embedded overlay.
    init?(_ group: UInt16, in dataSet: DataSet, description: PixelDescription?) throws {
        func tag(_ of: Tag) -> Tag { Tag(group, of.element) }
        self.group = group
        let origin = dataSet.integers(tag(.overlayOrigin))
        y = Self.clamped(origin.first ?? 1) - 1
        x = Self.clamped(origin.dropFirst().first ?? 1) - 1
        let count = dataSet.integer(tag(.numberOfFramesInOverlay))
        if let count, count > 0 {
            numberOfFrames = count
            imageFrameOrigin = max(1, dataSet.integer(tag(.imageFrameOrigin)) ?? 1)
        } else {
            numberOfFrames = 1
            imageFrameOrigin = nil
        }
        if let element = dataSet[tag(.overlayData)], !element.isEmpty {
            guard case .bytes(let value) = element.value else { throw Self.error("Overlay Data is no plain value") }
            data = (value, ByteOrder(isBigEndian: dataSet.isBigEndian, vr: element.vr, bitsAllocated: 1))
            embeddedBit = nil
            rows = try Self.size(tag(.overlayRows), in: dataSet)
            columns = try Self.size(tag(.overlayColumns), in: dataSet)
            let (bits, overflow) = (rows * columns).multipliedReportingOverflow(by: numberOfFrames)
            guard !overflow, bits <= Int.max - 7, (bits + 7) / 8 <= value.count else {
                throw Self.error("Overlay Data is shorter than its rows, columns and frames")
            }
        } else {
            guard let description, let bit = Self.embeddedBit(group, in: dataSet, description: description) else {
                return nil
            }
            data = nil
            embeddedBit = bit
            rows = description.rows
            columns = description.columns
        }
    }

    /// The Overlay Bit Position, if it really lies outside the stored bits.
    private static func embeddedBit(_ group: UInt16, in dataSet: DataSet, description: PixelDescription) -> Int? {
        guard let bit = dataSet.integer(Tag(group, Tag.overlayBitPosition.element)),
            dataSet.integer(Tag(group, Tag.overlayBitsAllocated.element)) == description.bitsAllocated,
            (0..<description.bitsAllocated).contains(bit), description.bitsAllocated >= 8
        else { return nil }
        return StoredBits(description).storedMask >> UInt32(bit) & 1 == 0 ? bit : nil
    }

    private static func size(_ tag: Tag, in dataSet: DataSet) throws -> Int {
        guard let value = dataSet.integer(tag), (1...65_535).contains(value) else {
            throw error("Overlay Rows or Columns is absent or 0")
        }
        return value
    }

    private static func clamped(_ value: Int) -> Int { min(max(value, -65_536), 65_536) }

    private static func error(_ message: String) -> PixelRedactionError {
        PixelRedactionError(.undecodableOverlay, message)
    }
}

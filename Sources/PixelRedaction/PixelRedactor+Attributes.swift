import DICOMFile
import DICOMModel
import PixelCodecs

/// What stands beside the samples and has to agree with them.
extension PixelRedactor {
    /// Overlay groups, and a bitmap shutter that one of them was the bitmap of (PS3.3 C.7.6.15).
    func removeOverlays(from dataSet: inout DataSet, summary: inout PixelRedactionSummary) {
        let clearedBits = summary.changes.contains(.unusedBitsCleared)
        var groups = Set<UInt16>()
        for element in dataSet.elements where element.tag.isOverlay { groups.insert(element.tag.group) }
        if !options.removesOverlays {
            // An overlay whose bits are gone would be an empty promise.
            groups = groups.filter { clearedBits && dataSet[Tag($0, Tag.overlayData.element)] == nil }
        }
        guard !groups.isEmpty else { return }
        dataSet.mapElements { groups.contains($0.tag.group) ? nil : $0 }
        Self.removeBitmapShutter(of: groups, from: &dataSet)
        summary.add(.overlaysRemoved)
    }

    private static func removeBitmapShutter(of groups: Set<UInt16>, from dataSet: inout DataSet) {
        guard let group = dataSet.integer(.shutterOverlayGroup), groups.contains(UInt16(truncatingIfNeeded: group))
        else { return }
        dataSet[.shutterOverlayGroup] = nil
        let shapes = dataSet.strings(.shutterShape).filter { $0 != "BITMAP" }
        let bytes = Array(shapes.joined(separator: "\\").utf8)
        dataSet[.shutterShape] = shapes.isEmpty ? nil : DataElement(tag: .shutterShape, vr: .cs, bytes: bytes)
    }

    /// Sequences at any level that hold Pixel Data: nobody looks at the pictures in them.
    ///
    /// - Returns: whether there were any.
    static func removeNestedImages(from dataSet: inout DataSet) -> Bool {
        var hasRemoved = false
        dataSet.mapElements { element in
            guard var items = element.items else { return element }
            if items.contains(where: \.hasPixelData) {
                hasRemoved = true
                return nil
            }
            var hasChanged = false
            for index in items.indices where removeNestedImages(from: &items[index]) { hasChanged = true }
            guard hasChanged else { return element }
            hasRemoved = true
            return element.replacing(.items(items))
        }
        return hasRemoved
    }

    /// Lossy Image Compression (0028,2110) = 01, which nothing ever takes back (PS3.3 C.7.6.1.1.5).
    static func stateLoss(in dataSet: inout DataSet, summary: inout PixelRedactionSummary) {
        guard dataSet.string(.lossyImageCompression) != "01" else { return }
        dataSet[.lossyImageCompression] = DataElement(tag: .lossyImageCompression, vr: .cs, ascii: "01")
        summary.add(.lossStated)
    }

    /// Smallest and Largest Image Pixel Value are what is really there: counted again for a single frame, removed (they
    /// are optional, PS3.3 C.7.6.3) for several. Those of a Series or a plane are removed.
    static func updateExtremes(_ object: inout DICOMObject, summary: inout PixelRedactionSummary) throws {
        let tags: [Tag] = [.smallestImagePixelValue, .largestImagePixelValue]
        let others = (0x0108...0x0111).map { Tag(0x0028, $0) }
        guard (tags + others).contains(where: { object.dataSet[$0] != nil }) else { return }
        for tag in others { object.dataSet[tag] = nil }
        let reader = try ImageReader(object)
        let range = reader.numberOfFrames == 1 ? try reader.frame(FrameNumber(index: 0)).storedValueRange : nil
        for (tag, value) in zip(tags, [range?.lowerBound, range?.upperBound]) where object.dataSet[tag] != nil {
            if let value, reader.description.samplesPerPixel == 1, reader.description.bitsStored <= 16 {
                object.dataSet.set(tag, reader.description.isSigned ? .ss : .us, unsigned: [value])
            } else {
                object.dataSet[tag] = nil
            }
        }
        summary.add(.pixelValueExtremesUpdated)
    }
}

extension ImageReader {
    /// Whether a frame's stream says that samples were lost: DCT, an irreversible wavelet, NEAR above 0.
    var isCompressedWithLoss: Bool {
        get throws {
            guard case .encapsulated(let frames, let codec) = storage, !transferSyntax.isLossless else { return false }
            return try frameNumbers.contains { codec.isLossy(try frames.stream($0)) }
        }
    }
}

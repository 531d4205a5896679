public import DICOMFile
import DICOMModel

extension ImageReader {
    /// Every frame of every Overlay Plane, embedded ones included: one for each image frame.
    ///
    /// - Throws: `PixelRedactionError` with code `.undecodableOverlay` where an overlay contradicts itself.
    public func overlayPlanes() throws -> [OverlayPlane] {
        try Self.overlayPlanes(dataSet: dataSet, reader: self)
    }

    /// The Overlay Planes of an object that may have no Pixel Data at all; embedded ones need a reader.
    public static func overlayPlanes(of object: DICOMObject) throws -> [OverlayPlane] {
        try overlayPlanes(dataSet: object.dataSet, reader: nil)
    }

    /// Overlay Planes with more frames than this are refused.
    private static let mostOverlayFrames = 100_000

    private static func overlayPlanes(dataSet: DataSet, reader: ImageReader?) throws -> [OverlayPlane] {
        var groups = Set<UInt16>()
        for element in dataSet.elements where element.tag.isOverlay { groups.insert(element.tag.group) }
        return try groups.sorted().flatMap { group -> [OverlayPlane] in
            guard let overlay = try OverlayGroup(group, in: dataSet, description: reader?.description) else {
                return []
            }
            guard let reader, overlay.embeddedBit != nil else { return try planes(overlay) }
            return reader.frameNumbers.map { embedded(overlay, frame: $0, reader: reader) }
        }
    }

    private static func planes(_ overlay: OverlayGroup) throws -> [OverlayPlane] {
        guard let data = overlay.data, overlay.numberOfFrames <= mostOverlayFrames else {
            throw PixelRedactionError(.undecodableOverlay, "an overlay has too many frames")
        }
        return (0..<overlay.numberOfFrames).map { index in
            let image = overlay.imageFrameOrigin.flatMap { FrameNumber($0.addingReportingOverflow(index).partialValue) }
            return OverlayPlane(
                group: overlay.group, overlayFrame: FrameNumber(index: index), imageFrame: image, x: overlay.x,
                y: overlay.y, rows: overlay.rows, columns: overlay.columns, embeddedBit: nil,
                storage: .overlayData(data.value, data.order))
        }
    }

    private static func embedded(_ overlay: OverlayGroup, frame: FrameNumber, reader: ImageReader) -> OverlayPlane {
        OverlayPlane(
            group: overlay.group, overlayFrame: frame, imageFrame: frame, x: 0, y: 0, rows: overlay.rows,
            columns: overlay.columns, embeddedBit: overlay.embeddedBit, storage: .pixelData(reader))
    }
}

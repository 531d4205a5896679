public import DICOMFile
public import DICOMModel
import PixelCodecs

/// Masks regions of Pixel Data in the object's own Transfer Syntax, or where that can't be in a lossless one, and changes
/// nothing else.
///
/// What the regions get is `FillRule`'s black. Image Type stays as it is: every sample outside the regions is the original
/// one. The history of Lossy Image Compression stays too, since nothing is compressed with loss again; where a stream is
/// compressed with loss and the header doesn't say so, it does afterwards.
public struct PixelRedactor: Sendable {
    public struct Options: Hashable, Sendable {
        /// Whether the elements of all overlay groups go.
        public var removesOverlays = true
        /// What frames are encoded in where the object's own Transfer Syntax can't carry what was masked.
        public var fallback = LosslessFallback.none

        public init() {}
    }

    public var options: Options

    public init(options: Options = Options()) {
        self.options = options
    }

    /// Masks `regions` and takes away what else may hold text beside the stored values: bits outside of them; comments,
    /// application data and bytes after the end in compressed streams; overlays; and in any object, with Pixel Data of its
    /// own or without, sequences whose items hold some: icons, thumbnails, whatever else nobody looks at.
    ///
    /// - Parameter regions: in stored pixels of each frame, cut to it; frames that aren't named keep their samples.
    /// - Throws: `PixelRedactionError`, and then `object` is unchanged; `DICOMFileError` where the file can't be read.
    public func redact(
        _ object: inout DICOMObject, regions: [FrameNumber: [PixelRegion]]
    ) throws -> PixelRedactionSummary {
        var result = object
        var summary = PixelRedactionSummary(transferSyntax: object.transferSyntax)
        if ImageReader.hasPixels(object) || !regions.isEmpty {
            let reader = try ImageReader(object)
            let boxes = try Self.checked(regions, reader: reader)
            if try reader.isCompressedWithLoss { Self.stateLoss(in: &result.dataSet, summary: &summary) }
            switch reader.storage {
            case .native(let pixelData):
                let redaction = NativeRedaction(reader: reader, pixelData: pixelData)
                try redaction.apply(boxes, to: &result.dataSet, summary: &summary)
            case .encapsulated(let frames, let codec):
                try redact(
                    EncapsulatedRedaction(reader: reader, frames: frames, codec: codec), boxes, &result,
                    summary: &summary)
            }
            if summary.transferSyntax == reader.transferSyntax, reader.transferSyntax != object.transferSyntax {
                result.setTransferSyntax(reader.transferSyntax)
                summary.add(.transferSyntaxCorrected)
            }
        }
        removeOverlays(from: &result.dataSet, summary: &summary)
        if Self.removeNestedImages(from: &result.dataSet) { summary.add(.nestedImagesRemoved) }
        if !summary.changedFrames.isEmpty { try Self.updateExtremes(&result, summary: &summary) }
        (summary.bytesBefore, summary.bytesAfter) = (object.dataSet.pixelBytes, result.dataSet.pixelBytes)
        object = result
        return summary
    }

    /// In the object's own Transfer Syntax, or where that can't carry the masks, or only in many more bytes, in the fallback.
    private func redact(
        _ own: EncapsulatedRedaction, _ boxes: [FrameNumber: [PixelRegion]], _ object: inout DICOMObject,
        summary: inout PixelRedactionSummary
    ) throws {
        let before = (object: object, summary: summary)
        let limit = SizeLimit(own.reader.transferSyntax, bytes: object.dataSet.pixelBytes)
        var own = own
        do {
            summary.transferSyntax = own.reader.transferSyntax
            try own.apply(boxes, to: &object.dataSet, summary: &summary)
            guard let excess = limit.excess(object.dataSet.pixelBytes) else { return }
            summary.add(.maskLargerThanContent)
            guard excess == .large else { return }
            throw PixelRedactionError(
                .unencodableFrame, "masked it would take many more bytes than it had",
                hint: "another pixels: fallback in the policy, such as jpeg-ls, may take fewer")
        } catch let error as PixelRedactionError {
            let isLarge = summary.changes.contains(.maskLargerThanContent)
            guard let syntax = options.fallback.transferSyntax,
                let reason = isLarge
                    ? .maskLargerThanContent : Self.reasonForFallback(error, codec: own.codec, reader: own.reader)
            else { throw error }
            (object, summary) = before
            try FallbackRedaction(reader: own.reader, transferSyntax: syntax)
                .apply(boxes, to: &object, summary: &summary)
            if isLarge, limit.excess(object.dataSet.pixelBytes) != nil { throw error }
            summary.add(reason)
        }
    }

    /// Nil for an error that another Transfer Syntax doesn't help against.
    private static func reasonForFallback(
        _ error: PixelRedactionError, codec: FrameCodec, reader: ImageReader
    ) -> PixelRedactionSummary.Change? {
        switch error.code {
        case .unencodableFrame: codec.canEncode || reader.isLossyJPEG ? .streamNotEncodable : .noEncoder
        case .unsupportedPixelFormat: .noBlackInStream
        default: nil
        }
    }

    // MARK: - Regions

    /// Cut to the frame; one that lies outside of it is an error, because what it was meant to cover isn't covered.
    private static func checked(
        _ regions: [FrameNumber: [PixelRegion]], reader: ImageReader
    ) throws -> [FrameNumber: [PixelRegion]] {
        var result: [FrameNumber: [PixelRegion]] = [:]
        let sane = -(1 << 31)...(1 << 31)
        for (frame, boxes) in regions where !boxes.isEmpty {
            guard frame.value <= reader.numberOfFrames else {
                throw PixelRedactionError(.invalidRegion, "the image has no such frame", frame: frame)
            }
            result[frame] = try boxes.map { box in
                guard [box.x, box.y, box.width, box.height].allSatisfy(sane.contains) else {
                    throw PixelRedactionError(.invalidRegion, "a region is absurdly large", frame: frame)
                }
                let visible = box.intersection(reader.description.bounds)
                guard !visible.isEmpty else {
                    throw PixelRedactionError(.invalidRegion, "a region lies outside of its frame", frame: frame)
                }
                return visible
            }
        }
        return result
    }
}

public import DICOMFile
public import DICOMModel
import PixelCodecs

/// Masks regions of Pixel Data in the object's own Transfer Syntax and changes nothing else.
///
/// What the regions get is `FillRule`'s black. Image Type and Lossy Image Compression stay as they are: every sample
/// outside the regions is the original one, and nothing is compressed with loss.
public struct PixelRedactor: Sendable {
    public struct Options: Hashable, Sendable {
        /// Whether the elements of all overlay groups go.
        public var removesOverlays = true
        /// Whether bits outside the stored ones are cleared in every frame where they hold anything.
        public var clearsUnusedBits = true
        /// Whether comments, application data and bytes after the end are taken out of compressed streams.
        public var stripsComments = true

        public init() {}
    }

    public var options: Options

    public init(options: Options = Options()) {
        self.options = options
    }

    /// Masks `regions` and takes away what else may hold text beside the stored values.
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
            switch reader.storage {
            case .native(let pixelData):
                let redaction = NativeRedaction(reader: reader, pixelData: pixelData, options: options)
                try redaction.apply(boxes, to: &result.dataSet, summary: &summary)
            case .encapsulated(let frames, let codec):
                let redaction = EncapsulatedRedaction(reader: reader, frames: frames, codec: codec, options: options)
                try redaction.apply(boxes, to: &result.dataSet, summary: &summary)
            }
        }
        removeOverlays(from: &result.dataSet, summary: &summary)
        if !summary.changedFrames.isEmpty { try Self.updateExtremes(&result, summary: &summary) }
        object = result
        return summary
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

    // MARK: - Beside the samples

    private func removeOverlays(from dataSet: inout DataSet, summary: inout PixelRedactionSummary) {
        let clearedBits = summary.changes.contains(.unusedBitsCleared)
        var groups = Set<UInt16>()
        for element in dataSet.elements where element.tag.isOverlay { groups.insert(element.tag.group) }
        if !options.removesOverlays {
            // An overlay whose bits are gone would be an empty promise.
            groups = groups.filter { clearedBits && dataSet[Tag($0, Tag.overlayData.element)] == nil }
        }
        guard !groups.isEmpty else { return }
        dataSet.mapElements { groups.contains($0.tag.group) ? nil : $0 }
        summary.add(.overlaysRemoved)
    }

    /// Smallest and Largest Image Pixel Value are what is really there: counted again for a single frame, removed (they
    /// are optional, PS3.3 C.7.6.3) for several.
    private static func updateExtremes(_ object: inout DICOMObject, summary: inout PixelRedactionSummary) throws {
        let tags: [Tag] = [.smallestImagePixelValue, .largestImagePixelValue]
        guard tags.contains(where: { object.dataSet[$0] != nil }) else { return }
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

extension PixelRedactor {
    /// The stored values, one for each channel, that a masked region gets.
    ///
    /// - Parameter inUse: the smallest and largest stored value of the frame; images of more than 8 bits that are signed
    ///   or dark at their high end need it (without it: the end of the stored range).
    public static func fill(
        for description: PixelDescription, rendering: RenderingDescription, inUse: ClosedRange<Int>? = nil
    ) -> [Int] {
        FillRule(description: description, rendering: rendering).values(inUse: inUse)
    }
}

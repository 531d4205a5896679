import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Ledger
import PixelRedaction
import TextFinding

extension WorkerTasks {
    /// Writes the redacted, de-identified object to the staging folder.
    func redact(_ request: RedactionRequest) throws -> RedactedFile {
        guard try FileCopy.digest(of: request.path).sha256 == request.sha256 else {
            throw WorkerStepError("input-changed")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let original = try read(request.path)
        var object = original
        let keepsOverlays = request.overlaysAreClear && !plan.isScriptOnly && deidentifier.profile.keepsClearOverlays
        var options = PixelRedactor.Options()
        options.removesOverlays = !keepsOverlays
        options.fallback = configuration.fallback
        // Pictures in items and overlays are met in objects without Pixel Data of their own as well.
        let pixels = try PixelRedactor(options: options).redact(&object, regions: Self.byFrame(request.regions))
        let redacted = Redacted(
            transferSyntaxUID: pixels.transferSyntax.uid.value, regions: Self.byRegion(pixels.masked),
            changedFrames: pixels.changedFrames.count, changes: pixels.changes.map(\.name), pictures: nil,
            pixelBytesIn: pixels.bytesBefore, pixelBytesOut: pixels.bytesAfter, milliseconds: 0)
        let hasPixels = ImageReader.hasPixels(original)
        let evidence: PixelEvidence = !hasPixels ? .noPixels : redacted.regions.isEmpty ? .examinedAndClean : .masked
        try plan.deidentify(
            &object, original: original.dataSet, by: deidentifier, pixels: evidence, keepsOverlays: keepsOverlays)
        try object.write(toPath: request.destination)
        var file = RedactedFile(
            redacted: redacted, sha256: try FileCopy.digest(of: request.destination).sha256, before: nil, after: nil)
        if request.wantsPictures {
            let regions = redacted.regions.isEmpty ? request.removed : redacted.regions
            // A frame that was masked was decoded; beside one that can't be drawn, text may have been removed all the same.
            let pictures =
                if redacted.regions.isEmpty {
                    try? Self.pictures(of: original, object, regions: regions)
                } else {
                    try Self.pictures(of: original, object, regions: regions)
                }
            file.before = pictures?.before
            file.after = pictures?.after
        }
        if hasPixels {
            // What can't be drawn small has no tile; whether it is fit to leave is for the second look to say.
            file.tiles = (try? Self.tiles(of: object, frames: request.tiles, regions: redacted.regions)) ?? []
        }
        file.redacted.milliseconds = Int((clock.now - start) / .milliseconds(1))
        return file
    }

    static func byFrame(_ regions: [MaskedRegion]) -> [FrameNumber: [PixelRegion]] {
        var result: [FrameNumber: [PixelRegion]] = [:]
        for masked in regions {
            for frame in masked.frames { result[frame, default: []].append(masked.region) }
        }
        return result
    }

    static func byRegion(_ frames: [FrameNumber: [PixelRegion]]) -> [MaskedRegion] {
        var result: [PixelRegion: Set<FrameNumber>] = [:]
        for (frame, regions) in frames {
            for region in regions { result[region, default: []].insert(frame) }
        }
        return result.map { MaskedRegion(frames: $0.value.sorted(), region: $0.key) }.sorted {
            ($0.region.y, $0.region.x, $0.region.height, $0.region.width)
                < ($1.region.y, $1.region.x, $1.region.height, $1.region.width)
        }
    }

    // MARK: - Pictures

    private static let pictureEdge = 480

    /// The first frame with regions before and after, nil without any; those of the one before are covered, so that neither
    /// shows what was there.
    private static func pictures(
        of original: DICOMObject, _ redacted: DICOMObject, regions: [MaskedRegion]
    ) throws -> (before: Data, after: Data)? {
        guard let frame = regions.first?.frames.first else { return nil }
        let covered = regions.filter { $0.frames.contains(frame) }.map(\.region)
        func picture(_ object: DICOMObject) throws -> DisplayImage {
            try Self.picture(of: try ImageReader(object), frame: frame, edge: pictureEdge)
        }
        let before = try picture(original).covering(covered)
        return (Data(try before.png()), Data(try picture(redacted).png()))
    }

    private static func picture(of reader: ImageReader, frame: FrameNumber, edge: Int) throws -> DisplayImage {
        let native = try reader.frame(frame)
        return try FrameRenderer(rendering: reader.rendering, description: native.description)
            .displayImage(of: native, maximalEdge: edge)
    }

    private static let tileEdge = 112

    /// Frames as they are released, small, with stripes where they are masked: black alone doesn't show on black.
    private static func tiles(
        of redacted: DICOMObject, frames: [FrameNumber], regions: [MaskedRegion]
    ) throws -> [TilePicture] {
        guard !frames.isEmpty else { return [] }
        let reader = try ImageReader(redacted)
        return try frames.filter { $0.index < reader.numberOfFrames }.map { frame in
            let covered = regions.filter { $0.frames.contains(frame) }.map(\.region)
            let picture = try picture(of: reader, frame: frame, edge: tileEdge).covering(covered)
            return TilePicture(frame: frame, png: Data(try picture.png()))
        }
    }
}

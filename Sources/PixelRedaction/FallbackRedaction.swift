import DICOMFile
import DICOMModel
import PixelCodecs

/// Encodes all frames of an encapsulated object in another, lossless Transfer Syntax, masked where they have regions:
/// what its own can't carry. Every other sample stays what the input decoded to.
///
/// Where the chosen Transfer Syntax can't carry the pixel format, or would not be smaller than native samples, the frames
/// are written native in Explicit VR Little Endian, which carries them all.
struct FallbackRedaction {
    let reader: ImageReader
    let transferSyntax: TransferSyntax

    /// - Throws: `PixelRedactionError` with code `.unencodableFrame` where frames differ in what their samples mean.
    func apply(
        _ regions: [FrameNumber: [PixelRegion]], to object: inout DICOMObject, summary: inout PixelRedactionSummary
    ) throws {
        let description = try reader.frame(FrameNumber(index: 0)).description
        let before = summary
        var syntax = transferSyntax
        if let streams = try streams(description, regions, summary: &summary) {
            try object.dataSet.replaceFrames(streams, count: reader.numberOfFrames)
        } else {
            syntax = .explicitVRLittleEndian
            summary = before
            let spool = try native(description, regions, summary: &summary)
            let value = ValueBytes(source: spool, range: 0..<spool.count)
            object.dataSet.setNativePixelData(value, vr: description.bitsAllocated > 8 ? .ow : .ob)
        }
        describe(description, in: &object.dataSet, syntax)
        object.setTransferSyntax(syntax)
        summary.transferSyntax = syntax
        if try reader.isCompressedWithLoss { summary.add(.framesEncodedReversibly) }
        if syntax != reader.transferSyntax { summary.add(.transferSyntaxChanged) }
    }

    // MARK: - Frames

    /// A frame, masked.
    private func frame(
        _ number: FrameNumber, _ description: PixelDescription, _ boxes: [PixelRegion]?,
        summary: inout PixelRedactionSummary
    ) throws -> NativeFrame {
        var frame = try reader.frame(number)
        guard frame.description == description, description.isSigned == reader.description.isSigned,
            !description.isNative422
        else {
            throw PixelRedactionError(
                .unencodableFrame, "the frame's stream describes its samples otherwise than the header or frame 1",
                frame: number)
        }
        let redaction = FrameRedaction(reader: reader)
        redaction.apply(boxes, to: &frame, number: number, summary: &summary)
        return frame
    }

    /// Streams of all frames; nil where the Transfer Syntax can't hold them or they are no smaller than native ones.
    private func streams(
        _ description: PixelDescription, _ regions: [FrameNumber: [PixelRegion]],
        summary: inout PixelRedactionSummary
    ) throws -> [FrameNumber: FrameStream]? {
        guard transferSyntax.isEncapsulated else { return nil }
        var declared = description
        declared.photometricInterpretation = photometricInterpretation(of: description, in: transferSyntax)
        guard let codec = try? FrameCodec(transferSyntax: transferSyntax, description: declared) else { return nil }
        let spool = try SpoolFile()
        let limit = description.bytesPerFrame * reader.numberOfFrames
        var streams: [FrameNumber: FrameStream] = [:]
        for number in reader.frameNumbers {
            let frame = try frame(number, description, regions[number], summary: &summary)
            guard let stream = try? codec.encode(frame) else { return nil }
            streams[number] = try FrameStream(stream, in: spool)
            guard spool.count < limit else { return nil }
        }
        return streams
    }

    /// All frames, one behind the other, padded to an even length.
    private func native(
        _ description: PixelDescription, _ regions: [FrameNumber: [PixelRegion]],
        summary: inout PixelRedactionSummary
    ) throws -> SpoolFile {
        let spool = try SpoolFile()
        for number in reader.frameNumbers {
            _ = try spool.append(try frame(number, description, regions[number], summary: &summary).bytes)
        }
        if spool.count % 2 == 1 { _ = try spool.append([0]) }
        return spool
    }

    // MARK: - Header

    private func describe(_ description: PixelDescription, in dataSet: inout DataSet, _ syntax: TransferSyntax) {
        let term = photometricInterpretation(of: description, in: syntax).term
        dataSet[.photometricInterpretation] = DataElement(tag: .photometricInterpretation, vr: .cs, ascii: term)
        if description.samplesPerPixel > 1 {
            dataSet.set(.planarConfiguration, .us, unsigned: [description.isPlanar ? 1 : 0])
        }
    }

    /// RGB gets JPEG 2000's reversible transformation, without which it is twice as large.
    private func photometricInterpretation(
        of description: PixelDescription, in syntax: TransferSyntax
    ) -> PhotometricInterpretation {
        let isRGB = description.photometricInterpretation == .rgb
        return isRGB && syntax == .jpeg2000Lossless ? .ybrRCT : description.photometricInterpretation
    }
}

/// What becomes of one decoded frame, whatever it is encoded in afterwards.
struct FrameRedaction {
    let reader: ImageReader

    /// - Parameter boxes: nil for a frame without a region.
    func apply(
        _ boxes: [PixelRegion]?, to frame: inout NativeFrame, number: FrameNumber,
        summary: inout PixelRedactionSummary
    ) {
        let clears = !reader.isLossyJPEG && frame.hasUnusedBitsSet
        if clears {
            frame.clearUnusedBits()
            summary.add(.unusedBitsCleared)
        }
        if clears || boxes != nil { summary.changedFrames.append(number) }
        guard let boxes else { return }
        let rule = FillRule(description: frame.description, rendering: reader.rendering)
        frame = frame.masked(
            FrameMask(
                regions: boxes, fill: rule.values(in: frame), description: frame.description,
                extendsSign: frame.extendsSign))
        summary.add(.regionsMasked)
        summary.masked[number] = boxes
    }
}

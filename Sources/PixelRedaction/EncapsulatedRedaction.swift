import DICOMFile
import DICOMModel
import PixelCodecs

/// Masks compressed frames: JPEG in the coefficient domain, others decoded and encoded again without loss; all other
/// frames keep their fragments. New streams of several frames wait in a spool until the file is written, so that
/// memory holds one frame.
struct EncapsulatedRedaction {
    let reader: ImageReader
    let frames: EncapsulatedFrames
    let codec: FrameCodec
    var memory = JPEGCoefficients.Memory()

    mutating func apply(
        _ regions: [FrameNumber: [PixelRegion]], to dataSet: inout DataSet, summary: inout PixelRedactionSummary
    ) throws {
        var streams: [FrameNumber: FrameStream] = [:]
        let spool = reader.numberOfFrames > 1 ? try SpoolFile() : nil
        for number in reader.frameNumbers {
            let original = try frames.stream(number)
            let stream = try changed(original, boxes: regions[number], number: number, summary: &summary)
            guard stream != original else { continue }
            streams[number] = try spool.map { try FrameStream(stream, in: $0) } ?? FrameStream(stream)
        }
        guard !streams.isEmpty else { return }
        let before = dataSet.pixelBytes
        try dataSet.replaceFrames(streams, count: reader.numberOfFrames)
        let native = reader.description.bytesPerFrame * reader.numberOfFrames
        if !reader.transferSyntax.isLossless, !reader.isLossyJPEG, dataSet.pixelBytes > max(native, before) {
            throw PixelRedactionError(.unencodableFrame, "masked without a second loss it would be larger than native")
        }
    }

    private mutating func changed(
        _ original: [UInt8], boxes: [PixelRegion]?, number: FrameNumber, summary: inout PixelRedactionSummary
    ) throws -> [UInt8] {
        try reader.checkTransferSyntax(of: original, number)
        var stream = original
        if let boxes {
            // A decoder may show a part of a damaged picture, and the masked stream would hide that.
            _ = try comments(of: original, number: number)
            stream = try mask(original, boxes: boxes, number: number, summary: &summary)
        } else if let cleared = try clearUnusedBits(original, number: number, summary: &summary) {
            stream = cleared
        }
        return try withoutCompany(stream, number: number, summary: &summary)
    }

    /// The stream without what it carries besides the picture.
    ///
    /// - Throws: `.undecodableFrame` where that can't be told, though a decoder may show a picture.
    private func withoutCompany(
        _ stream: [UInt8], number: FrameNumber, summary: inout PixelRedactionSummary
    ) throws -> [UInt8] {
        guard StreamComments.walks(codec.transferSyntax.codec) else {
            guard codec.carriesMoreThanPicture(stream) else { return stream }
            let frame = try reader.frame(number, from: stream)
            summary.add(.streamCommentsRemoved)
            return try encode(frame, replacing: stream, number: number, summary: &summary)
        }
        guard let comments = try comments(of: stream, number: number), !comments.isClean else { return stream }
        summary.add(.streamCommentsRemoved)
        return comments.stripped()
    }

    /// Nil for codecs whose streams aren't walked.
    private func comments(of stream: [UInt8], number: FrameNumber) throws -> StreamComments? {
        guard StreamComments.walks(codec.transferSyntax.codec) else { return nil }
        guard let comments = StreamComments(stream, codec: codec.transferSyntax.codec) else {
            throw PixelRedactionError(
                .undecodableFrame,
                "the frame's stream has no end, parts that are missing or there twice, another picture in it, or segments of no known kind",
                frame: number)
        }
        return comments
    }

    // MARK: - One frame

    private mutating func mask(
        _ stream: [UInt8], boxes: [PixelRegion], number: FrameNumber, summary: inout PixelRedactionSummary
    ) throws -> [UInt8] {
        if reader.isLossyJPEG {
            summary.changedFrames.append(number)
            summary.add(.regionsMasked)
            let (masked, really) = try maskCoefficients(stream, boxes: boxes, number: number)
            summary.masked[number] = really
            return masked
        }
        var frame = try reader.frame(number, from: stream)
        FrameRedaction(reader: reader).apply(boxes, to: &frame, number: number, summary: &summary)
        return try encode(frame, replacing: stream, number: number, summary: &summary)
    }

    private mutating func maskCoefficients(
        _ stream: [UInt8], boxes: [PixelRegion], number: FrameNumber
    ) throws -> ([UInt8], [PixelRegion]) {
        let photometric = reader.description.photometricInterpretation
        guard photometric != .paletteColor, !reader.description.isSigned else {
            throw PixelRedactionError(
                .unsupportedPixelFormat, "palette indices or signed values in lossy JPEG have no black", frame: number)
        }
        let rule = FillRule(description: reader.description, rendering: reader.rendering)
        do {
            let result = try JPEGCoefficients.mask(
                stream, regions: boxes, photometricInterpretation: photometric,
                level: photometric.isMonochrome ? rule.lossyJPEG(precision: reader.lossyPrecision(stream)).level : nil,
                memory: &memory)
            return (result.stream, result.masked)
        } catch {
            throw PixelRedactionError(
                .unencodableFrame, "the JPEG coefficients can't be changed\(error.codecReason)", frame: number)
        }
    }

    /// Nil where there is nothing to clear, or where the stream can't hold more than the stored bits.
    private func clearUnusedBits(
        _ stream: [UInt8], number: FrameNumber, summary: inout PixelRedactionSummary
    ) throws -> [UInt8]? {
        guard reader.mayHoldUnusedBits(stream) else { return nil }
        var frame = try reader.frame(number, from: stream)
        guard frame.hasUnusedBitsSet else { return nil }
        FrameRedaction(reader: reader).apply(nil, to: &frame, number: number, summary: &summary)
        return try encode(frame, replacing: stream, number: number, summary: &summary)
    }

    private func encode(
        _ frame: NativeFrame, replacing stream: [UInt8], number: FrameNumber, summary: inout PixelRedactionSummary
    ) throws -> [UInt8] {
        if !reader.transferSyntax.isLossless { summary.add(.framesEncodedReversibly) }
        do {
            return try codec.encode(frame, replacing: stream)
        } catch {
            throw PixelRedactionError(
                .unencodableFrame,
                "the changed frame can't be encoded in \(reader.transferSyntax.name)\(error.codecReason)", frame: number
            )
        }
    }
}

extension Error {
    /// What a codec says, to go behind a message; its messages hold no image content.
    var codecReason: String { (self as? PixelCodecError).map { ": " + $0.message } ?? "" }
}

import DICOMFile
import DICOMModel

/// Masks native Pixel Data without loading it: the new value computes its bytes when it is read.
struct NativeRedaction {
    let reader: ImageReader
    let pixelData: NativePixelData

    func apply(
        _ regions: [FrameNumber: [PixelRegion]], to dataSet: inout DataSet, summary: inout PixelRedactionSummary
    ) throws {
        let withUnusedBits = try framesWithUnusedBits()
        var masks: [Int: FrameMask] = [:]
        for (number, boxes) in regions {
            let mask = try mask(boxes.map(aligned), frame: number, clears: !withUnusedBits.isEmpty)
            masks[number.index] = mask
            summary.masked[number] = mask.regions
        }
        summary.changedFrames = Set(regions.keys).union(withUnusedBits).sorted()
        if !masks.isEmpty { summary.add(.regionsMasked) }
        if !withUnusedBits.isEmpty { summary.add(.unusedBitsCleared) }
        guard !summary.changedFrames.isEmpty, let element = dataSet[reader.tag] else { return }
        let source = MaskedByteSource(
            original: pixelData, masks: masks, clearsUnusedBits: !withUnusedBits.isEmpty)
        dataSet[reader.tag] = element.replacing(.bytes(ValueBytes(source: source, range: 0..<source.count)))
    }

    private func framesWithUnusedBits() throws -> [FrameNumber] {
        guard StoredBits(reader.description).hasUnusedBits else { return [] }
        return try reader.frameNumbers.filter { try pixelData.frame($0).hasUnusedBitsSet }
    }

    /// Widened to whole 4:2:2 pairs, and to what is the same in both readings of big-endian OW.
    ///
    /// Samples of 8 bits and 1 bit should be swapped there by words (PS3.5 7.3, 8.1.1), but files and readers exist that
    /// don't. Where rows hold whole words, whole words are masked; elsewhere a word more on both sides covers the text.
    private func aligned(_ box: PixelRegion) -> PixelRegion {
        let description = reader.description
        var box = box
        if pixelData.order.wordSize > max(1, description.bitsAllocated / 8) {
            let pixels = description.bitsAllocated == 1 ? 16 : 2
            if description.columns % pixels == 0, !description.isPlanar || description.pixelsPerFrame % 2 == 0 {
                box = box.aligned(toWidth: pixels, height: 1, within: description.bounds)
            } else {
                box = PixelRegion(x: box.x - pixels, y: box.y, width: box.width + 2 * pixels, height: box.height)
                    .intersection(description.bounds)
            }
        }
        guard description.isNative422 else { return box }
        return box.aligned(toWidth: 2, height: 1, within: description.bounds)
    }

    private func mask(_ boxes: [PixelRegion], frame number: FrameNumber, clears: Bool) throws -> FrameMask {
        let rule = FillRule(description: reader.description, rendering: reader.rendering)
        if reader.description.isFloat {
            return FrameMask(regions: boxes, words: [rule.floatWord(in: try pixelData.frame(number))])
        }
        let asksForFrame = rule.dependsOnValuesInUse || reader.description.isSigned
        let frame = asksForFrame ? try pixelData.frame(number) : nil
        return FrameMask(
            regions: boxes, fill: frame.map(rule.values) ?? rule.values(inUse: nil), description: reader.description,
            extendsSign: clears || frame?.extendsSign ?? true)
    }
}

import DICOMModel

/// The frame seen last and what was found on it, so that only what changed needs looking at.
struct FrameMemory {
    private let frame: NativeFrame
    private let rendering: RenderingDescription
    private let pass: InspectionPass
    let regions: [TextRegion]

    init(_ frame: NativeFrame, rendering: RenderingDescription, pass: InspectionPass, regions: [TextRegion]) {
        self.frame = frame
        self.rendering = rendering
        self.pass = pass
        self.regions = regions
    }

    private static let tile = 32
    /// Text that a change uncovers or continues may begin this far away.
    private static let reach = 64

    /// The boxes in which `other` differs from this frame, widened; nil where it must be searched as a whole.
    func changes(to other: NativeFrame, rendering: RenderingDescription, pass: InspectionPass) -> [PixelRegion]? {
        let description = frame.description
        guard other.description == description, rendering == self.rendering, pass == self.pass,
            description.bitsAllocated % 8 == 0, other.bytes.count == frame.bytes.count,
            frame.bytes.count >= description.bytesPerFrame
        else { return nil }
        var boxes = changedTiles(in: other)
        boxes = PixelRegion.united(boxes.map { $0.expanded(by: Self.reach, within: description.bounds) })
        for region in regions {
            for index in boxes.indices where boxes[index].intersects(region.region) {
                boxes[index] = boxes[index].union(region.region.expanded(by: 16, within: description.bounds))
            }
        }
        // Pairs of pixels share their colour in 4:2:2.
        boxes = PixelRegion.united(
            boxes.map { $0.aligned(toWidth: 2, height: 1, within: description.bounds) })
        guard boxes.reduce(0, { $0 + $1.area }) * 10 <= description.pixelsPerFrame * 9 else { return nil }
        return boxes
    }

    private func changedTiles(in other: NativeFrame) -> [PixelRegion] {
        let description = frame.description
        let (planes, pixelSize) = description.byteLayout
        let rowSize = description.columns * pixelSize
        var boxes: [PixelRegion] = []
        frame.bytes.withUnsafeBytes { old in
            other.bytes.withUnsafeBytes { new in
                for top in stride(from: 0, to: description.rows, by: Self.tile) {
                    let height = min(Self.tile, description.rows - top)
                    for left in stride(from: 0, to: description.columns, by: Self.tile) {
                        let width = min(Self.tile, description.columns - left)
                        let differs = (0..<planes * height).contains { line in
                            let row = line / height * description.rows + top + line % height
                            let start = row * rowSize + left * pixelSize
                            let range = start..<start + width * pixelSize
                            return !old[range].elementsEqual(new[range])
                        }
                        if differs { boxes.append(PixelRegion(x: left, y: top, width: width, height: height)) }
                    }
                }
            }
        }
        return boxes
    }
}

extension NativeFrame {
    /// A part of a frame as a frame of its own. Samples of whole bytes; 4:2:2 only at even columns.
    func cropped(to box: PixelRegion) -> NativeFrame {
        let (planes, pixelSize) = description.byteLayout
        var part = NativeFrame(description: description, bytes: [])
        (part.description.columns, part.description.rows) = (box.width, box.height)
        part.bytes.reserveCapacity(planes * box.area * pixelSize)
        for plane in 0..<planes {
            for row in box.y..<box.maxY {
                let start = ((plane * description.rows + row) * description.columns + box.x) * pixelSize
                part.bytes += bytes[start..<start + box.width * pixelSize]
            }
        }
        return part
    }
}

extension PixelDescription {
    /// How many planes a frame of whole bytes has, and how many bytes a pixel takes in each.
    fileprivate var byteLayout: (planes: Int, pixelSize: Int) {
        let samples = isNative422 ? 2 : isPlanar ? 1 : samplesPerPixel
        return (isPlanar ? samplesPerPixel : 1, samples * bitsAllocated / 8)
    }
}

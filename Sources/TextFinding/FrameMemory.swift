import DICOMModel
import Glibc

/// The frames seen last and what was found on them, so that only what is new needs looking at.
struct FrameMemory {
    private let frame: NativeFrame
    /// The frame before it, and how many were seen since one was searched as a whole.
    private let earlier: NativeFrame?
    private let age: Int
    private let rendering: RenderingDescription
    private let pass: InspectionPass
    let regions: [TextRegion]

    /// After a frame that was searched as a whole.
    init(_ frame: NativeFrame, rendering: RenderingDescription, pass: InspectionPass, regions: [TextRegion]) {
        (self.frame, earlier, age) = (frame, nil, 0)
        (self.rendering, self.pass, self.regions) = (rendering, pass, regions)
    }

    /// After a frame of which only the changes were searched.
    init(_ frame: NativeFrame, after last: FrameMemory, regions: [TextRegion]) {
        (self.frame, earlier, age) = (frame, last.frame, last.age + 1)
        (rendering, pass, self.regions) = (last.rendering, last.pass, regions)
    }

    private static let tile = 32
    /// Text that a change uncovers or continues may begin this far away.
    private static let reach = 64
    /// The same beside what no motion explains.
    private static let reachOfMotion = 24
    /// So near to text nothing may have moved: what moves, moves less than this.
    private static let surroundings = 16
    /// Frames that follow each other this long are searched as a whole once more: what comes up slowly enough is new nowhere.
    private static let oldest = 100

    /// The boxes in which `other` shows something new, widened; nil where it must be searched as a whole.
    ///
    /// New is what differs, unless an earlier frame explains it: the same up to noise, a few pixels away; at text only what
    /// stayed in its place.
    func changes(to other: NativeFrame, rendering: RenderingDescription, pass: InspectionPass) -> [PixelRegion]? {
        let description = frame.description
        guard other.description == description, rendering == self.rendering, pass == self.pass,
            description.bitsAllocated % 8 == 0, other.bytes.count == frame.bytes.count,
            frame.bytes.count >= description.bytesPerFrame
        else { return nil }
        let tiles = changedTiles(in: other)
        guard !tiles.isEmpty else { return [] }
        var boxes: [PixelRegion]
        if description.showsMotion(under: rendering) {
            guard age < Self.oldest else { return nil }
            let text = regions.map { $0.region.expanded(by: Self.surroundings, within: description.bounds) }
            let earlier = [frame] + (earlier.map { [$0] } ?? [])
            boxes = other.unexplained(by: earlier, in: tiles, text: text)
                .map { $0.expanded(by: Self.reachOfMotion, within: description.bounds) }
        } else {
            boxes = tiles.map { $0.expanded(by: Self.reach, within: description.bounds) }
        }
        boxes = PixelRegion.united(boxes)
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
                            return !UnsafeRawBufferPointer(rebasing: old[range]).isSame(
                                as: UnsafeRawBufferPointer(rebasing: new[range]))
                        }
                        if differs { boxes.append(PixelRegion(x: left, y: top, width: width, height: height)) }
                    }
                }
            }
        }
        return boxes
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard let own = baseAddress, let others = other.baseAddress else { return isEmpty && other.isEmpty }
        return count == other.count && memcmp(own, others, count) == 0
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

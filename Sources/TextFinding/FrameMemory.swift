import DICOMModel
import Glibc

/// The frames seen last and what was found on them, so that only what is new needs looking at.
struct FrameMemory {
    private let frame: NativeFrame
    /// Where motion is followed, some frames before it, the last one first, and where they show text.
    private let before: [(frame: NativeFrame, text: [PixelRegion])]
    /// By block, how it usually differs from one frame to the next.
    private let usual: [UInt16]
    /// How many frames were seen since one was searched as a whole.
    private let age: Int
    private let rendering: RenderingDescription
    private let pass: InspectionPass
    let regions: [TextRegion]

    /// So many frames explain the next one: noise that happens to be far from one of them is seldom far from all.
    private static let most = 4

    /// After a frame that was searched as a whole.
    init(_ frame: NativeFrame, rendering: RenderingDescription, pass: InspectionPass, regions: [TextRegion]) {
        (self.frame, before, usual, age) = (frame, [], [], 0)
        (self.rendering, self.pass, self.regions) = (rendering, pass, regions)
    }

    /// After a frame of which only the changes were searched.
    init(_ frame: NativeFrame, after last: FrameMemory, changes: FrameChanges, regions: [TextRegion]) {
        (self.frame, usual) = (frame, changes.usual)
        let showsMotion = frame.description.showsMotion(under: last.rendering)
        before = showsMotion ? Array(last.explaining.prefix(Self.most - 1)) : []
        age = last.age + 1
        (rendering, pass, self.regions) = (last.rendering, last.pass, regions)
    }

    /// What may explain the next frame.
    private var explaining: [(frame: NativeFrame, text: [PixelRegion])] { [(frame, regions.map(\.region))] + before }

    private static let tile = 32
    /// Text that a change uncovers or continues may begin this far away.
    private static let reach = 64
    /// The same beside what no motion explains.
    private static let reachOfMotion = 16
    /// So near to text nothing may have moved: what moves, moves less than this.
    private static let surroundings = 16
    /// What changes so near to text changes the text.
    private static let margin = 8
    /// Frames that follow each other this long are searched as a whole once more: what comes up slowly enough is new nowhere.
    private static let oldest = 200

    /// What `other` shows that is new; nil where it must be searched as a whole.
    ///
    /// New is what differs, unless an earlier frame explains it: the same up to noise, a few pixels away; at the last one's
    /// text only what stayed in its place. Text of the others explains nothing: it may have gone away and come back.
    func changes(to other: NativeFrame, rendering: RenderingDescription, pass: InspectionPass) -> FrameChanges? {
        let description = frame.description
        guard other.description == description, rendering == self.rendering, pass == self.pass,
            description.bitsAllocated % 8 == 0, other.bytes.count == frame.bytes.count,
            frame.bytes.count >= description.bytesPerFrame
        else { return nil }
        var new = changedTiles(in: other)
        guard !new.isEmpty else { return FrameChanges(parts: [], kept: regions, usual: usual) }
        let showsMotion = description.showsMotion(under: rendering)
        var usual = usual
        if showsMotion {
            guard age < Self.oldest else { return nil }
            new = other.unexplained(by: explaining, in: new, surroundings: Self.surroundings, usual: &usual)
        }
        guard new.reduce(0, { $0 + $1.area }) * 2 <= description.pixelsPerFrame else { return nil }
        let touched = new.map { $0.expanded(by: Self.margin) }
        var (kept, parts): ([TextRegion], [PixelRegion]) = ([], [])
        for region in regions {
            if touched.contains(where: { $0.intersects(region.region) }) {
                parts.append(region.region.expanded(by: 16, within: description.bounds))
            } else {
                kept.append(region)
            }
        }
        let reach = showsMotion ? Self.reachOfMotion : Self.reach
        parts += new.map { $0.expanded(by: reach, within: description.bounds) }
        return FrameChanges(parts: parts, kept: kept, usual: usual)
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

/// What is new in a frame.
struct FrameChanges {
    /// Where it may be, widened; they may overlap.
    var parts: [PixelRegion]
    /// The text known from earlier frames that nothing new touches.
    let kept: [TextRegion]
    /// How blocks usually differ, this frame included.
    let usual: [UInt16]

    /// Beyond the parts so much of the frame is shown with them: what little there is to see decides how it is rendered.
    private static let surroundings = 40

    /// Boxes that hold all parts and don't meet; 4:2:2 pairs aren't parted.
    func boxes(within bounds: PixelRegion) -> [PixelRegion] {
        PixelRegion.united(
            PixelRegion.united(parts).map {
                $0.expanded(by: Self.surroundings).aligned(toWidth: 2, height: 1, within: bounds)
            })
    }

    /// Whether the parts and what is kept cover all of a box.
    func cover(_ box: PixelRegion) -> Bool {
        let covers = parts + kept.map(\.region)
        return (box.y..<box.maxY).allSatisfy { y in
            var x = box.x
            while x < box.maxX {
                guard let next = covers.lazy.filter({ $0.contains(x: x, y: y) }).map(\.maxX).max() else { return false }
                x = next
            }
            return true
        }
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

public import DICOMModel

/// A picture of one byte a pixel, row by row from the top left corner: 0 is black, 255 is white.
public struct GrayImage: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// `width * height` bytes.
    public let pixels: [UInt8]

    /// Nil where a side is not positive or `pixels` hasn't exactly `width * height` bytes.
    public init?(width: Int, height: Int, pixels: [UInt8]) {
        guard width > 0, height > 0 else { return nil }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, count == pixels.count else { return nil }
        self.init(checkedWidth: width, height: height, pixels: pixels)
    }

    /// For callers in this module that made the pixels themselves.
    init(checkedWidth width: Int, height: Int, pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The whole picture, the origin at its top left corner.
    public var bounds: PixelRegion { PixelRegion(x: 0, y: 0, width: width, height: height) }

    /// The part of the picture inside `region`; nil where they don't meet.
    public func cropped(to region: PixelRegion) -> GrayImage? {
        let box = region.intersection(bounds)
        guard !box.isEmpty else { return nil }
        if box == bounds { return self }
        let cropped = [UInt8](unsafeUninitializedCapacity: box.width * box.height) { target, count in
            pixels.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                for row in 0..<box.height {
                    (to + row * box.width).initialize(
                        from: from + (box.y + row) * width + box.x, count: box.width)
                }
            }
            count = box.width * box.height
        }
        return GrayImage(checkedWidth: box.width, height: box.height, pixels: cropped)
    }

    /// Black for white and white for black.
    public func inverted() -> GrayImage {
        let inverse = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                for index in 0..<source.count { target[index] = ~source[index] }
            }
            count = pixels.count
        }
        return GrayImage(checkedWidth: width, height: height, pixels: inverse)
    }
}

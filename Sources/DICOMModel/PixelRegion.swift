/// An upright box of stored pixels; the origin is the top left corner of the frame, x counts columns, y rows.
public struct PixelRegion: Hashable, Sendable, Codable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    public var maxX: Int { x + width }
    public var maxY: Int { y + height }
    public var area: Int { isEmpty ? 0 : width * height }
    public var isEmpty: Bool { width <= 0 || height <= 0 }

    public func contains(x column: Int, y row: Int) -> Bool {
        column >= x && column < maxX && row >= y && row < maxY
    }

    public func contains(_ other: PixelRegion) -> Bool {
        other.x >= x && other.y >= y && other.maxX <= maxX && other.maxY <= maxY
    }

    public func intersects(_ other: PixelRegion) -> Bool { !intersection(other).isEmpty }

    /// What both cover; empty where they don't meet.
    public func intersection(_ other: PixelRegion) -> PixelRegion {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return PixelRegion(
            x: left, y: top, width: max(0, min(maxX, other.maxX) - left), height: max(0, min(maxY, other.maxY) - top))
    }

    /// The smallest box around both.
    public func union(_ other: PixelRegion) -> PixelRegion {
        if isEmpty { return other }
        if other.isEmpty { return self }
        let left = min(x, other.x)
        let top = min(y, other.y)
        return PixelRegion(x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
    }

    /// Grown by `margin` pixels on each side.
    public func expanded(by margin: Int) -> PixelRegion {
        PixelRegion(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }

    /// Grown by `margin` pixels on each side, kept inside `bounds`.
    public func expanded(by margin: Int, within bounds: PixelRegion) -> PixelRegion {
        expanded(by: margin).intersection(bounds)
    }

    /// Grown outwards to multiples of a block (an MCU, a 4:2:2 pair), kept inside `bounds`.
    public func aligned(toWidth blockWidth: Int, height blockHeight: Int, within bounds: PixelRegion) -> PixelRegion {
        let left = x / blockWidth * blockWidth
        let top = y / blockHeight * blockHeight
        let right = (maxX + blockWidth - 1) / blockWidth * blockWidth
        let bottom = (maxY + blockHeight - 1) / blockHeight * blockHeight
        return PixelRegion(x: left, y: top, width: right - left, height: bottom - top).intersection(bounds)
    }
}

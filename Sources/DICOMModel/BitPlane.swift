/// One frame of an Overlay Plane, or one unused bit of the stored values, as a picture of its own.
public struct BitPlane: Hashable, Sendable {
    public var rows: Int
    public var columns: Int
    /// One byte a pixel, row by row, 0 or 1.
    public var bits: [UInt8]

    public init(rows: Int, columns: Int, bits: [UInt8]) {
        self.rows = rows
        self.columns = columns
        self.bits = bits
    }
}

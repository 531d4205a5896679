/// Where a file is written to.
public protocol ByteSink {
    mutating func write(_ bytes: ArraySlice<UInt8>) throws

    /// Writes bytes of a source without loading them, where the two can do that; false where they can't, with nothing
    /// written.
    mutating func copy(_ range: Range<Int>, of source: any ByteSource) throws -> Bool
}

extension ByteSink {
    public mutating func copy(_ range: Range<Int>, of source: any ByteSource) throws -> Bool { false }
}

/// A sink that keeps everything in memory.
public struct MemoryByteSink: ByteSink, Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ bytes: ArraySlice<UInt8>) {
        self.bytes += bytes
    }
}

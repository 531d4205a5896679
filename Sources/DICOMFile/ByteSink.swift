/// Where a file is written to.
public protocol ByteSink {
    mutating func write(_ bytes: ArraySlice<UInt8>) throws
}

/// A sink that keeps everything in memory.
public struct MemoryByteSink: ByteSink, Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ bytes: ArraySlice<UInt8>) {
        self.bytes += bytes
    }
}

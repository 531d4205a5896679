/// Random access to the bytes of a file or of memory.
public protocol ByteSource: Sendable {
    var count: Int { get }

    /// Exactly the bytes of `range`; throws `DICOMFileError` with code `.readFailed` where the source is shorter.
    func read(_ range: Range<Int>) throws -> [UInt8]
}

/// Bytes in memory.
public struct MemoryByteSource: ByteSource {
    package let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var count: Int { bytes.count }

    public func read(_ range: Range<Int>) throws -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
            throw DICOMFileError(.readFailed, "the bytes end before the value does")
        }
        return Array(bytes[range])
    }
}

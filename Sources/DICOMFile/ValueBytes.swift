/// The bytes of a value: owned, or still in the file they came from, so that Pixel Data isn't loaded to read a header.
public struct ValueBytes: Sendable {
    private enum Storage: Sendable {
        case memory(ArraySlice<UInt8>)
        case source(any ByteSource, Range<Int>)
    }

    private let storage: Storage

    public init(_ bytes: [UInt8]) {
        storage = .memory(bytes[...])
    }

    public init(_ bytes: ArraySlice<UInt8>) {
        storage = .memory(bytes)
    }

    /// - Parameter range: offsets in `source`, from its beginning; must lie inside it.
    public init(source: any ByteSource, range: Range<Int>) {
        storage = .source(source, range)
    }

    public var count: Int {
        switch storage {
        case .memory(let bytes): bytes.count
        case .source(_, let range): range.count
        }
    }

    public var isEmpty: Bool { count == 0 }

    /// All bytes.
    public func load() throws -> [UInt8] {
        try load(0..<count)
    }

    /// Some bytes; `range` counts from the value's beginning and is cut to the value.
    public func load(_ range: Range<Int>) throws -> [UInt8] {
        let clamped = range.clamped(to: 0..<count)
        switch storage {
        case .memory(let bytes):
            return Array(bytes[(bytes.startIndex + clamped.lowerBound)..<(bytes.startIndex + clamped.upperBound)])
        case .source(let source, let whole):
            let start = whole.lowerBound + clamped.lowerBound
            return try source.read(start..<(start + clamped.count))
        }
    }

    /// The bytes if they are in memory already.
    package var loaded: ArraySlice<UInt8>? {
        if case .memory(let bytes) = storage { bytes } else { nil }
    }
}

/// The bytes of a value: owned, or still in the file they came from, so that Pixel Data isn't loaded to read a header.
public struct ValueBytes: Sendable {
    private enum Storage: Sendable {
        case memory(ArraySlice<UInt8>)
        case source(Place)
    }

    /// Where a value is that was left in its source: one reference, so that an element is copied quickly.
    private final class Place: Sendable {
        let source: any ByteSource
        let range: Range<Int>

        init(source: any ByteSource, range: Range<Int>) {
            self.source = source
            self.range = range
        }
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
        storage = .source(Place(source: source, range: range))
    }

    public var count: Int {
        switch storage {
        case .memory(let bytes): bytes.count
        case .source(let place): place.range.count
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
        case .source(let place):
            let start = place.range.lowerBound + clamped.lowerBound
            return try place.source.read(start..<(start + clamped.count))
        }
    }

    /// Where the bytes are if they were left in their source.
    package var place: (source: any ByteSource, range: Range<Int>)? {
        if case .source(let place) = storage { (place.source, place.range) } else { nil }
    }

    /// The bytes if they are in memory already.
    package var loaded: ArraySlice<UInt8>? {
        if case .memory(let bytes) = storage { bytes } else { nil }
    }
}

import DICOMModel

/// A buffered view of a source: values in it are slices of one array, without a copy of their own.
struct SourceWindow {
    let source: any ByteSource
    let count: Int
    private var bytes: [UInt8] = []
    private var start = 0
    /// What is loaded next, unless asked for otherwise: little at first, since most headers are short.
    private var ahead = 1 << 13
    /// What is loaded at once at most.
    static let size = 1 << 16

    init(_ source: any ByteSource) {
        self.source = source
        count = source.count
        if let memory = source as? MemoryByteSource { bytes = memory.bytes }
    }

    /// Whether all of these bytes can be had without reading.
    func holds(_ offset: Int, _ length: Int) -> Bool {
        offset >= start && length <= bytes.count && offset - start <= bytes.count - length
    }

    /// Bytes at `offset`, which must lie in the source.
    ///
    /// - Parameter ahead: bytes to load at most if anything has to be loaded.
    mutating func slice(_ offset: Int, _ length: Int, ahead: Int = size) throws -> ArraySlice<UInt8> {
        try load(offset, length, ahead: ahead)
        let first = offset - start
        return bytes[first..<(first + length)]
    }

    private mutating func load(_ offset: Int, _ length: Int, ahead: Int) throws {
        if holds(offset, length) { return }
        guard offset >= 0, length >= 0, length <= count, offset <= count - length else {
            throw DICOMFileError(.truncated, "the file ends too early", offset: offset)
        }
        bytes = try source.read(offset..<(offset + min(max(length, min(ahead, self.ahead)), count - offset)))
        start = offset
        self.ahead = min(2 * self.ahead, Self.size)
    }

    mutating func uint16(_ offset: Int, bigEndian: Bool, ahead: Int = size) throws -> UInt16 {
        try load(offset, 2, ahead: ahead)
        let first = UInt16(bytes[offset - start])
        let second = UInt16(bytes[offset - start + 1])
        return bigEndian ? first << 8 | second : second << 8 | first
    }

    mutating func uint32(_ offset: Int, bigEndian: Bool, ahead: Int = size) throws -> UInt32 {
        try load(offset, 4, ahead: ahead)
        let place = offset - start
        let value =
            UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
            | UInt32(bytes[place + 3]) << 24
        return bigEndian ? value.byteSwapped : value
    }

    mutating func tag(_ offset: Int, bigEndian: Bool, ahead: Int = size) throws -> Tag {
        let value = try uint32(offset, bigEndian: bigEndian, ahead: ahead)
        // The group comes first in either byte order.
        return Tag(rawValue: bigEndian ? value : value << 16 | value >> 16)
    }

    /// The two bytes where an explicit header has its VR.
    mutating func letters(_ offset: Int) throws -> VR {
        try load(offset + 4, 2, ahead: Self.size)
        return VR(bytes[offset + 4 - start], bytes[offset + 5 - start])
    }
}

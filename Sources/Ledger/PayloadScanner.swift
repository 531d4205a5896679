/// Reads payloads in exactly the form in which `PayloadEncoder` writes them, several times as fast as a general
/// decoder: known keys in sorted order, no white space, no escapes. Anything else is a `Mismatch`, and the general
/// decoder takes over; so a key that this reader doesn't know is never lost.
struct PayloadScanner {
    /// The payload is not of the expected form; it may still be good.
    struct Mismatch: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var place = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Throws unless everything was read.
    func end() throws(Mismatch) {
        guard place == bytes.count else { throw Mismatch() }
    }

    /// Moves past `{"name":` or `,"name":`, or says false and stays.
    mutating func has(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard place + length + 4 <= bytes.count, let start = name.hasPointerRepresentation ? name.utf8Start : nil,
            bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "{"),
            bytes[place + 1] == UInt8(ascii: "\""), bytes[place + length + 2] == UInt8(ascii: "\""),
            bytes[place + length + 3] == UInt8(ascii: ":")
        else { return false }
        for index in 0..<length where bytes[place + 2 + index] != start[index] { return false }
        place += length + 4
        return true
    }

    mutating func key(_ name: StaticString) throws(Mismatch) {
        guard has(name) else { throw Mismatch() }
    }

    mutating func close() throws(Mismatch) {
        try take(UInt8(ascii: "}"))
    }

    /// A string without escapes. Where it equals `known`, that is returned, and no memory is taken.
    mutating func string(like known: String? = nil) throws(Mismatch) -> String {
        try take(UInt8(ascii: "\""))
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            guard bytes[place] != UInt8(ascii: "\\") else { throw Mismatch() }
            place += 1
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<place])
        try take(UInt8(ascii: "\""))
        if let known, known.utf8.count == text.count, known.utf8.elementsEqual(text) { return known }
        return String(decoding: text, as: UTF8.self)
    }

    mutating func integer() throws(Mismatch) -> Int {
        guard let number = Int(try digits()) else { throw Mismatch() }
        return number
    }

    mutating func number() throws(Mismatch) -> Double {
        guard let number = Double(try digits()) else { throw Mismatch() }
        return number
    }

    mutating func flag() throws(Mismatch) -> Bool {
        let isTrue = place < bytes.count && bytes[place] == UInt8(ascii: "t")
        for byte in (isTrue ? "true" : "false").utf8 { try take(byte) }
        return isTrue
    }

    mutating func list<Element>(
        _ element: (inout PayloadScanner) throws(Mismatch) -> Element
    ) throws(Mismatch) -> [Element] {
        try take(UInt8(ascii: "["))
        var elements: [Element] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "]") {
            if !elements.isEmpty { try take(UInt8(ascii: ",")) }
            elements.append(try element(&self))
        }
        try take(UInt8(ascii: "]"))
        return elements
    }

    private mutating func take(_ byte: UInt8) throws(Mismatch) {
        guard place < bytes.count, bytes[place] == byte else { throw Mismatch() }
        place += 1
    }

    private mutating func digits() throws(Mismatch) -> Substring {
        let start = place
        while place < bytes.count, "0123456789+-.eE".utf8.contains(bytes[place]) { place += 1 }
        return Substring(decoding: bytes[start..<place], as: UTF8.self)
    }
}

import Foundation
import Glibc

/// Length-prefixed JSON messages over two file descriptors: four bytes, little endian, then as many of JSON.
struct MessageChannel {
    /// Larger messages mean that the other side has gone wrong.
    static let maximumLength = 256 << 20

    let input: Int32
    let output: Int32

    /// Writes a whole message; false when the other side is gone.
    func send(_ message: some Encodable) throws -> Bool {
        let body = try JSONEncoder().encode(message)
        var bytes = withUnsafeBytes(of: UInt32(body.count).littleEndian) { Array($0) }
        bytes.append(contentsOf: body)
        return writeAll(bytes, to: output)
    }

    /// Reads a whole message, waiting for it; nil at the end of the input.
    func receive<Message: Decodable>(_ type: Message.Type) throws -> Message? {
        guard let header = readExactly(4) else { return nil }
        let length = Self.length(of: header)
        guard length <= Self.maximumLength, let body = readExactly(length) else { return nil }
        return try JSONDecoder().decode(type, from: Data(body))
    }

    static func length(of header: some Collection<UInt8>) -> Int {
        header.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func readExactly(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                read(input, buffer.baseAddress?.advanced(by: filled), count - filled)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }
}

/// Writes everything, going on after interruptions and short writes; false when the descriptor is closed or full.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { buffer in
            write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
    }
    return true
}

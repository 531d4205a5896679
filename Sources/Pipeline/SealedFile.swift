import Crypto
import DICOMModel
import Foundation
import Glibc

/// A file sealed with AES-256-GCM in chunks, so that memory stays small however large it is.
///
/// The head is the line `quench-sealed-1`, 8 bytes that tell which key, and a random salt of 32 bytes from which the key of
/// this one file derives. Then follow chunks of 1 MiB (2^20 bytes), the last one shorter, each with its tag of 16 bytes. The
/// nonce of a chunk is its number (11 bytes, most significant first) and one byte that is 1 for the last chunk alone; the
/// head is authenticated with each. So a chunk that was changed, moved, dropped, put in from another file or cut off doesn't
/// open.
package struct SealedFile {
    private static let magic = Array("quench-sealed-1\n".utf8)
    private static let chunk = 1 << 20
    private static let tag = 16
    private static let headLength = magic.count + 8 + 32

    private let key: QuarantineKey

    package init(_ key: QuarantineKey) {
        self.key = key
    }

    // MARK: - Sealing

    /// Seals the bytes of `source` into a new file of mode 0600, which is on the disk when this returns.
    ///
    /// - Throws: `PipelineError` with code `.input` or `.output`.
    package func seal(_ source: String, to target: String) throws {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let head = Self.magic + key.mark + salt
        let fileKey = key.fileKey(salt: salt)
        try FileCopy.withNewFile(target) { output in
            try FileCopy.require(writeAll(head, to: output))
            var number: UInt64 = 0
            // A chunk is held back until it is known whether it is the last.
            var held: [UInt8]?
            var rest: [UInt8] = []
            try FileCopy.forEachChunk(of: source) { bytes in
                rest += bytes
                while rest.count >= Self.chunk {
                    if let held { try write(held, number, isLast: false, head, fileKey, to: output) }
                    if held != nil { number += 1 }
                    held = Array(rest.prefix(Self.chunk))
                    rest.removeFirst(Self.chunk)
                }
            }
            if let held, rest.isEmpty { return try write(held, number, isLast: true, head, fileKey, to: output) }
            if let held {
                try write(held, number, isLast: false, head, fileKey, to: output)
                number += 1
            }
            try write(rest, number, isLast: true, head, fileKey, to: output)
        }
    }

    private func write(
        _ bytes: [UInt8], _ number: UInt64, isLast: Bool, _ head: [UInt8], _ fileKey: SymmetricKey, to output: Int32
    ) throws {
        let box = try AES.GCM.seal(
            bytes, using: fileKey, nonce: try Self.nonce(number, isLast: isLast), authenticating: head)
        try FileCopy.require(writeAll(Array(box.ciphertext) + Array(box.tag), to: output))
    }

    private static func nonce(_ number: UInt64, isLast: Bool) throws -> AES.GCM.Nonce {
        let counter = withUnsafeBytes(of: number.bigEndian) { Array($0) }
        return try AES.GCM.Nonce(data: [0, 0, 0] + counter + [isLast ? 1 : 0])
    }

    // MARK: - Opening

    /// Gives the bytes chunk by chunk, each only once it is known to be genuine. Whoever wants the whole to be genuine must
    /// wait for the end.
    ///
    /// - Throws: `PipelineError` with code `.input` where the file can't be read, `.key` where it was sealed with another key,
    ///   `.integrity` where it was changed or cut off.
    package func open(_ path: String, _ body: ([UInt8]) throws -> Void) throws {
        var head: [UInt8] = []
        var fileKey: SymmetricKey?
        var number: UInt64 = 0
        var rest: [UInt8] = []
        let length = Self.chunk + Self.tag
        try FileCopy.forEachChunk(of: path) { bytes in
            rest += bytes
            if fileKey == nil, rest.count >= Self.headLength {
                head = Array(rest.prefix(Self.headLength))
                rest.removeFirst(Self.headLength)
                fileKey = try self.fileKey(from: head)
            }
            // What is left over at the end is the last chunk, so one that is full waits for a byte after it.
            while let fileKey, rest.count > length {
                try body(try Self.opened(Array(rest.prefix(length)), number, isLast: false, head, fileKey))
                rest.removeFirst(length)
                number += 1
            }
        }
        guard let fileKey else { throw Self.changed }
        try body(try Self.opened(rest, number, isLast: true, head, fileKey))
    }

    /// SHA-256 of what is inside, in hexadecimal.
    package func digest(of path: String) throws -> String {
        var hash = SHA256()
        try open(path) { hash.update(data: $0) }
        return hexadecimal(hash.finalize())
    }

    private func fileKey(from head: [UInt8]) throws -> SymmetricKey {
        guard head.starts(with: Self.magic) else { throw Self.changed }
        guard Array(head[Self.magic.count..<Self.magic.count + 8]) == key.mark else {
            throw PipelineError(
                .key, "the original in quarantine was sealed with another key",
                hint: "give the key of the run with --quarantine-key, or its project key with --key")
        }
        return key.fileKey(salt: Array(head.suffix(32)))
    }

    private static func opened(
        _ bytes: [UInt8], _ number: UInt64, isLast: Bool, _ head: [UInt8], _ fileKey: SymmetricKey
    ) throws -> [UInt8] {
        guard bytes.count >= tag else { throw changed }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: try nonce(number, isLast: isLast), ciphertext: bytes.dropLast(tag), tag: bytes.suffix(tag))
            return Array(try AES.GCM.open(box, using: fileKey, authenticating: head))
        } catch {
            throw changed
        }
    }

    private static let changed = PipelineError(
        .integrity, "a sealed file was changed or cut off", hint: "import the original again")
}

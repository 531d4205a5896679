import Crypto
import DICOMModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The secret that pseudonyms and UIDs are derived from: 32 random bytes in a file that only its owner can read.
///
/// Whoever has it can check a guess at an identity; without it nothing can be inverted. It never prints itself.
public struct ProjectKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let bytes: [UInt8]

    /// - Throws: `.keyMalformed` unless there are exactly 32 bytes.
    public init(bytes: [UInt8]) throws(HeaderDeidentificationError) {
        guard bytes.count == 32 else {
            throw HeaderDeidentificationError(.keyMalformed, "a project key has 32 bytes")
        }
        self.bytes = bytes
    }

    /// Reads a key file: 64 hexadecimal digits and a line end.
    ///
    /// - Throws: `.keyUnreadable`, `.keyExposed` where group or others have any permission, `.keyMalformed`.
    public init(contentsOf path: String) throws(HeaderDeidentificationError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw HeaderDeidentificationError(.keyUnreadable, "the key file can't be opened")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw HeaderDeidentificationError(.keyUnreadable, "the key is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw HeaderDeidentificationError(
                .keyExposed, "others than its owner have access to the key file", hint: "run `chmod 600` on it")
        }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(file, &buffer, buffer.count)
        guard count >= 0 else {
            throw HeaderDeidentificationError(.keyUnreadable, "the key file can't be read")
        }
        guard let bytes = Self.parse(buffer.prefix(count)) else {
            throw HeaderDeidentificationError(
                .keyMalformed, "the key file does not hold 64 hexadecimal digits", hint: "Restore it from its backup")
        }
        self.bytes = bytes
    }

    /// A key that is kept nowhere, for names that need not outlive a run.
    public static func ofThisRun() throws(HeaderDeidentificationError) -> ProjectKey {
        var random = SystemRandomNumberGenerator()
        return try ProjectKey(bytes: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Makes a new key and writes it with mode 0600; the file is there whole or not at all.
    ///
    /// - Throws: `.keyExists` where the path is taken: a key is never overwritten; `.keyNotWritten`.
    @discardableResult
    public static func generate(at path: String) throws(HeaderDeidentificationError) -> ProjectKey {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<4).flatMap { _ in
            withUnsafeBytes(of: UInt64.random(in: .min ... .max, using: &random)) { Array($0) }
        }
        let key = try ProjectKey(bytes: bytes)
        let temporary = path + ".\(getpid()).\(UInt32.random(in: .min ... .max, using: &random)).new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw HeaderDeidentificationError(.keyNotWritten, "the key file can't be created")
        }
        defer { unlink(temporary) }
        let text = Array((hexadecimal(bytes) + "\n").utf8)
        let isWritten = write(file, text, text.count) == text.count && fsync(file) == 0
        guard close(file) == 0, isWritten else {
            throw HeaderDeidentificationError(.keyNotWritten, "the key file can't be written")
        }
        // A hard link, unlike a rename, fails where the name is taken.
        guard link(temporary, path) == 0 else {
            let isTaken = errno == EEXIST
            throw HeaderDeidentificationError(
                isTaken ? .keyExists : .keyNotWritten,
                isTaken ? "there is a key file already" : "the key file can't be put in place")
        }
        return key
    }

    /// First 8 bytes of the SHA-256 of the key, in hexadecimal: tells keys apart and gives nothing away.
    public var fingerprint: String {
        hexadecimal(Array(SHA256.hash(data: bytes)).prefix(8))
    }

    public var description: String { "‹project key›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }

    private static func parse(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var text = text
        while let last = text.last, last == 0x0A || last == 0x0D || last == 0x20 { text.removeLast() }
        guard text.count == 64 else { return nil }
        return [UInt8](hexadecimal: String(decoding: text, as: UTF8.self).lowercased())
    }
}

import DICOMModel
internal import Foundation

/// A secret of 32 bytes in a file that only its owner can read: a line that names its kind, then 64 hexadecimal digits.
/// The first line keeps a key of one kind from being taken for one of another.
package enum SecretFile {
    /// Makes 32 random bytes and writes them with mode 0600; the file is there whole or not at all.
    ///
    /// - Throws: `LedgerError` with code `.key` where the path is taken or can't be written.
    package static func generate(at path: String, kind: String) throws -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try write(secret, to: path, kind: kind)
        return secret
    }

    /// Writes a key file, a secret one with mode 0600.
    package static func write(_ bytes: [UInt8], to path: String, kind: String, isSecret: Bool = true) throws {
        let temporary = "\(path).\(getpid()).new"
        let file = open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, isSecret ? 0o600 as mode_t : 0o644)
        guard file >= 0 else { throw LedgerError(.key, "the key file can't be created") }
        defer { unlink(temporary) }
        let text = Array("\(kind)\n\(hexadecimal(bytes))\n".utf8)
        let isWritten = Foundation.write(file, text, text.count) == text.count && fsync(file) == 0
        guard close(file) == 0, isWritten else { throw LedgerError(.key, "the key file can't be written") }
        // A hard link, unlike a rename, fails where the name is taken.
        guard link(temporary, path) == 0 else {
            let isTaken = errno == EEXIST
            throw LedgerError(.key, isTaken ? "there is a key file already" : "the key file can't be put in place")
        }
    }

    /// Reads a key file of that kind.
    ///
    /// - Throws: `LedgerError` with code `.key` where it can't be read, where others than its owner have access to a
    ///   secret one, or where it holds something else.
    package static func read(_ path: String, kind: String, isSecret: Bool = true) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LedgerError(.key, "the key file can't be opened") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw LedgerError(.key, "the key is not a regular file")
        }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw LedgerError(
                .key, "others than its owner have access to the key file", hint: "run `chmod 600` on it")
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Foundation.read(file, &buffer, buffer.count)
        guard count > 0 else { throw LedgerError(.key, "the key file can't be read") }
        let lines = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0] == kind, let bytes = [UInt8](hexadecimal: lines[1]), bytes.count == 32
        else {
            throw LedgerError(
                .key, "the file holds no key of this kind", hint: "it must begin with the line `\(kind)`")
        }
        return bytes
    }
}

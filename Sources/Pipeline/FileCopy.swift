import Crypto
import DICOMModel
import Glibc

/// Plain bytes from here to there, for its owner alone, on disk when it returns.
enum FileCopy {
    private static let chunk = 1 << 20

    static func write(_ bytes: [UInt8], to target: String) throws {
        try withNewFile(target) { output in
            guard writeAll(bytes, to: output) else { throw failure() }
        }
    }

    /// Puts a file in the place of one that may be there, whole or not at all.
    static func replace(_ path: String, by bytes: [UInt8], mode: mode_t = 0o600) throws {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        defer { unlink(temporary) }
        try write(bytes, to: temporary)
        try require(chmod(temporary, mode) == 0 && rename(temporary, path) == 0)
    }

    /// SHA-256 of a file's bytes in hexadecimal, and their count.
    static func digest(of path: String) throws -> (sha256: String, byteCount: Int) {
        var hash = SHA256()
        var count = 0
        try forEachChunk(of: path) { bytes in
            hash.update(data: bytes)
            count += bytes.count
        }
        return (hexadecimal(hash.finalize()), count)
    }

    /// Throws the error that stands for a failed write, with the system's reason for it.
    static func require(_ isWritten: Bool) throws {
        guard isWritten else { throw failure() }
    }

    /// Gives the bytes of a file, up to 1 MiB at a time.
    static func forEachChunk(of path: String, _ body: ([UInt8]) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw PipelineError(.input, "an input file can't be read: \(OutputFolder.lastError)")
        }
        defer { close(descriptor) }
        while true {
            var got = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
                got = read(descriptor, buffer.baseAddress, chunk)
                count = max(got, 0)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw PipelineError(.input, "an input file can't be read: \(OutputFolder.lastError)")
            }
            guard got > 0 else { return }
            try body(bytes)
        }
    }

    /// Makes a file of mode 0600 that must not exist yet, and flushes it to the disk.
    static func withNewFile(_ path: String, _ body: (Int32) throws -> Void) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        try body(descriptor)
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private static func failure() -> PipelineError {
        PipelineError(
            .output, "the output can't be written: \(OutputFolder.lastError)",
            hint: "make room or mend the disk, then run the same command again: it goes on where it was")
    }
}

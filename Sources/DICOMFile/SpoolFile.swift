import Glibc
import Synchronization

/// An unnamed temporary file for bytes that are made one piece at a time and written later, so that memory holds one
/// piece and not all.
///
/// It lies in `TMPDIR` (else `/tmp`), has mode 0600, and its name is gone before the first byte is in it: nothing
/// is left of it when the process ends, however that happens.
public final class SpoolFile: ByteSource {
    private let descriptor: Int32
    private let end = Mutex(0)

    /// - Throws: `DICOMFileError` with code `.writeFailed`.
    public init() throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var name = Array((folder + "/quench-spool-XXXXXX").utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else {
            throw DICOMFileError(.writeFailed, "a temporary file can't be made: \(systemErrorText(errno))")
        }
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    public var count: Int { end.withLock { $0 } }

    /// Puts bytes behind those that are there.
    ///
    /// - Returns: the bytes, where they are now.
    /// - Throws: `DICOMFileError` with code `.writeFailed`, also where the disk is full.
    public func append(_ bytes: [UInt8]) throws -> ValueBytes {
        try end.withLock { end in
            let range = end..<(end + bytes.count)
            try bytes.withUnsafeBytes { try write($0, at: range.lowerBound) }
            end = range.upperBound
            return ValueBytes(source: self, range: range)
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let result = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
            if result > 0 {
                written += result
            } else if errno != EINTR {
                throw DICOMFileError(.writeFailed, "a temporary file can't be written: \(systemErrorText(errno))")
            }
        }
    }

    public func read(_ range: Range<Int>) throws -> [UInt8] {
        try readBytes(descriptor, range, of: count)
    }
}

import Glibc

/// A new file. It belongs to whoever holds the sink: `finish` or `discard` ends it.
public struct FileByteSink: ByteSink {
    private let file: OpenFile
    private let path: String

    /// Makes a file with mode 0600 that must not exist yet, links included.
    ///
    /// - Throws: `DICOMFileError` with code `.writeFailed`, which doesn't name the file.
    public init(creating path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw DICOMFileError(.writeFailed, "the file can't be made: \(systemErrorText(errno))")
        }
        file = OpenFile(descriptor)
        self.path = path
    }

    public mutating func write(_ bytes: ArraySlice<UInt8>) throws {
        let descriptor = try file.writable()
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let result = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if result > 0 {
                    rest = rest.dropFirst(result)
                } else if errno != EINTR {
                    throw DICOMFileError(.writeFailed, "the file can't be written: \(systemErrorText(errno))")
                }
            }
        }
    }

    /// From file to file inside the system.
    public mutating func copy(_ range: Range<Int>, of source: any ByteSource) throws -> Bool {
        guard let source = source as? FileByteSource else { return false }
        return try source.copy(range, to: try file.writable())
    }

    /// Closes the file.
    ///
    /// - Parameter isDurable: whether its content is on disk before this returns.
    public mutating func finish(isDurable: Bool = true) throws {
        let descriptor = try file.writable()
        guard !isDurable || fsync(descriptor) == 0 else {
            throw DICOMFileError(.writeFailed, "the file can't be brought to disk: \(systemErrorText(errno))")
        }
        try file.close()
    }

    /// Closes the file and removes it.
    public mutating func discard() {
        try? file.close()
        unlink(path)
    }
}

/// Owns a descriptor.
private final class OpenFile {
    private var descriptor: Int32?

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if let descriptor { Glibc.close(descriptor) }
    }

    func writable() throws -> Int32 {
        guard let descriptor else { throw DICOMFileError(.writeFailed, "the file is closed") }
        return descriptor
    }

    func close() throws {
        let descriptor = try writable()
        self.descriptor = nil
        guard Glibc.close(descriptor) == 0 else {
            throw DICOMFileError(.writeFailed, "the file can't be closed: \(systemErrorText(errno))")
        }
    }
}

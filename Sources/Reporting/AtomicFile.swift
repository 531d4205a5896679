internal import Foundation

/// A file that appears under its name only when it is whole: written next to it, flushed to the disk, then renamed.
final class AtomicFile {
    private let name: String
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isFinished = false
    private var pending: [UInt8] = []

    init(name: String, in folder: String) throws {
        self.name = name
        path = folder + "/" + name
        temporaryPath = folder + "/." + name + ".partial"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw ReportError(writing: name, reason: errno) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isFinished { unlink(temporaryPath) }
    }

    func append(_ bytes: [UInt8]) throws {
        pending += bytes
        if pending.count >= 1 << 20 { try flush() }
    }

    func append(_ text: String) throws {
        try append(Array(text.utf8))
    }

    /// Puts the file in its place, over an older one.
    func finish() throws {
        try flush()
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
            throw ReportError(writing: name, reason: errno)
        }
        isFinished = true
    }

    private func flush() throws {
        try pending.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw ReportError(writing: name, reason: errno)
                }
                rest = rest.dropFirst(count)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }
}

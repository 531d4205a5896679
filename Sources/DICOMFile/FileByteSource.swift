import Glibc

/// A file, read by position. It is never mapped: a file that is cut short meanwhile is an error and not a signal.
public final class FileByteSource: ByteSource {
    public let count: Int
    private let descriptor: Int32
    private let modified: timespec

    /// Opens a regular file for reading; links are followed.
    ///
    /// - Throws: `DICOMFileError` with code `.readFailed`; the message doesn't name the file, whose name may identify a
    ///   patient.
    public init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            throw DICOMFileError(.readFailed, "the file can't be opened: \(systemErrorText(errno))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DICOMFileError(.readFailed, "this is not a regular file")
        }
        self.descriptor = descriptor
        count = Int(status.st_size)
        modified = status.st_mtim
    }

    deinit {
        close(descriptor)
    }

    public func read(_ range: Range<Int>) throws -> [UInt8] {
        let bytes = try readBytes(descriptor, range, of: count)
        try checkUnchanged()
        return bytes
    }

    /// Appends bytes of the file to another one; false where the system can't, with nothing written.
    func copy(_ range: Range<Int>, to output: Int32) throws -> Bool {
        var place = off_t(range.lowerBound)
        while place < range.upperBound {
            let count = sendfile(output, descriptor, &place, range.upperBound - Int(place))
            if count > 0 || (count < 0 && errno == EINTR) { continue }
            if count == 0 { throw DICOMFileError(.readFailed, "the file was cut short while it was read") }
            if [ENOSPC, EDQUOT, EIO, EFBIG].contains(errno) {
                throw DICOMFileError(.writeFailed, "the file can't be written: \(systemErrorText(errno))")
            }
            guard place == range.lowerBound else {
                throw DICOMFileError(.writeFailed, "the file can't be copied: \(systemErrorText(errno))")
            }
            return false
        }
        try checkUnchanged()
        return true
    }

    private func checkUnchanged() throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) == count,
            status.st_mtim.tv_sec == modified.tv_sec, status.st_mtim.tv_nsec == modified.tv_nsec
        else {
            throw DICOMFileError(.readFailed, "the file was changed while it was read")
        }
    }
}

/// Exactly the bytes of `range` of an open file that has `count` of them.
///
/// - Throws: `DICOMFileError` with code `.readFailed`.
func readBytes(_ descriptor: Int32, _ range: Range<Int>, of count: Int) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
        throw DICOMFileError(.readFailed, "the file ends before the value does", offset: range.lowerBound)
    }
    var failure: DICOMFileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
        while initialized < range.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
            let result = pread(
                descriptor, part.baseAddress, range.count - initialized, off_t(range.lowerBound + initialized))
            if result > 0 {
                initialized += result
            } else if result == 0 {
                failure = DICOMFileError(.readFailed, "the file was cut short while it was read")
                return
            } else if errno != EINTR {
                failure = DICOMFileError(.readFailed, "the file can't be read: \(systemErrorText(errno))")
                return
            }
        }
    }
    if let failure { throw failure }
    return bytes
}

/// What the operating system says about an error number.
func systemErrorText(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

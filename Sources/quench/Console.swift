import Foundation
import Glibc

/// Results go to standard output, everything else to standard error.
enum Console {
    static func error(_ text: String) {
        put(Data((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Without a line's end.
    static func prompt(_ text: String) {
        put(Data(text.utf8), to: STDERR_FILENO)
    }

    static func write(_ text: String) {
        putResult(Data((text + "\n").utf8))
    }

    static func printJSON(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return }
        putResult(data + Data("\n".utf8))
    }

    static var errorIsTerminal: Bool { isatty(2) == 1 }

    private static func putResult(_ data: Data) {
        guard let problem = put(data, to: STDOUT_FILENO), problem != EPIPE else { return }
        error("quench: results can't be written: \(String(cString: strerror(problem)))")
        exit(1)
    }

    /// Gives the error number where not all could be written. A reader that has gone, as `| head`, must not end a run, and
    /// `FileHandle` would, with what is in memory on standard error.
    @discardableResult
    private static func put(_ data: Data, to descriptor: Int32) -> Int32? {
        data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return errno }
                done += count
            }
            return nil
        }
    }
}

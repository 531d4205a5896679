import Foundation
import Glibc

/// A folder for what a command needs while it works and leaves nothing of.
enum TemporaryFolder {
    /// Makes one that only this user can enter; whoever asks removes it.
    static func make() throws -> String {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(base)/quench-XXXXXX".utf8CString)
        let path = template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let base = buffer.baseAddress, let made = mkdtemp(base) else { return nil }
            return String(cString: made)
        }
        guard let path else {
            throw PipelineError(.output, "no temporary folder can be made", hint: "set TMPDIR to a folder with room")
        }
        return path
    }
}

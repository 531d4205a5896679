/// A script that failed on an object: which of them, and where.
public struct ScriptFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// 1-based, in the order in which they are run.
    public let script: Int
    public let error: DicomEditError

    /// `script 2, line 4: …`, without any value.
    public var description: String {
        "script \(script)" + (error.position.map { ", line \($0.line)" } ?? "") + ": \(error.message)"
    }
}

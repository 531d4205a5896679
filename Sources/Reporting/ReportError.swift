internal import Foundation

/// Why a report could not be written. Messages name the report's own file and no path.
public struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// The disk, or a quota, is full.
        public static let full = Code("disk-full")
        public static let readOnly = Code("read-only")
        public static let missing = Code("folder-missing")
        public static let inputOutput = Code("input-output")
    }

    public let code: Code
    public let message: String
    /// What to do next.
    public let hint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String { message + (hint.map { ". " + $0 } ?? "") }

    /// The error that the system's number `reason` stands for, when the file `name` could not be written.
    init(writing name: String, reason: Int32) {
        switch reason {
        case ENOSPC, EDQUOT:
            self.init(.full, "no room on the disk for \(name)", hint: "Make room, then run `quench report` again")
        case EACCES, EPERM, EROFS:
            self.init(
                .readOnly, "\(name) can't be written",
                hint: "Check the owner and the permissions of the report's folder")
        case ENOENT, ENOTDIR:
            self.init(.missing, "the folder for \(name) does not exist")
        default:
            self.init(.inputOutput, "\(name) can't be written (error \(reason))")
        }
    }
}

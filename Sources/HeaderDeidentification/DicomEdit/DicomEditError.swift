/// Why a DicomEdit script was refused, or failed on an object. Messages quote the script, never an Attribute's value.
public struct DicomEditError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// The script can't be run as it stands; nothing was changed.
        public static let refused = Code("script-refused")
        /// The script failed on this object, which must not be released.
        public static let failed = Code("script-failed")
        /// A table or a key of `lookup` is missing, so that the original value would have stayed.
        public static let lookup = Code("script-lookup")
        /// A variable that the script uses was not given.
        public static let variable = Code("script-variable")
        /// A text, a list or the work for a regular expression became too large.
        public static let limit = Code("script-limit")
    }

    public let code: Code
    public let message: String
    public let position: ScriptPosition?
    /// What to do next.
    public let hint: String?

    init(_ code: Code, _ message: String, at position: ScriptPosition? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.position = position
        self.hint = hint
    }

    public var description: String {
        (position.map { "line \($0.line), column \($0.column): " } ?? "") + message + (hint.map { ". " + $0 } ?? "")
    }
}

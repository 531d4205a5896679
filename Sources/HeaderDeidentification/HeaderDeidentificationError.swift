/// Why a header could not be de-identified, or a key not be used. Messages name tags and settings, never values.
public struct HeaderDeidentificationError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        public static let keyUnreadable = Code("key-unreadable")
        /// Others than its owner may read or change the key file.
        public static let keyExposed = Code("key-exposed")
        public static let keyMalformed = Code("key-malformed")
        public static let keyExists = Code("key-exists")
        public static let keyNotWritten = Code("key-not-written")
        /// Options of the profile that can't be had together.
        public static let contradictoryOptions = Code("contradictory-options")
        /// A script of the site calls `reject`.
        public static let rejected = Code("script-rejected")
        /// A cohort list, or a list of NHS numbers, that can't be used as it stands.
        public static let listMalformed = Code("list-malformed")
        /// A link table that can't be opened: another key, or a changed file.
        public static let linkTable = Code("link-table")
        /// No SOP Class UID or no SOP Instance UID: not an instance that could be released.
        public static let notAnInstance = Code("not-an-instance")
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

    public var description: String {
        message + (hint.map { ". " + $0 } ?? "")
    }
}

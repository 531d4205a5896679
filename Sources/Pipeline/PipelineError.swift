/// What stops a whole run; what befalls one file is a result in the ledger instead. Messages carry no patient data and
/// no paths below the folders that the user named.
public struct PipelineError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        public static let policy = Code("policy")
        public static let input = Code("input")
        public static let output = Code("output")
        public static let key = Code("key")
        /// Scripts and lists that can't be used together, or as they are.
        public static let terms = Code("terms")
        /// A person asked for something that the state of what is held, or the policy, doesn't allow.
        public static let review = Code("review")
        public static let worker = Code("worker")
        public static let interrupted = Code("interrupted")
        public static let integrity = Code("integrity")
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
}

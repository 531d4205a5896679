/// Why a frame could not be decoded or encoded. Messages name codecs, sizes and depths, never image content.
public struct PixelCodecError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// No codec of ours, or a combination that is known to come out wrong.
        public static let unsupported = Code("unsupported")
        /// The stream's own header contradicts the Data Set, or the bytes are too few for the frame.
        public static let mismatch = Code("mismatch")
        /// The stream is damaged or ends early.
        public static let malformed = Code("malformed")
        /// Rows, Columns or the frame's size are beyond what is accepted.
        public static let tooLarge = Code("too-large")
        /// A stored value can't be written with the stream's precision.
        public static let unrepresentable = Code("unrepresentable")
        /// A codec failed by itself: an assertion, an exception, no memory.
        public static let codecFailed = Code("codec-failed")
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

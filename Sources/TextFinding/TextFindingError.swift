/// Why a frame could not be looked at. Messages name sizes and settings, never pixel values or text.
public struct TextFindingError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// A language model is not installed.
        public static let missingModel = Code("missing-model")
        /// Tesseract did not start.
        public static let recogniserFailed = Code("recogniser-failed")
        /// The pixels don't fit their description.
        public static let malformedFrame = Code("malformed-frame")
        /// A layout of pixels that can't be rendered.
        public static let unsupported = Code("unsupported")
        /// A picture could not be written.
        public static let encodingFailed = Code("encoding-failed")
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

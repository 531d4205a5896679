/// Why a file could not be read or written. Messages name tags, offsets and lengths, never values.
public struct DICOMFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        public static let notDICOM = Code("not-dicom")
        public static let truncated = Code("truncated")
        public static let malformed = Code("malformed")
        public static let tooDeep = Code("too-deep")
        public static let tooLarge = Code("too-large")
        public static let readFailed = Code("read-failed")
        public static let writeFailed = Code("write-failed")
        public static let unsupported = Code("unsupported")
        public static let invalidValue = Code("invalid-value")
    }

    public let code: Code
    public let message: String
    /// Where in the file, in bytes from its beginning.
    public let offset: Int?
    /// What to do next.
    public let hint: String?

    public init(_ code: Code, _ message: String, offset: Int? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.hint = hint
    }

    public var description: String {
        let place = offset.map { " (at byte \($0))" } ?? ""
        return message + place + (hint.map { ". " + $0 } ?? "")
    }
}

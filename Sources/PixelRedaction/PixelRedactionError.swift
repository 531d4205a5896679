public import DICOMModel

/// Why an image could not be read, changed or compared. Messages name attributes, counts and frames, never samples.
public struct PixelRedactionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A stable code; its name is the reason code that the report shows.
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        /// There is no Pixel Data at all.
        public static let noPixels = Code("no-pixels")
        /// The Image Pixel Module is absent, contradicts itself, or describes what no codec of ours handles.
        public static let unsupportedPixelFormat = Code("unsupported-pixel-format")
        /// Pixel Data is shorter or longer than its description, or holds another number of frames.
        public static let pixelDataLengthMismatch = Code("pixel-data-length-mismatch")
        /// A frame's stream can't be decoded, or decodes to something else than the header says.
        public static let undecodableFrame = Code("undecodable-frame")
        /// A changed frame can't be encoded in the file's Transfer Syntax.
        public static let unencodableFrame = Code("unencodable-frame")
        public static let unsupportedTransferSyntax = Code("unsupported-transfer-syntax")
        /// An Overlay Plane contradicts itself or is shorter than it says.
        public static let undecodableOverlay = Code("undecodable-overlay")
        /// A region or frame number that the image doesn't have.
        public static let invalidRegion = Code("invalid-region")
    }

    public let code: Code
    public let message: String
    /// The frame that failed, where it was one.
    public let frame: FrameNumber?
    /// What to do next.
    public let hint: String?

    public init(_ code: Code, _ message: String, frame: FrameNumber? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.frame = frame
        self.hint = hint
    }

    /// The reason to record for an instance that this error stopped.
    public var reason: ReasonCode { ReasonCode(rawValue: code.name) }

    public var description: String {
        let place = frame.map { " (frame \($0))" } ?? ""
        return message + place + (hint.map { ". " + $0 } ?? "")
    }
}

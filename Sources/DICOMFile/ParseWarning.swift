public import DICOMModel

/// Something odd in a file that was tolerated; the Data Set is read as the file most plausibly means it.
public struct ParseWarning: Hashable, Sendable, CustomStringConvertible {
    /// Stable names.
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }

        public static let missingPreamble = Code("missing-preamble")
        public static let missingFileMeta = Code("missing-file-meta")
        public static let missingTransferSyntax = Code("missing-transfer-syntax")
        public static let unknownTransferSyntax = Code("unknown-transfer-syntax")
        /// The Data Set is encoded in another way than its Transfer Syntax says.
        public static let wrongTransferSyntax = Code("wrong-transfer-syntax")
        public static let unknownVR = Code("unknown-vr")
        /// One element is explicit in an implicit Data Set or the other way round.
        public static let mixedEncoding = Code("mixed-encoding")
        public static let missingDelimiter = Code("missing-delimiter")
        public static let oddDelimiter = Code("odd-delimiter")
        public static let sequenceInUnknownVR = Code("sequence-in-unknown-vr")
        /// A sequence by its VR or the dictionary whose content is not items; its bytes are kept as they are.
        public static let notASequence = Code("not-a-sequence")
        public static let duplicateElement = Code("duplicate-element")
        public static let elementsOutOfOrder = Code("elements-out-of-order")
        public static let trailingBytes = Code("trailing-bytes")
    }

    public let code: Code
    /// Where it was first met: the element, and its place in bytes from the beginning of the file (of the inflated
    /// Data Set in a deflated file).
    public let tag: Tag?
    public let offset: Int?

    public init(_ code: Code, tag: Tag? = nil, offset: Int? = nil) {
        self.code = code
        self.tag = tag
        self.offset = offset
    }

    public var description: String {
        code.name + (tag.map { " \($0)" } ?? "") + (offset.map { " at byte \($0)" } ?? "")
    }
}

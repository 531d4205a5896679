/// One of the registered sets of characters that Defined Terms name (PS3.3 tables C.12-2 to C.12-5), with the escape
/// sequences that bring it into use.
struct CodedCharacterSet: Hashable, Sendable {
    /// Which codes it takes: G0 is 21–7E, G1 is A0–FF (ISO/IEC 2022).
    enum Element: Hashable, Sendable { case g0, g1 }

    /// The number in the international register, as in `ISO_IR 100`.
    let registration: Int
    let element: Element
    let bytesPerCharacter: Int
    /// What follows ESC.
    let escape: [UInt8]
    let table: Table

    /// Which table of codes says what the characters are.
    enum Table: Hashable, Sendable {
        case ascii
        /// A single-byte set by its name in iconv; only its upper half belongs to it.
        case upperHalf(String)
        case jisX0208, jisX0212, ksX1001, gb2312
    }

    private init(_ registration: Int, _ element: Element, _ escape: String, _ table: Table, bytes: Int = 1) {
        self.registration = registration
        self.element = element
        bytesPerCharacter = bytes
        self.escape = Array(escape.utf8)
        self.table = table
    }

    static let ascii = CodedCharacterSet(6, .g0, "(B", .ascii)
    /// Differs from ASCII in the signs for yen and overline at 5C and 7E, which values use as backslash and tilde.
    static let jisRoman = CodedCharacterSet(14, .g0, "(J", .ascii)
    static let katakana = CodedCharacterSet(13, .g1, ")I", .upperHalf("SHIFT_JIS"))
    static let jisX0208 = CodedCharacterSet(87, .g0, "$B", .jisX0208, bytes: 2)

    static let all: [CodedCharacterSet] = [
        ascii, jisRoman, katakana, jisX0208,
        CodedCharacterSet(159, .g0, "$(D", .jisX0212, bytes: 2),
        CodedCharacterSet(149, .g1, "$)C", .ksX1001, bytes: 2),
        CodedCharacterSet(58, .g1, "$)A", .gb2312, bytes: 2),
        CodedCharacterSet(100, .g1, "-A", .upperHalf("ISO-8859-1")),
        CodedCharacterSet(101, .g1, "-B", .upperHalf("ISO-8859-2")),
        CodedCharacterSet(109, .g1, "-C", .upperHalf("ISO-8859-3")),
        CodedCharacterSet(110, .g1, "-D", .upperHalf("ISO-8859-4")),
        CodedCharacterSet(144, .g1, "-L", .upperHalf("ISO-8859-5")),
        CodedCharacterSet(127, .g1, "-G", .upperHalf("ISO-8859-6")),
        CodedCharacterSet(126, .g1, "-F", .upperHalf("ISO-8859-7")),
        CodedCharacterSet(138, .g1, "-H", .upperHalf("ISO-8859-8")),
        CodedCharacterSet(148, .g1, "-M", .upperHalf("ISO-8859-9")),
        CodedCharacterSet(203, .g1, "-b", .upperHalf("ISO-8859-15")),
        CodedCharacterSet(166, .g1, "-T", .upperHalf("TIS-620")),
        // An older form of JIS X 0208 that some writers use.
        CodedCharacterSet(42, .g0, "$@", .jisX0208, bytes: 2),
    ]
}

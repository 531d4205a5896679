/// Which characters a part of a regular expression fits.
indirect enum JavaCharacterClass: Hashable, Sendable {
    case scalar(Unicode.Scalar)
    case range(ClosedRange<Unicode.Scalar>)
    /// `.`: all but line ends.
    case any
    /// `.` with the flag s.
    case all
    case digit, word, space, blank
    case named(Named)
    case union([JavaCharacterClass])
    case not(JavaCharacterClass)
    case ignoringCase(JavaCharacterClass)

    /// Those of `\p{…}` that are offered. The POSIX ones are ASCII, as in Java without UNICODE_CHARACTER_CLASS.
    enum Named: String, Hashable, Sendable {
        case lower = "Lower"
        case upper = "Upper"
        case ascii = "ASCII"
        case alpha = "Alpha"
        case digit = "Digit"
        case alnum = "Alnum"
        case punct = "Punct"
        case graph = "Graph"
        case print = "Print"
        case blank = "Blank"
        case cntrl = "Cntrl"
        case xdigit = "XDigit"
        case space = "Space"
        case letter = "L"
        case uppercaseLetter = "Lu"
        case lowercaseLetter = "Ll"
        case number = "N"
        case decimalNumber = "Nd"
    }

    /// How many comparisons it may take.
    var partCount: Int {
        switch self {
        case .union(let parts): parts.reduce(0) { $0 + $1.partCount }
        case .not(let part): part.partCount
        case .ignoringCase(let part): 2 * part.partCount
        default: 1
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let wanted): scalar == wanted
        case .range(let range): range.contains(scalar)
        case .any: !scalar.isJavaLineEnd
        case .all: true
        case .digit: scalar.isScriptDigit
        case .word: scalar.isScriptLetter || scalar.isScriptDigit || scalar == "_"
        case .space: scalar == " " || ("\t"..."\r").contains(scalar)
        case .blank:
            scalar == " " || scalar == "\t" || scalar == "\u{A0}"
                || scalar.properties.generalCategory == .spaceSeparator
        case .named(let name): name.contains(scalar)
        case .union(let parts): parts.contains { $0.contains(scalar) }
        case .not(let part): !part.contains(scalar)
        // Without UNICODE_CASE Java folds ASCII letters only.
        case .ignoringCase(let part):
            part.contains(scalar) || scalar.asciiCaseExchanged.map { part.contains($0) } ?? false
        }
    }
}

extension JavaCharacterClass.Named {
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isVisible = ("!"..."~").contains(scalar)
        let isAlphanumeric = scalar.isScriptLetter || scalar.isScriptDigit
        let category = scalar.properties.generalCategory
        return switch self {
        case .lower: ("a"..."z").contains(scalar)
        case .upper: ("A"..."Z").contains(scalar)
        case .ascii: scalar.isASCII
        case .alpha: scalar.isScriptLetter
        case .digit: scalar.isScriptDigit
        case .alnum: isAlphanumeric
        case .punct: isVisible && !isAlphanumeric
        case .graph: isVisible
        case .print: isVisible || scalar == " "
        case .blank: scalar == " " || scalar == "\t"
        case .cntrl: scalar.value < 0x20 || scalar.value == 0x7F
        case .xdigit: scalar.isScriptDigit || ("a"..."f").contains(scalar) || ("A"..."F").contains(scalar)
        case .space: JavaCharacterClass.space.contains(scalar)
        case .letter:
            [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter].contains(category)
        case .uppercaseLetter: category == .uppercaseLetter
        case .lowercaseLetter: category == .lowercaseLetter
        case .number: [.decimalNumber, .letterNumber, .otherNumber].contains(category)
        case .decimalNumber: category == .decimalNumber
        }
    }
}

extension Unicode.Scalar {
    var isJavaLineEnd: Bool {
        self == "\n" || self == "\r" || self == "\u{85}" || self == "\u{2028}" || self == "\u{2029}"
    }

    /// The other case of an ASCII letter; nil for anything else.
    var asciiCaseExchanged: Unicode.Scalar? {
        isScriptLetter ? Unicode.Scalar(value ^ 0x20) : nil
    }
}

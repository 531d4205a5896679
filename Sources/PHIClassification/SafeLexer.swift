/// The tokens of a line as the safe grammar sees them. Any other character makes the line unsafe.
enum SafeToken: Hashable, Sendable {
    /// How many digits stand before and after the decimal point; `isSigned` for a leading `+` or `-`.
    case number(integer: Int, fraction: Int, value: Int, isSigned: Bool)
    /// Upper case; whether it was written so.
    case word(String, isUpper: Bool)
    case symbol(Unicode.Scalar)
}

/// Cuts a line into tokens; nil where it holds a character that no safe line has.
struct SafeLexer {
    struct Placed: Sendable {
        var token: SafeToken
        /// Whether it follows the token before without a space.
        var isGlued: Bool
    }

    /// Lines with more tokens are not technical text.
    private static let maximumTokens = 40

    private let scalars: [Unicode.Scalar]
    private var index = 0

    static func tokens(_ text: String) -> [Placed]? {
        var lexer = SafeLexer(scalars: Array(text.unicodeScalars))
        return lexer.run()
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private mutating func run() -> [Placed]? {
        var tokens: [Placed] = []
        var isGlued = false
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == " " || scalar == "\t" || scalar == "\u{A0}" {
                isGlued = false
                index += 1
                continue
            }
            guard let token = next(scalar, isAfterNumber: isGlued && tokens.last.map(Self.isNumber) == true),
                tokens.count < Self.maximumTokens
            else { return nil }
            tokens.append(Placed(token: token, isGlued: isGlued))
            isGlued = true
        }
        return tokens
    }

    private static func isNumber(_ placed: Placed) -> Bool {
        if case .number = placed.token { true } else { false }
    }

    private mutating func next(_ scalar: Unicode.Scalar, isAfterNumber: Bool) -> SafeToken? {
        if Self.isDigit(scalar) { return number(isSigned: false) }
        if Self.letter(scalar) != nil { return word() }
        let isSign = scalar == "-" || scalar == "+" || scalar == "\u{2212}"
        if isSign, !isAfterNumber, index + 1 < scalars.count, Self.isDigit(scalars[index + 1]) {
            index += 1
            return number(isSigned: true)
        }
        guard ":=<>#%/*,;|()[]-\u{B0}\u{D7}\u{B1}\u{B7}.".unicodeScalars.contains(scalar) else { return nil }
        index += 1
        return .symbol(scalar)
    }

    private mutating func number(isSigned: Bool) -> SafeToken {
        var value = 0
        var integer = 0
        while index < scalars.count, let digit = Self.digit(scalars[index]) {
            value = min(value * 10 + digit, 1_000_000)
            integer += 1
            index += 1
        }
        var fraction = 0
        let isPoint = index + 1 < scalars.count && (scalars[index] == "." || scalars[index] == ",")
        if isPoint, Self.isDigit(scalars[index + 1]) {
            index += 1
            while index < scalars.count, Self.isDigit(scalars[index]) {
                fraction += 1
                index += 1
            }
        }
        return .number(integer: integer, fraction: fraction, value: value, isSigned: isSigned)
    }

    private mutating func word() -> SafeToken {
        var text = ""
        var isUpper = true
        while index < scalars.count, let letter = Self.letter(scalars[index]) {
            if letter != scalars[index], letter != "U" { isUpper = false }
            text.unicodeScalars.append(letter)
            index += 1
        }
        // `cm²` and the like are words of their own.
        if index < scalars.count, scalars[index] == "\u{B2}" || scalars[index] == "\u{B3}" {
            text += scalars[index] == "\u{B2}" ? "2" : "3"
            index += 1
        }
        return .word(text, isUpper: isUpper)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { digit(scalar) != nil }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        (0x30...0x39).contains(scalar.value) ? Int(scalar.value) - 0x30 : nil
    }

    /// Upper case; the two micro signs count as U.
    private static func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x41...0x5A: scalar
        case 0x61...0x7A: Unicode.Scalar(scalar.value - 32)
        case 0xB5, 0x3BC: "U"
        default: nil
        }
    }
}

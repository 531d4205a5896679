import PHIClassification

/// A number of the National Health Service of England and Wales: nine digits and a check digit by modulus 11
/// (NHS Data Dictionary, NHS NUMBER).
public struct NHSNumber: Hashable, Sendable {
    private let digits: [UInt8]

    /// Reads ten digits, also with single blanks or dashes between them; nil where the check digit is wrong.
    public init?(_ text: String) {
        let numbers = Self.numbers(in: text)
        guard numbers.count == 1, let number = numbers.first,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x2D })
        else { return nil }
        self = number
    }

    private init?(digits: [UInt8]) {
        guard NumberPatterns.isNHSNumber(digits) else { return nil }
        self.digits = digits
    }

    /// Every number that stands in a text, as `485 777 3456` in `NHS: 485 777 3456`. Digits that make a longer number are
    /// none.
    public static func numbers(in text: String) -> Set<NHSNumber> {
        var found: Set<NHSNumber> = []
        var digits: [UInt8] = []
        var hasSeparator = false
        func end() {
            if let number = NHSNumber(digits: digits) { found.insert(number) }
            digits = []
            hasSeparator = false
        }
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                digits.append(byte - 0x30)
                hasSeparator = false
            case 0x20 where !digits.isEmpty && !hasSeparator, 0x2D where !digits.isEmpty && !hasSeparator:
                hasSeparator = true
            default: end()
            }
        }
        end()
        return found
    }
}

extension NHSNumber: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

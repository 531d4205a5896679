import PHIClassification

/// A number of the National Health Service of England and Wales: nine digits and a check digit by modulus 11
/// (NHS Data Dictionary, NHS NUMBER).
public struct NHSNumber: Hashable, Sendable {
    private let digits: [UInt8]

    /// Reads ten digits, also with blanks, dashes or dots between them, three at most; nil where the check digit is wrong.
    public init?(_ text: String) {
        let parts = Self.groups(in: text).first ?? []
        guard Self.digitCount(parts) == 10, text.utf8.allSatisfy({ Self.isDigit($0) || Self.isSeparator($0) }),
            let number = NHSNumber(digits: parts.flatMap { $0 })
        else { return nil }
        self = number
    }

    private init?(digits: [UInt8]) {
        guard NumberPatterns.isNHSNumber(digits) else { return nil }
        self.digits = digits
    }

    /// Every number that stands in a text, as `485 777 3456` in `NHS: 485 777 3456`. A run of digits that is longer is
    /// none, nor is a part of it.
    public static func numbers(in text: String) -> Set<NHSNumber> {
        Set(groups(in: text).flatMap { NumberPatterns.tens($0) }.compactMap { NHSNumber(digits: $0) })
    }

    /// Runs of digits, those together that three separators at most stand between, as in `943 - 476 - 5919`.
    private static func groups(in text: String) -> [[[UInt8]]] {
        var groups: [[[UInt8]]] = []
        // Beyond three there is another group.
        var separators = 4
        for byte in text.utf8 {
            if isDigit(byte) {
                if separators > 3 { groups.append([]) }
                if separators > 0 { groups[groups.count - 1].append([]) }
                groups[groups.count - 1][groups[groups.count - 1].count - 1].append(byte - 0x30)
                separators = 0
            } else {
                separators = isSeparator(byte) ? separators + 1 : 4
            }
        }
        return groups
    }

    private static func digitCount(_ parts: [[UInt8]]) -> Int { parts.reduce(0) { $0 + $1.count } }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x2D || byte == 0x2E }
}

extension NHSNumber: CustomStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

public import DICOMModel

/// Keeps of a free text the words that are surely safe, as the Clean Descriptors Option asks (PS3.15 E.3.5).
///
/// A word stays if a closed vocabulary has it, a number if it is a measure; neither stays if it is part of an identifier
/// of the object itself. Everything else is dropped, dates and whatever looks like an id with it. What is then left is
/// read once more as a whole.
public struct DescriptorCleaner: Sendable {
    /// Words of names, ids, places and devices, folded.
    private let forbidden: Set<String>
    private let classifier: TextClassifier

    /// - Parameter identifiers: of the object; its own descriptions among them don't count.
    public init(identifiers: HeaderIdentifiers) {
        let kinds: Set<HeaderIdentifiers.Kind> = [
            .personName, .otherPersonName, .identifier, .accessionNumber, .address, .telephone, .institution,
        ]
        var telling = HeaderIdentifiers()
        var forbidden: Set<String> = []
        for value in identifiers.values where kinds.contains(value.kind) {
            telling.add(value.text, kind: value.kind)
            let tokens = DescriptorTokens(value.text.reveal()).tokens
            let isPlace = value.kind == .institution || value.kind == .address
            for token in tokens where Self.isTelling(token) {
                // A Chest Clinic doesn't make chests telling.
                if isPlace, DescriptorVocabulary.words.contains(token.folded) { continue }
                forbidden.insert(token.folded)
            }
        }
        self.forbidden = forbidden
        classifier = TextClassifier(identifiers: telling)
    }

    /// What may stay; empty where nothing may. Never longer than `text`, and made of its own words in their order.
    public func cleaned(_ text: Sensitive<String>) -> String {
        let tokens = DescriptorTokens(text.reveal()).tokens
        let verdicts = DescriptorVerdicts(tokens: tokens, forbidden: forbidden).kept
        var result = ""
        var last: Int?
        for (index, token) in tokens.enumerated() where verdicts[index] {
            if let last { result += last == index - 1 ? token.separator : " " }
            result += token.text
            last = index
        }
        return isIdentifying(result) ? "" : Self.closed(result, text.reveal())
    }

    /// With the bracket closed that was closed in the text.
    private static func closed(_ result: String, _ text: String) -> String {
        for (open, close) in [("(", ")"), ("[", "]")] where text.contains(close) {
            let isOpen = result.count { String($0) == open } > result.count { String($0) == close }
            if isOpen, result.utf8.count < text.utf8.count { return result + close }
        }
        return result
    }

    /// Whether no identifier of the object and no date, number or address of anybody is in `text`.
    public func isSafe(_ text: String) -> Bool {
        guard !text.isEmpty else { return false }
        let category = classifier.classify(Sensitive(text), confidence: 1).category
        return category != .identifier && category != .pattern
    }

    /// Whether an identifier of the object is in `text`.
    public func isIdentifying(_ text: String) -> Bool {
        classifier.classify(Sensitive(text), confidence: 1).category == .identifier
    }

    /// One letter is an initial, and two or three figures are any number.
    private static func isTelling(_ token: DescriptorTokens.Token) -> Bool {
        token.folded.utf8.count >= (token.isNumber ? 4 : 2)
    }
}

/// A text cut into words and numbers.
struct DescriptorTokens {
    struct Token: Sendable {
        /// As it stands in the text.
        var text: String
        /// Upper case, without diacritics.
        var folded: String
        /// What stands between it and the token before, if that is harmless; a space otherwise.
        var separator: String
        /// Figures, and a point or comma between them.
        var isNumber: Bool
        /// Whether it belongs to something that is no word: an address of a person or a computer.
        var isPartOfAddress: Bool
    }

    private(set) var tokens: [Token] = []

    init(_ text: String) {
        var word = ""
        var gap = ""
        var isAddress = false
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if index == 0 || Self.isBlank(scalars[index - 1]) { isAddress = Self.isAddress(scalars[index...]) }
            if Self.isWordScalar(scalars, index) {
                word.unicodeScalars.append(scalar)
            } else {
                append(&word, &gap, isAddress)
                gap.unicodeScalars.append(scalar)
            }
        }
        append(&word, &gap, isAddress)
    }

    private mutating func append(_ word: inout String, _ gap: inout String, _ isAddress: Bool) {
        guard !word.isEmpty else { return }
        let parts = Self.camelCase(word)
        for (index, part) in parts.enumerated() {
            let folded = String(
                String.UnicodeScalarView(TextFolding.fold(part).compactMap { Unicode.Scalar($0) }))
            tokens.append(
                Token(
                    text: part, folded: folded, separator: index == 0 ? Self.harmless(gap) : "",
                    isNumber: folded.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2C },
                    isPartOfAddress: isAddress))
        }
        word = ""
        gap = ""
    }

    /// `HeadRoutine` is two words where each of them is known; anything else is one.
    private static func camelCase(_ word: String) -> [String] {
        var parts: [String] = []
        var wasLower = false
        for character in word {
            if wasLower, character.isUppercase { parts.append("") }
            if parts.isEmpty { parts.append("") }
            parts[parts.count - 1].append(character)
            wasLower = character.isLowercase
        }
        let areKnown = parts.allSatisfy { DescriptorVocabulary.words.contains($0.uppercased()) }
        return parts.count > 1 && areKnown ? parts : [word]
    }

    private static func isWordScalar(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        let scalar = scalars[index]
        if isLetterOrDigit(scalar) { return true }
        guard index > 0, index + 1 < scalars.count else { return false }
        let isBetweenDigits = isDigit(scalars[index - 1]) && isDigit(scalars[index + 1])
        if scalar == "." || scalar == "," { return isBetweenDigits }
        let isApostrophe = scalar == "'" || scalar == "\u{2019}"
        return isApostrophe && isLetterOrDigit(scalars[index - 1]) && isLetterOrDigit(scalars[index + 1])
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || scalar.properties.isAlphabetic || scalar.properties.isIdeographic
            || scalar.properties.generalCategory == .nonspacingMark
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value <= 0x20 || scalar.value == 0xA0 }

    private static func isAddress(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let chunk = rest.prefix { !isBlank($0) }
        return chunk.contains("@") || chunk.containsRun(Array("://".unicodeScalars))
            || chunk.containsRun(Array("www.".unicodeScalars))
    }

    private static func harmless(_ gap: String) -> String {
        let known = "_-/\\^,;:()[]+&*=<>|. \t\r\n".unicodeScalars
        return !gap.isEmpty && gap.utf8.count <= 3 && gap.unicodeScalars.allSatisfy(known.contains) ? gap : " "
    }
}

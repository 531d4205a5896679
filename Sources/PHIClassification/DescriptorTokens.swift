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
            let folded = TextFolding.text(TextFolding.fold(part))
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
        return ["@", "://", "www."].contains { chunk.containsRun(Array($0.unicodeScalars)) }
    }

    private static func harmless(_ gap: String) -> String {
        let known = "_-/\\^,;:()[]+&*=<>|. \t\r\n".unicodeScalars
        return !gap.isEmpty && gap.utf8.count <= 3 && gap.unicodeScalars.allSatisfy(known.contains) ? gap : " "
    }
}

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
        !text.isEmpty && ![.identifier, .pattern].contains(category(of: text))
    }

    /// Whether an identifier of the object is in `text`.
    public func isIdentifying(_ text: String) -> Bool {
        category(of: text) == .identifier
    }

    private func category(of text: String) -> FindingCategory {
        classifier.classify(Sensitive(text), confidence: 1).category
    }

    /// One letter is an initial, and two or three figures are any number.
    private static func isTelling(_ token: DescriptorTokens.Token) -> Bool {
        token.folded.utf8.count >= (token.isNumber ? 4 : 2)
    }
}

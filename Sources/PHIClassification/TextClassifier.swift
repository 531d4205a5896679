public import DICOMModel

/// What one line of text is, and by which rules.
public struct Classification: Hashable, Sendable {
    public var category: FindingCategory
    /// Ids of `TextRule`, the strongest first; never values.
    public var rules: [String]

    public init(category: FindingCategory, rules: [String]) {
        self.category = category
        self.rules = rules
    }

    /// Whether the text identifies nobody for certain.
    public var isSafe: Bool { category == .technical || category == .marker }
}

/// Tells what a line of recognised text says, from the object's own header, from patterns, and from a closed grammar of
/// safe text.
///
/// A match with the header is tolerant of recognition errors and is never overruled. Safe is only what fits the grammar
/// exactly, as a whole line, and was read with confidence.
public struct TextClassifier: Sendable {
    /// 0…1: what is read with less is never safe.
    public let minimumConfidence: Double
    private let identifiers: IdentifierMatcher

    /// - Parameters:
    ///   - identifiers: of the instance, or of its whole Series.
    ///   - minimumConfidence: 0…1, for a reading to count as safe.
    public init(identifiers: HeaderIdentifiers, minimumConfidence: Double = 0.80) {
        self.identifiers = IdentifierMatcher(identifiers)
        self.minimumConfidence = minimumConfidence
    }

    /// Classifies one line.
    /// - Parameters:
    ///   - text: as recognised; nil where nothing could be read.
    ///   - confidence: 0…1, of the recogniser; anything else, NaN included, counts as none.
    public func classify(_ text: Sensitive<String>?, confidence: Double) -> Classification {
        guard let text = text?.reveal() else { return Self.classification(.unreadable, [.noText]) }
        let line = LineText(text)
        guard !line.scalars.allSatisfy({ $0 == Ascii.space }) else {
            return Self.classification(.unreadable, [.noText])
        }
        let tokens = NumberTokens(line).tokens
        let scanner = DateScanner(tokens)
        let found = identifiers.rules(line, scanner)
        if !found.isEmpty { return Self.classification(.identifier, found) }
        let patterns = patternRules(line, tokens, scanner)
        if !patterns.isEmpty { return Self.classification(.pattern, patterns) }
        if let verdict = safeVerdict(text) {
            guard confidence >= minimumConfidence, confidence <= 1 else {
                return Self.classification(.unreadable, [.lowConfidence])
            }
            return verdict == .marker
                ? Self.classification(.marker, [.markerGrammar])
                : Self.classification(.technical, [.technicalGrammar])
        }
        guard let (rule, isName) = WordPatterns.classify(text, line) else {
            return Self.classification(.unreadable, [.noText])
        }
        return Self.classification(isName ? .nameLike : .freeText, [rule])
    }

    private func patternRules(
        _ line: LineText, _ tokens: [NumberTokens.Token], _ scanner: DateScanner
    ) -> Set<TextRule> {
        var rules = TextPatterns.rules(line, tokens)
        if scanner.hasDate { rules.insert(.date) }
        if scanner.hasTime { rules.insert(.time) }
        rules.formUnion(NumberPatterns.rules(NumberPatterns.groups(tokens)))
        // Two figures, two, and four are a date before they are anybody's telephone.
        if scanner.hasDate { rules.remove(.telephone) }
        return rules
    }

    /// All lines of a text must be safe; a marker only if all are.
    private func safeVerdict(_ text: String) -> SafeGrammar.Verdict? {
        var verdict: SafeGrammar.Verdict = .marker
        for line in text.split(whereSeparator: \.isNewline) {
            guard let found = SafeGrammar.verdict(String(line)) else { return nil }
            if found == .technical { verdict = .technical }
        }
        return verdict
    }

    private static func classification(_ category: FindingCategory, _ rules: Set<TextRule>) -> Classification {
        let ordered = TextRule.allCases.filter(rules.contains)
        return Classification(category: category, rules: ordered.map(\.rawValue))
    }
}

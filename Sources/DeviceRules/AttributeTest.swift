import DICOMFile
public import DICOMModel
import HeaderDeidentification

/// A test of one Attribute's text: its values as the file has them, with `\` between; numbers written out.
public struct AttributeTest: Hashable, Sendable, Codable {
    /// An Attribute that is missing counts as one with an empty text, but for `present` and `missing`.
    public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
        case equals
        case equalsIgnoringCase = "equals-ignoring-case"
        case contains
        case containsIgnoringCase = "contains-ignoring-case"
        case startsWith = "starts-with"
        case startsWithIgnoringCase = "starts-with-ignoring-case"
        case endsWith = "ends-with"
        case endsWithIgnoringCase = "ends-with-ignoring-case"
        /// A regular expression in Java's syntax that the whole text fits.
        case matches
        /// One that fits somewhere in the text, whatever the case of letters.
        case finds
        case lessThan = "less-than"
        case greaterThan = "greater-than"
        case present
        case missing
        /// It is there and has no value.
        case empty

        /// Whether it needs something to compare with.
        public var takesValue: Bool {
            switch self {
            case .present, .missing, .empty: false
            default: true
            }
        }
    }

    /// Where the Attribute is: sequences, of which the first Item counts, and last itself.
    public var path: [Tag]
    public var comparison: Comparison
    /// Empty where there is nothing to compare with.
    public var value: String

    public init(_ path: [Tag], _ comparison: Comparison, _ value: String = "") {
        self.path = path
        self.comparison = comparison
        self.value = value
    }

    // MARK: - Evaluation

    /// Longer texts are looked at up to here.
    private static let maximumLength = 65_536
    private static let maximumSteps = 1_000_000

    /// - Throws: `DeviceRuleError`.
    func holds(for object: DICOMObject) throws -> Bool {
        let found = text(in: object)
        switch comparison {
        case .present: return found != nil
        case .missing: return found == nil
        case .empty: return found?.isEmpty ?? false
        default: return try compares(found ?? "")
        }
    }

    private func compares(_ text: String) throws -> Bool {
        switch comparison {
        case .equals: return text == value
        case .equalsIgnoringCase: return text.lowercased() == value.lowercased()
        case .contains: return value.isEmpty || text.contains(value)
        case .containsIgnoringCase: return value.isEmpty || text.lowercased().contains(value.lowercased())
        case .startsWith: return text.hasPrefix(value)
        case .startsWithIgnoringCase: return text.lowercased().hasPrefix(value.lowercased())
        case .endsWith: return text.hasSuffix(value)
        case .endsWithIgnoringCase: return text.lowercased().hasSuffix(value.lowercased())
        case .lessThan: return Self.number(text).flatMap { left in Self.number(value).map { left < $0 } } ?? false
        case .greaterThan: return Self.number(text).flatMap { left in Self.number(value).map { left > $0 } } ?? false
        case .matches, .finds: return try fits(text)
        case .present, .missing, .empty: return false
        }
    }

    /// Digits and points alone count, as in CTP.
    private static func number(_ text: String) -> Double? {
        Double(text.filter { $0.isASCII && ($0.isNumber || $0 == ".") })
    }

    // MARK: - Regular expressions

    /// - Throws: `DeviceRuleError` for a regular expression that isn't one.
    public func check() throws(DeviceRuleError) {
        guard comparison == .matches || comparison == .finds else { return }
        _ = try pattern()
    }

    private func pattern() throws(DeviceRuleError) -> JavaPattern {
        do throws(JavaPattern.Problem) {
            return try JavaPattern(comparison == .finds ? "(?i)" + value : value)
        } catch {
            throw DeviceRuleError(error.message)
        }
    }

    private func fits(_ text: String) throws -> Bool {
        let pattern = try pattern()
        var steps = Self.maximumSteps
        do {
            if comparison == .matches { return try JavaMatcher.matches(pattern, text, budget: &steps) }
            return try JavaMatcher.firstMatch(pattern, text, budget: &steps) != nil
        } catch {
            throw DeviceRuleError("a regular expression takes too long")
        }
    }

    // MARK: - The Attribute

    /// Nil where it is missing.
    private func text(in object: DICOMObject) -> String? {
        guard let tag = path.last else { return nil }
        var dataSet = tag.isFileMeta && path.count == 1 ? object.fileMeta : object.dataSet
        for sequence in path.dropLast() {
            guard let item = dataSet.items(sequence).first else { return nil }
            dataSet = item
        }
        guard let element = dataSet[tag] else { return nil }
        return String(dataSet.strings(element).joined(separator: "\\").prefix(Self.maximumLength))
    }

    /// `ManufacturerModelName`, `(0008,1090)`, `SequenceOfUltrasoundRegions::RegionDataType`.
    public static func path(parsing text: String) -> [Tag]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).filter { !$0.isEmpty }
        let tags = parts.compactMap { part -> Tag? in
            let name = part.trimmingBlanks
            return DataDictionary.tag(keyword: name) ?? Tag(parsing: name)
        }
        return tags.isEmpty || tags.count != parts.count ? nil : tags
    }

    /// The path in the form that it is read from.
    public var pathText: String {
        path.map { tag in
            let keyword = DataDictionary.keyword(tag)
            return keyword.flatMap { DataDictionary.tag(keyword: $0) == tag ? $0 : nil } ?? tag.description
        }.joined(separator: "::")
    }
}

extension Substring {
    var trimmingBlanks: String {
        var text = self
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        return String(text)
    }
}

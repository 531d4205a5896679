/// What came of rules in somebody else's form: those that were carried over, and a note on everything else.
public struct ImportedRules: Hashable, Sendable {
    public enum Form: String, Hashable, Sendable, CaseIterable {
        /// The script of CTP's DicomPixelAnonymizer.
        case ctp
        /// A recipe of pydicom's deid.
        case deid
    }

    /// Something that isn't, or not exactly, as it was there.
    public struct Note: Hashable, Sendable, Encodable {
        public enum Kind: String, Hashable, Sendable, Encodable {
            /// It was not carried over.
            case leftOut = "left-out"
            /// It was, with another meaning than there.
            case differs
        }

        public var kind: Kind
        /// Counted from 1; the same for a single line.
        public var firstLine: Int
        public var lastLine: Int
        public var reason: String

        public init(_ kind: Kind, lines: ClosedRange<Int>, _ reason: String) {
            self.kind = kind
            firstLine = lines.lowerBound
            lastLine = lines.upperBound
            self.reason = reason
        }
    }

    public var form: Form
    public internal(set) var rules: [DeviceRule] = []
    /// In the order of lines.
    public internal(set) var notes: [Note] = []

    public var isComplete: Bool { !notes.contains { $0.kind == .leftOut } }

    /// - Parameters:
    ///   - form: nil to tell it by the text: a recipe begins with `FORMAT dicom`.
    ///   - rejectsBlacklisted: what a recipe's blacklist means: rejected, or held for a person.
    /// - Throws: `DeviceRuleError` for a text that is neither.
    public init(parsing text: String, form: Form? = nil, rejectsBlacklisted: Bool = false) throws(DeviceRuleError) {
        // Without byte order marks, and line ends as they are here.
        let text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FEFF}" && $0 != "\r" }))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let beginning = lines.lazy.map(\.trimmingBlanks).first { !$0.isEmpty && !$0.hasPrefix("#") } ?? ""
        switch form ?? (beginning.uppercased().hasPrefix("FORMAT") ? .deid : text.contains("{") ? .ctp : nil) {
        case .deid:
            var reader = DeidRecipeReader(lines: lines, rejectsBlacklisted: rejectsBlacklisted)
            self = reader.read()
        case .ctp:
            var reader = CTPScriptReader(text)
            self = reader.read()
        case nil:
            throw DeviceRuleError("this is neither a script of CTP's pixel anonymizer nor a deid recipe")
        }
        notes.sort { ($0.firstLine, $0.lastLine) < ($1.firstLine, $1.lastLine) }
    }

    init(form: Form) {
        self.form = form
    }

    /// Adds a rule under a name of its own.
    mutating func add(_ name: String, line: Int, _ condition: RuleCondition?, _ effect: DeviceRule.Effect) {
        let allowed = name.unicodeScalars.map { scalar -> Character in
            (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\" ? Character(scalar) : "-"
        }
        let others = rules.reversed().prefix {
            $0.name.hasSuffix(", line \(line)") || $0.name.contains(", line \(line), ")
        }
        let ending = ", line \(line)" + (others.isEmpty ? "" : ", no. \(others.count + 1)")
        let short = String(allowed).prefix(100 - ending.utf8.count).trimmingBlanks
        rules.append(
            DeviceRule(name: (short.isEmpty ? form.rawValue : short) + ending, condition: condition, effect: effect))
    }
}

/// Something that is said about a script, or that happened while it ran; never an Attribute's value.
public struct ScriptDiagnostic: Hashable, Sendable {
    /// A stable id such as `bare-private-tag`; `docs/dicomedit.md` lists them.
    public struct Rule: Hashable, Sendable {
        public let name: String

        public init(_ name: String) {
            self.name = name
        }
    }

    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// XNAT refuses the script, or fails on every object that reaches the line.
        case refused
        /// It runs, and does something else than it seems to.
        case warning
        case note
    }

    public let rule: Rule
    public let severity: Severity
    public let position: ScriptPosition
    /// Characters that are meant, from `position` on, in its line.
    public let length: Int
    public let message: String
    /// What to do about it.
    public let hint: String?

    init(_ rule: Rule, _ severity: Severity, _ span: ScriptSpan, _ message: String, hint: String? = nil) {
        self.rule = rule
        self.severity = severity
        position = span.start
        length = span.length
        self.message = message
        self.hint = hint
    }
}

extension ScriptDiagnostic.Rule {
    // What XNAT refuses.
    static let syntax = Self("syntax")
    static let hashComment = Self("hash-comment")
    static let barePrivateTag = Self("bare-private-tag")
    static let version = Self("version")
    static let missingVersion = Self("missing-version")
    static let quotes = Self("quotes")
    static let escape = Self("escape")
    static let parentheses = Self("parentheses")
    static let oneStatementALine = Self("one-statement-a-line")
    static let unknownFunction = Self("unknown-function")
    static let unsupportedFunction = Self("unsupported-function")
    static let argumentCount = Self("argument-count")
    static let argument = Self("argument")
    static let itemNumber = Self("item-number")
    static let wildcardTarget = Self("wildcard-target")
    static let wildcardValue = Self("wildcard-value")
    static let pattern = Self("pattern")
    static let units = Self("units")
    static let reservedName = Self("reserved-name")
    static let tooLarge = Self("too-large")
    static let tooDeep = Self("too-deep")
    // What does something else than it seems to.
    static let wildcardGroup = Self("wildcard-group")
    static let quotedPath = Self("quoted-path")
    static let creatorCharacters = Self("creator-characters")
    package static let shiftedTwice = Self("shifted-twice")
    static let secondsForDays = Self("seconds-for-days")
    static let deletedSource = Self("deleted-source")
    static let unknownTag = Self("unknown-tag")
    static let retiredTag = Self("retired-tag")
    static let createsElement = Self("creates-element")
    static let unkeyedHash = Self("unkeyed-hash")
    static let absentArgument = Self("absent-argument")
    static let copiedIdentifier = Self("copied-identifier")
    static let selfAssignment = Self("self-assignment")
    static let shiftedFromElsewhere = Self("shifted-from-elsewhere")
    static let emptyAssignment = Self("empty-assignment")
    static let givenVariable = Self("given-variable")
    static let conditionalVariable = Self("conditional-variable")
    static let characterSet = Self("character-set")
    static let requiredAttribute = Self("required-attribute")
    static let unreachable = Self("unreachable")
    static let redactionFill = Self("redaction-fill")
    // While a script runs.
    static let absentValue = Self("absent-value")
    static let sequenceValue = Self("sequence-value")
}

/// An Attribute that a released header has from its original, and why. Without values, and without the numbers of items.
public struct RetainedAttribute: Hashable, Sendable {
    /// `(0008,1140)/(0008,1155)`; of a sequence in itself only one is named.
    public let path: String
    /// Of the innermost; empty for private and unknown tags.
    public let keyword: String
    /// `E.1-1 X, 113109 K`, `not listed`, `scripts` …
    public let rule: String
    /// Whether the value is another one than it was: mapped, moved, cleaned, or a dummy.
    public let isChanged: Bool

    public init(path: String, keyword: String, rule: String, isChanged: Bool) {
        self.path = path
        self.keyword = keyword
        self.rule = rule
        self.isChanged = isChanged
    }

    /// As it is stored: `kept|(0008,0060)|Modality|not listed`.
    package var line: String { "\(isChanged ? "changed" : "kept")|\(path)|\(keyword)|\(rule)" }

    init?(line: Substring) {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count == 4, fields[0] == "changed" || fields[0] == "kept" else { return nil }
        self.init(
            path: String(fields[1]), keyword: String(fields[2]), rule: String(fields[3]),
            isChanged: fields[0] == "changed")
    }
}

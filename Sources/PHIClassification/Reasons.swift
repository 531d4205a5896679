public import DICOMModel

/// The catalogue of every reason code: what it means to a hospital user and what to do next.
///
/// `docs/reasons.md` is generated from it by `markdown()`.
public enum Reasons {
    /// One code, a sentence that says what it means, and what to do next.
    public typealias Entry = (code: ReasonCode, sentence: String, next: String)

    /// Every code, in the order of the documentation.
    public static let all: [Entry] = sections.flatMap(\.entries)

    /// The entry of a code; nil for a code that no release has given.
    public static func entry(_ code: ReasonCode) -> Entry? {
        index[code].map { all[$0] }
    }

    private static let index: [ReasonCode: Int] = Dictionary(
        all.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { first, _ in first })

    static let sections: [(title: String, entries: [Entry])] = [
        ("What could not be read", input),
        ("What was not or could not be examined", examination),
        ("What kind of series it is", kinds),
        ("Signs in the header", signs),
        ("What was found or done", findings),
        ("What the second look found", verification),
        ("What lists, scripts and device rules of the site say", terms),
        ("What people decided", review),
    ]

    /// The whole catalogue as a document.
    public static func markdown() -> String {
        var text = """
            # Reason codes

            Every decision carries one or more of these codes, in reports, in the ledger and on the command line. A code
            never changes its meaning.

            """
        for section in sections {
            text += "\n## \(section.title)\n\n| Code | What it means | What to do |\n|---|---|---|\n"
            for entry in section.entries {
                text += "| `\(entry.code)` | \(entry.sentence) | \(entry.next) |\n"
            }
        }
        return text
    }
}

/// The name that a person goes by in the ledger: of staff, not of patients.
public struct Reviewer: Hashable, Sendable {
    public let name: String

    /// - Throws: `PipelineError` with code `.review` unless there are 1 to 64 letters, digits, blanks and `. - _ @`.
    public init(_ name: String) throws {
        let words = name.split(separator: " ")
        let text = words.joined(separator: " ")
        let isFit = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value)
                || " .-_@'".unicodeScalars.contains(scalar)
        }
        guard !text.isEmpty, text.count <= 64, isFit else {
            throw PipelineError(
                .review, "a reviewer's name has 1 to 64 letters, digits, blanks and . - _ @", hint: "give it with --as")
        }
        self.name = text
    }

    /// Whether a name stands for this person: case doesn't make another one.
    func isCalled(_ other: String) -> Bool { name.lowercased() == other.lowercased() }
}

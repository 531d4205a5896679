import DICOMModel
import PHIClassification

/// Why a person decided, in words that go into the ledger and so must name no patient.
public struct ReviewReason: Hashable, Sendable {
    public let text: String

    /// - Throws: `PipelineError` with code `.review` for an empty or long text, and for one that holds a date, a number of a
    ///   patient, a postcode, a telephone number or an address. It can't know names: that is left to whoever writes.
    public init(_ text: String) throws {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty, text.count <= 300 else {
            throw PipelineError(.review, "a reason has 1 to 300 characters", hint: "give it with --reason")
        }
        let classifier = TextClassifier(identifiers: HeaderIdentifiers())
        let found = classifier.classify(Sensitive(text), confidence: 1)
        // To speak of a name is not to give one: "the name at the top was missed".
        let isWordAlone = found.rules == [TextRule.label.rawValue] && !text.contains(":")
        guard found.category != .pattern || isWordAlone else {
            throw PipelineError(
                .review, "the reason holds a date, a number or an address, which may identify a patient",
                hint: "say it without")
        }
        self.text = text
    }
}

import DICOMFile
import DICOMModel
import PHIClassification

/// Codes in sequences that are cleaned: an item of a code sequence (PS3.3 8) is kept where its coding scheme is published
/// and nobody is named in it, and replaced by one that says nothing otherwise.
extension DeidentificationPass {
    private static let longValue = Tag(0x0008, 0x0119)
    /// What says something of a thing.
    private static let telling: [Tag] = [.codeValue, longValue, .codeMeaning]
    private static let attributes = Set(telling + [.codingSchemeDesignator, Tag(0x0008, 0x0103)])

    /// Whether `tag` is a part of the code that `dataSet` is.
    func isCode(_ tag: Tag, in dataSet: DataSet) -> Bool {
        Self.attributes.contains(tag) && dataSet.contains(.codingSchemeDesignator)
    }

    /// What takes the place of a code that may not stay; nil where it may, or `dataSet` is no code.
    mutating func replacement(forCode dataSet: DataSet) -> DataSet? {
        guard Self.telling.contains(where: dataSet.contains) else { return nil }
        let key = Self.attributes.sorted().map { dataSet.string($0) ?? "" }.joined(separator: "\u{0}")
        let mayStay = codeTexts[key] ?? isSafeCode(dataSet)
        codeTexts[key] = mayStay
        return mayStay ? nil : DummyItems(dataSet: dataSet) { $0 }.code
    }

    private func isSafeCode(_ dataSet: DataSet) -> Bool {
        guard let cleaner else { return false }
        let texts = Self.telling.flatMap { dataSet.strings($0) }.filter { !$0.isEmpty }
        if StructuredContentTable.isPublished(dataSet.string(.codingSchemeDesignator) ?? "") {
            return texts.allSatisfy { !cleaner.isIdentifying($0) }
        }
        // Anybody's own codes may say anything: only words that would stay in a description do.
        return texts.allSatisfy { cleaner.cleaned(Sensitive($0)) == $0 }
    }
}

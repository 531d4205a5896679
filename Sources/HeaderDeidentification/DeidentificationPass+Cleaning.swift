import DICOMFile
import DICOMModel
import PHIClassification

/// Code C: what is left of a value once whatever identifies is out of it.
extension DeidentificationPass {
    /// Nil where nothing may be left.
    mutating func cleaned(_ element: DataElement, of dataSet: DataSet, at place: Place) throws -> DataElement? {
        guard !element.isEmpty else { return element }
        let vr = element.standardVR
        guard vr == .sq || element.items == nil else { return nil }
        switch vr {
        case .sq: return try cleanedSequence(element)
        case .da: return moved(element, vr, of: dataSet) { $0.shifted(date: $1) }
        case .dt: return moved(element, vr, of: dataSet) { $0.shifted(dateTime: $1) }
        // Whole days leave the time of day as it is, if it is one.
        case .tm: return try shift != nil && element.isValid() ? element : nil
        case .sh where element.tag == Self.timezoneOffset:
            return dataSet.strings(element).allSatisfy(Self.isTimezone) ? element : nil
        case .ae: return renamed(element, of: dataSet)
        case .cs: return isSafeCode(element, of: dataSet) ? element : nil
        case .lo, .sh, .st, .lt, .ut, .uc: return cleanedText(element, vr, of: dataSet)
        default: return nil
        }
    }

    // MARK: - Dates and times (PS3.15 E.3.6)

    private static let timezoneOffset = Tag(0x0008, 0x0201)

    /// All values moved; nil where one can't be.
    private func moved(
        _ element: DataElement, _ vr: VR, of dataSet: DataSet, by move: (TemporalShift, String) -> String?
    ) -> DataElement? {
        guard let shift else { return nil }
        let texts = dataSet.strings(element)
        let moved = texts.compactMap { $0.isEmpty ? "" : move(shift, $0) }
        guard !texts.isEmpty, moved.count == texts.count else { return nil }
        return DataElement(tag: element.tag, vr: vr, bytes: Array(moved.joined(separator: "\\").utf8))
    }

    /// `±hhmm` (PS3.3 C.12.1).
    private static func isTimezone(_ text: String) -> Bool {
        let digits = text.dropFirst()
        return text.first.map { "+-".contains($0) } == true && digits.utf8.count == 4
            && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    // MARK: - Text (PS3.15 E.3.5)

    private func cleanedText(_ element: DataElement, _ vr: VR, of dataSet: DataSet) -> DataElement? {
        guard let cleaner else { return nil }
        let texts = dataSet.strings(element).map { cleaner.cleaned(Sensitive($0)) }.filter { !$0.isEmpty }
        guard !texts.isEmpty, let bytes = dataSet.characterSet.encode(texts.joined(separator: "\\")) else { return nil }
        return DataElement(tag: element.tag, vr: vr, bytes: bytes)
    }

    /// Codes that the standard enumerates for an Attribute that is cleaned.
    private static let enumerated: [Tag: Set<String>] = [Tag(0x0400, 0x0565): ["COERCE", "CORRECT"]]

    private func isSafeCode(_ element: DataElement, of dataSet: DataSet) -> Bool {
        guard let codes = Self.enumerated[element.tag] else { return false }
        return dataSet.strings(element).allSatisfy(codes.contains)
    }

    /// AE titles by names that say nothing and still tell one machine from another (Retain Device Identity).
    private func renamed(_ element: DataElement, of dataSet: DataSet) -> DataElement? {
        let names = dataSet.strings(element).map { name in
            name.isEmpty ? "" : "AE" + pseudonyms.token(name, domain: "ae-title", length: 14).uppercased()
        }
        guard !names.isEmpty else { return nil }
        return DataElement(tag: element.tag, vr: .ae, bytes: Array(names.joined(separator: "\\").utf8))
    }

    // MARK: - Sequences

    /// Sequences whose items are content items: name, type, value (PS3.3 C.17.3, 10.2; PS3.15 E.3.4).
    static let contentSequences: Set<Tag> = [.contentSequence, Tag(0x0040, 0x0555), Tag(0x0040, 0x0612)]

    private mutating func cleanedSequence(_ element: DataElement) throws -> DataElement? {
        guard let items = element.items else { return nil }
        var cleaned: [DataSet] = []
        cleaned.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            trail?.enter(element.tag, item: index)
            defer { trail?.leave() }
            if Self.contentSequences.contains(element.tag) {
                if let item = try contentItem(item, inside: element.tag) { cleaned.append(item) }
            } else {
                cleaned.append(try cleanedItem(item, inside: element.tag))
            }
        }
        return cleaned.isEmpty ? nil : element.replacing(.items(cleaned))
    }

    private mutating func cleanedItem(_ item: DataSet, inside sequence: Tag) throws -> DataSet {
        try deidentify(item, at: Place(sequence: sequence, isCleaned: true))
    }
}

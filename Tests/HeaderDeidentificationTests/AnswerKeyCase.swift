import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// One row of Table E.1-1, its Attribute planted by itself, and what came out of it, in the words of the answer key.
struct AnswerKeyCase: Sendable, CustomTestStringConvertible {
    let row: AnswerKeyTests.Row

    static let all: [AnswerKeyCase] = AnswerKeyTests.rows.map(AnswerKeyCase.init)

    var testDescription: String { name }
    var name: String { "\(row.tag) \(DataDictionary.keyword(row.tag) ?? "")" }

    /// What is expected, and what came out.
    struct Outcome {
        let expected: String
        let found: String
        /// The word, or both of them where they differ.
        var text: String { expected == found ? found : "✗ \(found), not \(expected)" }
        var isRight: Bool { expected == found }
    }

    // MARK: - Expectations beside the key's

    /// Where Z allows a dummy, patients get their pseudonym at root level.
    private var isOfPatient: Bool { row.tag == .patientName || row.tag == .patientID }
    /// Label Text counts as an identifier, of which nothing may stay.
    private var isLabelText: Bool { row.tag == Tag(0x2200, 0x0002) }

    func image() throws -> Outcome { try outcome(isOfPatient ? "dummy" : row.ct) }
    func report() throws -> Outcome {
        try outcome(isOfPatient ? "dummy" : row.sr, sopClass: "1.2.840.10008.5.1.4.1.1.88.22")
    }
    func item() throws -> Outcome { try outcome(row.nested, isNested: true) }

    /// By option, in the order of the table.
    func options() throws -> [(option: ProfileOption, outcome: Outcome)] {
        try ProfileOption.allCases.compactMap { option in
            guard let expected = row.options[option.rawValue] else { return nil }
            return (option, try outcome(isLabelText ? row.ct : expected, options: [option]))
        }
    }

    // MARK: - Trying

    private static let anatomicRegion = Tag(0x0008, 0x2218)

    private func outcome(
        _ expected: String, sopClass: String = "1.2.840.10008.5.1.4.1.1.2", isNested: Bool = false,
        options: Set<ProfileOption> = []
    ) throws -> Outcome {
        let planted = planted(cleanably: expected == "cleaned")
        var original = object([DataElement(tag: .patientID, vr: .lo, ascii: "12345")], sopClass: sopClass)
        original.fileMeta[Tag(0x0002, 0x0016)] = nil
        if isNested {
            let inner = DataElement(tag: Self.anatomicRegion, items: [DataSet(elements: [planted])])
            original.dataSet[Self.anatomicRegion] = DataElement(
                tag: Self.anatomicRegion, items: [DataSet(elements: [inner])])
        } else {
            original.dataSet[row.tag] = planted
        }
        let result = try deidentified(original, options)
        let place =
            isNested
            ? result.items(Self.anatomicRegion).first?.items(Self.anatomicRegion).first ?? DataSet() : result
        return Outcome(expected: expected, found: try word(for: place, planted, expected))
    }

    /// Through bytes, but for what a reader takes for File Meta Information or refuses to see in a Data Set.
    private func deidentified(_ original: DICOMObject, _ options: Set<ProfileOption>) throws -> DataSet {
        var object = original
        if row.tag.group > 0x0004 { object = try DICOMObject.read(MemoryByteSource(try original.serialized())) }
        let profile = try DeidentificationProfile(options: options)
        _ = try HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms).deidentify(&object, pixels: .noPixels)
        guard row.tag.group > 0x0004 else { return object.dataSet }
        return try DICOMObject.read(MemoryByteSource(try object.serialized())).dataSet
    }

    // MARK: - Planting and finding

    private static let spacing = Tag(0x0018, 0x0088)

    private func planted(cleanably: Bool) -> DataElement {
        switch row.vr {
        case .sq: DataElement(tag: row.tag, items: [Self.item])
        case .sh where row.tag == Tag(0x0008, 0x0201): DataElement(tag: row.tag, vr: .sh, ascii: "+0100")
        case let vr where cleanably && vr == .cs: DataElement(tag: row.tag, vr: vr, ascii: "COERCE")
        case let vr where cleanably && vr.usesSpecificCharacterSet && vr != .pn:
            DataElement(tag: row.tag, vr: vr, ascii: "Pelvis \(Canary.text)")
        default: Canary.element(row.tag, row.vr)
        }
    }

    /// A measurement, which stays wherever items do, and a name, which stays nowhere; a content item where that is wanted.
    private static var item: DataSet {
        DataSet(elements: [
            Canary.element(.patientName, .pn), DataElement(tag: spacing, vr: .ds, ascii: "7"),
            DataElement(tag: Tag(0x0040, 0xA010), vr: .cs, ascii: "CONTAINS"),
            DataElement(tag: Tag(0x0040, 0xA040), vr: .cs, ascii: "CODE"),
        ])
    }

    private func word(for dataSet: DataSet, _ planted: DataElement, _ expected: String) throws -> String {
        guard let found = dataSet[row.tag] else { return "gone" }
        guard !found.isEmpty else { return "empty" }
        if let items = found.items {
            let hasName = items.contains { $0.string(.patientName) == Canary.name }
            guard !hasName else { return "left" }
            let isWalked = items.count == 1 && items[0].string(Self.spacing) == "7"
            return isWalked ? (expected == "cleaned" ? "cleaned" : "kept") : "dummy"
        }
        let bytes = try dataSet.bytes(row.tag) ?? []
        if row.vr == .ui, dataSet.string(row.tag) == pseudonyms.uid(UID(Canary.uid)).value {
            // The dummy of a UID is a new one.
            return expected == "dummy" ? "dummy" : "uid"
        }
        if expected == "cleaned", AnswerKeyOptionTests.isCleaned(row, dataSet, found) { return "cleaned" }
        if AnswerKeyOptionTests.isSame(bytes, planted) { return expected == "kept" ? "kept" : "left" }
        return Canary.sings(in: bytes) ? "left" : "dummy"
    }
}

import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// The option columns of Table E.1-1 against the answer key: alone, in pairs, and all together.
struct AnswerKeyOptionTests {
    private let anatomicRegion = Tag(0x0008, 0x2218)

    /// Every set of options that is tried: each alone, each two that go together, and all, with either kind of dates.
    static let optionSets: [Set<ProfileOption>] = {
        let dates: [ProfileOption] = [.retainLongitudinalFullDates, .retainLongitudinalModifiedDates]
        let all = ProfileOption.allCases
        let pairs = all.indices.flatMap { one in all.indices.dropFirst(one + 1).map { Set([all[one], all[$0]]) } }
        let most = dates.map { date in Set(all.filter { !dates.contains($0) || $0 == date }) }
        return all.map { [$0] } + pairs.filter { $0 != Set(dates) } + most
    }()

    @Test func `the answer key has every option of the table`() {
        let names = Set(AnswerKeyTests.rows.flatMap(\.options.keys))
        // Retain Safe Private is on the row of odd groups only, which isn't a single Attribute.
        #expect(names == Set(ProfileOption.allCases.map(\.rawValue)).subtracting(["retain-safe-private"]))
        let kept = AnswerKeyTests.rows.reduce(0) { $0 + $1.options.values.count { $0 == "kept" } }
        // K in the table: 60 + 48 + 10 + 14 + 169, less (0002,0003), (0000,1000), (0000,1001), (0004,1511).
        #expect(kept == 301 - 4)
    }

    @Test(arguments: optionSets.indices)
    func `every row follows the options, at root level and in items`(_ index: Int) throws {
        let options = Self.optionSets[index]
        let result = try deidentified(object(Self.planted + patient), options: options).object.dataSet
        var failures = AnswerKeyTests.rows.compactMap { failure($0, $0.ct, in: result, options) }
        let inner = DataElement(tag: anatomicRegion, items: [DataSet(elements: Self.planted)])
        let outer = DataElement(tag: anatomicRegion, items: [DataSet(elements: [inner])])
        let nested = try deidentified(object([outer] + patient), options: options).object.dataSet
        let item = try #require(nested.items(anatomicRegion).first?.items(anatomicRegion).first)
        failures += AnswerKeyTests.rows.compactMap { failure($0, $0.nested, in: item, options) }
        #expect(failures == [], "\(options.map(\.rawValue).sorted())")
    }

    @Test(arguments: ProfileOption.allCases)
    func `nothing that an option doesn't keep is left in any byte`(_ option: ProfileOption) throws {
        let lost = Self.planted.filter { element in
            AnswerKeyTests.rows.first { $0.tag == element.tag }?.options[option.rawValue] != "kept"
        }
        let nested = DataElement(tag: anatomicRegion, items: [DataSet(elements: lost)])
        var original = object(lost + [nested] + patient)
        original.fileMeta[.mediaStorageSOPInstanceUID] = nil
        // Times of day stay with modified dates; the table cleans them by leaving them.
        if option == .retainLongitudinalModifiedDates { original.dataSet.mapElements { $0.vr == .tm ? nil : $0 } }
        let bytes = try deidentified(original, options: [option]).bytes
        let text = String(decoding: bytes.map { $0 == 0 || $0 > 0x7E ? 0x20 : $0 }, as: UTF8.self).lowercased()
        // Dates of items that aren't rows by themselves are moved or kept by their VR.
        #expect(!["zzcanary", "quuxina", "987654321"].contains { text.contains($0) })
    }

    // MARK: - Planting

    private static let labelText = Tag(0x2200, 0x0002)

    private let patient = [DataElement(tag: .patientID, vr: .lo, ascii: "12345")]

    /// As the canary, but with something that may stay where a column has C.
    private static let planted: [DataElement] = {
        let patient: [Tag] = [.patientID, .issuerOfPatientID]
        return AnswerKeyTests.rows
            .filter { $0.tag.group > 0x0004 && $0.tag.group < 0xFFFA && !patient.contains($0.tag) }.map { row in
                if row.tag == Tag(0x0008, 0x0201) { return DataElement(tag: row.tag, vr: .sh, ascii: "+0100") }
                guard row.options.values.contains("cleaned"), row.tag != labelText else {
                    return Canary.element(row.tag, row.vr)
                }
                switch row.vr {
                case .cs: return DataElement(tag: row.tag, vr: row.vr, ascii: "COERCE")
                case .lo, .sh, .st, .lt, .ut, .uc:
                    return DataElement(tag: row.tag, vr: row.vr, ascii: "Pelvis \(Canary.text)")
                case .sq: return DataElement(tag: row.tag, items: [contentItem])
                default: return Canary.element(row.tag, row.vr)
                }
            }
            .sorted { $0.tag < $1.tag }
    }()
    private static let originals = Dictionary(uniqueKeysWithValues: planted.map { ($0.tag, $0) })

    /// A content item that may stay, with what may not beside its value.
    private static var contentItem: DataSet {
        DataSet(elements: [
            Canary.element(Tag(0x0010, 0x0010), .pn),
            DataElement(tag: Tag(0x0040, 0xA010), vr: .cs, ascii: "CONTAINS"),
            DataElement(tag: Tag(0x0040, 0xA040), vr: .cs, ascii: "CODE"),
            Canary.element(Tag(0x0040, 0xA123), .pn),
            Canary.element(Tag(0x0070, 0x0006), .st),
        ])
    }

    // MARK: - Judging

    private func expectation(_ row: AnswerKeyTests.Row, _ options: Set<ProfileOption>) -> String? {
        let modified = ProfileOption.retainLongitudinalModifiedDates
        let columns = options.compactMap { row.options[$0.rawValue] }
        if options.contains(modified), row.options[modified.rawValue] != nil { return "cleaned" }
        return columns.contains("kept") ? "kept" : columns.first
    }

    /// What is wrong with a row; nil where it is as it should be.
    private func failure(
        _ row: AnswerKeyTests.Row, _ basic: String, in dataSet: DataSet, _ options: Set<ProfileOption>
    ) -> String? {
        guard ![.patientName, .patientID, .issuerOfPatientID, .sopInstanceUID].contains(row.tag) else { return nil }
        let found = dataSet[row.tag]
        let bytes = (try? dataSet.bytes(row.tag)) ?? nil
        let original = Self.originals[row.tag]
        let isRight: Bool
        // Label Text counts as an identifier, so that nothing of it may stay.
        let expected = row.tag == Self.labelText ? nil : expectation(row, options)
        switch expected ?? basic {
        case "gone": isRight = found == nil
        case "empty": isRight = found?.isEmpty == true
        case "dummy": isRight = found?.isEmpty == false && !Canary.sings(in: bytes ?? [])
        case "uid": isRight = dataSet.string(row.tag) == pseudonyms.uid(UID(Canary.uid)).value
        case "kept":
            isRight = row.vr == .sq ? found?.items?.count == 1 : bytes.map { Self.isSame($0, original) } == true
        case "cleaned": isRight = Self.isCleaned(row, dataSet, found)
        default: isRight = false
        }
        return isRight ? nil : "\(row.tag) \(row.vr) \(expected ?? basic)"
    }

    static func isSame(_ bytes: [UInt8], _ original: DataElement?) -> Bool {
        guard case .bytes(let value)? = original?.value else { return false }
        return (try? value.load()) == bytes
    }

    static func isCleaned(_ row: AnswerKeyTests.Row, _ dataSet: DataSet, _ found: DataElement?) -> Bool {
        switch row.vr {
        // 276 days back, which Python's hmac gives for this patient and key.
        case .da: dataSet.string(row.tag) == "19870220"
        case .dt: dataSet.string(row.tag) == "19870220" + Canary.time
        case .tm: dataSet.string(row.tag) == Canary.time
        case .sh where row.tag == Tag(0x0008, 0x0201): dataSet.string(row.tag) == "+0100"
        case .cs: dataSet.string(row.tag) == "COERCE"
        case .ae: dataSet.string(row.tag)?.wholeMatch(of: /AE[0-9A-F]{14}/) != nil
        case .sq: found?.items?.count == 1
        default: dataSet.string(row.tag) == "Pelvis"
        }
    }
}

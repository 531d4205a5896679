import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// Clean Structured Content (PS3.15 E.3.4): Table E.3.4-1 from its own file, and whole reports.
struct StructuredContentTests {
    struct Row: Sendable {
        let value: String
        let scheme: String
        let type: String
        let basic: String
        let kept: Set<ProfileOption>
        let cleaned: Set<ProfileOption>
    }

    /// Fixtures/structured_content.csv is Table E.3.4-1, one line a row (PS3.15, edition 2026c).
    static let rows: [Row] = {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let text = (try? String(contentsOf: fixtures.appending(path: "structured_content.csv"), encoding: .utf8)) ?? ""
        let columns: [ProfileOption] = [
            .retainUIDs, .retainDeviceIdentity, .retainInstitutionIdentity, .retainPatientCharacteristics,
            .retainLongitudinalFullDates, .retainLongitudinalModifiedDates, .cleanDescriptors,
        ]
        return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
            // No field but the meaning, which is first, has a comma in it.
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init).suffix(13)
            guard fields.count == 13 else { return nil }
            let first = fields.startIndex
            func options(_ code: String) -> Set<ProfileOption> {
                Set(columns.indices.filter { fields[first + 6 + $0] == code }.map { columns[$0] })
            }
            return Row(
                value: fields[first], scheme: fields[first + 1], type: fields[first + 2], basic: fields[first + 5],
                kept: options("K"), cleaned: options("C"))
        }
    }()

    static let optionSets: [Set<ProfileOption>] =
        [[]]
        + [
            .retainUIDs, .retainDeviceIdentity, .retainInstitutionIdentity, .retainPatientCharacteristics,
            .retainLongitudinalFullDates, .retainLongitudinalModifiedDates, .cleanDescriptors,
        ].map { [$0] } + [
            [.retainUIDs, .retainDeviceIdentity, .retainPatientCharacteristics, .retainLongitudinalFullDates]
        ]

    // MARK: - The table

    @Test(arguments: optionSets)
    func `every row of the table is carried out`(_ options: Set<ProfileOption>) throws {
        #expect(Self.rows.count == 214)
        let items = Self.rows.map(item)
        let result = try report(items, options: options.union([.cleanStructuredContent]))
        var rest = result.items(.contentSequence)[...]
        var failures: [String] = []
        for row in Self.rows {
            let next = rest.first?.items(conceptName).first
            let isNext = next?.string(codeValue) == row.value && rest.first?.string(valueType) == row.type
            let found = isNext ? rest.popFirst() : nil
            if let failure = failure(row, found, options) { failures.append("\(row.value) \(row.type): \(failure)") }
        }
        #expect(failures == [])
        #expect(rest.isEmpty)
    }

    private func failure(_ row: Row, _ found: DataSet?, _ options: Set<ProfileOption>) -> String? {
        let isKept = !row.kept.isDisjoint(with: options)
        let isCleaned = !row.cleaned.isDisjoint(with: options)
        guard let found else { return isKept || isCleaned || row.basic != "X" ? "gone" : nil }
        guard isKept || isCleaned || row.basic != "X" else { return "still there" }
        switch row.type {
        case "TEXT":
            let original = row.cleaned.isEmpty ? Canary.text : "Pelvis " + Canary.text
            let text = isKept ? original : isCleaned ? "Pelvis" : "REMOVED"
            return found.string(Tag(0x0040, 0xA160)) == text ? nil : "text"
        case "PNAME": return found.string(Tag(0x0040, 0xA123)) == "ANONYMOUS" ? nil : "name"
        case "DATE":
            return found.string(Tag(0x0040, 0xA121)) == (isKept ? Canary.date : isCleaned ? "19870220" : "19000101")
                ? nil : "date"
        case "DATETIME":
            let moment = isKept ? Canary.date + Canary.time : isCleaned ? "19870220" + Canary.time : "19000101000000"
            return found.string(Tag(0x0040, 0xA120)) == moment ? nil : "moment"
        case "TIME":
            return found.string(Tag(0x0040, 0xA122)) == (isKept || isCleaned ? Canary.time : "000000") ? nil : "time"
        case "UIDREF":
            let uid = isKept ? Canary.uid : pseudonyms.uid(UID(Canary.uid)).value
            return found.string(Tag(0x0040, 0xA124)) == uid ? nil : "UID"
        case "IMAGE", "COMPOSITE", "WAVEFORM":
            let reference = found.items(Tag(0x0008, 0x1199)).first?.string(Tag(0x0008, 0x1155))
            let uid = options.contains(.retainUIDs) ? Canary.uid : pseudonyms.uid(UID(Canary.uid)).value
            return reference == uid ? nil : "reference"
        default: return nil
        }
    }

    // MARK: - Older codes, nesting, what the table doesn't have

    @Test(arguments: ["SRT", "SNM3", "99SDM"])
    func `SNOMED RT counts under each of its names`(_ scheme: String) throws {
        // Finding Site, G-C0E3 (PS3.16): D, and C with Clean Descriptors. As a code it isn't in the table.
        let site = content("G-C0E3", scheme, "TEXT", value(of: "TEXT"))
        let plain = try report([site]).items(.contentSequence)
        #expect(plain.map { $0.string(Tag(0x0040, 0xA160)) } == ["REMOVED"])
        let cleaned = try report([site], options: [.cleanStructuredContent, .cleanDescriptors])
        #expect(cleaned.items(.contentSequence).map { $0.string(Tag(0x0040, 0xA160)) } == ["Pelvis"])
    }

    @Test func `measurements stay at every depth, and what isn't in the table stays only where it says nothing`() throws
    {
        let number = content("113813", "DCM", "NUM", measurement("123.4"))
        let text = content("999999", "99ACME", "TEXT", value(of: "TEXT"))
        let name = content("121106", "DCM", "PNAME", value(of: "PNAME"))
        let code = content(
            "113820", "DCM", "CODE",
            DataElement(
                tag: Tag(0x0040, 0xA168), items: [coded("SMITH", "99ACME", "Smith's scan")]))
        let unknown = content("121106", "DCM", "HOLOGRAM", Canary.element(Tag(0x0040, 0xA160), .ut))
        let inner = DataElement(tag: .contentSequence, items: [number, text, name, code, unknown])
        let container = content("113819", "DCM", "CONTAINER", inner)
        let result = try report([container]).items(.contentSequence)
        let items = try #require(result.first?.items(.contentSequence))
        #expect(items.map { $0.string(valueType) } == ["NUM", "CODE"])
        #expect(items.first?.items(Tag(0x0040, 0xA300)).first?.string(Tag(0x0040, 0xA30A)) == "123.4")
        #expect(items.last?.items(Tag(0x0040, 0xA168)).first?.string(codeValue) == "REMOVED")
    }

    // PS3.16 TID 1004, 1010, 1021: Manufacturer and Model Name of the Device Observer, of a Device, of the Device Subject.
    @Test(arguments: ["121014", "121015", "113878", "113879", "121194", "121195"])
    func `who made a device stays, as Manufacturer and Manufacturer's Model Name do`(_ concept: String) throws {
        let text = DataElement(tag: Tag(0x0040, 0xA160), vr: .ut, ascii: "Acme Tomograph 9000")
        let items = ["DCM", "99ACME"].map { content(concept, $0, "TEXT", text) }
        let result = try report(items).items(.contentSequence)
        #expect(result.map { $0.string(Tag(0x0040, 0xA160)) } == ["Acme Tomograph 9000"])
    }

    @Test func `a station that is called after the machine holds no report that names the machine`() throws {
        let profile = try DeidentificationProfile(options: [.cleanStructuredContent])
        let text = DataElement(tag: Tag(0x0040, 0xA160), vr: .ut, ascii: "Acme Tomograph 9000")
        func residuals(station: Tag) throws -> [Residual] {
            let original = object(
                [
                    DataElement(tag: station, vr: .sh, ascii: "Tomograph"),
                    DataElement(tag: .contentSequence, items: [content("121015", "DCM", "TEXT", text)]),
                ], sopClass: "1.2.840.10008.5.1.4.1.1.88.67")
            var result = original
            _ = try HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms).deidentify(&result, pixels: .noPixels)
            return try ResidualSweep(original: original, profile: profile).residuals(in: result)
        }
        #expect(try residuals(station: Tag(0x0008, 0x1010)).map(\.isBlocking) == [false])
        // The patient's own identifier isn't the machine's.
        #expect(try residuals(station: .patientID).map(\.isBlocking) == [true])
    }

    @Test func `what others refer to by position is emptied in its place`() throws {
        let accession = content("121022", "DCM", "TEXT", value(of: "TEXT"))
        let number = content("113813", "DCM", "NUM", measurement("1"))
        var reference = DataSet(elements: [DataElement(tag: Tag(0x0040, 0xA010), vr: .cs, ascii: "SELECTED FROM")])
        reference.set(Tag(0x0040, 0xDB73), .ul, unsigned: [1, 2])
        let result = try report([accession, number, reference]).items(.contentSequence)
        #expect(result.map { $0.string(valueType) } == ["TEXT", "NUM", nil])
        #expect(result.first?.string(Tag(0x0040, 0xA160)) == "REMOVED")
    }

    // MARK: - Real dose reports

    private static let doseReports: [URL] = {
        let folder = corpus?.appending(path: "plain/themorlan+openREM/openrem/remapp/test_files")
        let files = folder.flatMap {
            try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
        }
        return (files ?? []).filter { $0.lastPathComponent.contains("RDSR") }.sorted { $0.path < $1.path }
    }()

    @Test(.enabled(if: !doseReports.isEmpty))
    func `a dose report keeps its doses and loses its patient`() throws {
        let profile = try DeidentificationProfile(options: [
            .cleanStructuredContent, .cleanDescriptors, .retainLongitudinalModifiedDates, .retainDeviceIdentity,
        ])
        for file in Self.doseReports {
            let original = try DICOMObject.read(try FileByteSource(path: file.path))
            var object = original
            let summary = try HeaderDeidentifier(profile: profile, pseudonyms: pseudonyms)
                .deidentify(&object, pixels: .noPixels)
            #expect(summary.codes.contains(.cleanStructuredContent))
            let before = measurements(original.dataSet)
            #expect(!before.isEmpty && measurements(object.dataSet) == before, "\(file.lastPathComponent)")
            let written = MemoryByteSource(try object.serialized())
            let left = try ResidualSweep(original: original, profile: profile).residuals(in: written)
            #expect(left.filter(\.isBlocking) == [], "\(file.lastPathComponent)")
        }
    }

    /// Names and values of all numbers, in order.
    private func measurements(_ dataSet: DataSet) -> [String] {
        var found: [String] = []
        dataSet.walk { _, element, item in
            guard element.tag == Tag(0x0040, 0xA300), item.string(valueType) == "NUM" else { return }
            let name = item.items(conceptName).first?.string(codeValue) ?? ""
            let value = element.items?.first?.string(Tag(0x0040, 0xA30A)) ?? ""
            // Subject Age.
            if name != "121033" { found.append("\(name)=\(value)") }
        }
        return found
    }

    // MARK: - Making reports

    private let valueType = Tag(0x0040, 0xA040)
    private let conceptName = Tag(0x0040, 0xA043)
    private let codeValue = Tag(0x0008, 0x0100)

    private func report(
        _ items: [DataSet], options: Set<ProfileOption> = [.cleanStructuredContent]
    ) throws -> DataSet {
        let elements = [
            DataElement(tag: .patientID, vr: .lo, ascii: "12345"), DataElement(tag: .contentSequence, items: items),
        ]
        return try deidentified(object(elements, sopClass: "1.2.840.10008.5.1.4.1.1.88.67"), options: options)
            .object.dataSet
    }

    private func coded(_ value: String, _ scheme: String, _ meaning: String) -> DataSet {
        DataSet(elements: [
            DataElement(tag: codeValue, vr: .sh, ascii: value),
            DataElement(tag: Tag(0x0008, 0x0102), vr: .sh, ascii: scheme),
            DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, ascii: meaning),
        ])
    }

    private func content(_ value: String, _ scheme: String, _ type: String, _ element: DataElement) -> DataSet {
        let elements = [
            DataElement(tag: Tag(0x0040, 0xA010), vr: .cs, ascii: "CONTAINS"),
            DataElement(tag: valueType, vr: .cs, ascii: type),
            DataElement(tag: conceptName, items: [coded(value, scheme, "Concept")]), element,
        ]
        return DataSet(elements: elements.sorted { $0.tag < $1.tag })
    }

    private func item(_ row: Row) -> DataSet {
        var element = value(of: row.type)
        if row.type == "TEXT", row.cleaned.isEmpty {
            element = Canary.element(Tag(0x0040, 0xA160), .ut)
        }
        return content(row.value, row.scheme, row.type, element)
    }

    private func measurement(_ value: String) -> DataElement {
        DataElement(
            tag: Tag(0x0040, 0xA300),
            items: [DataSet(elements: [DataElement(tag: Tag(0x0040, 0xA30A), vr: .ds, ascii: value)])])
    }

    private func value(of type: String) -> DataElement {
        switch type {
        case "PNAME": return Canary.element(Tag(0x0040, 0xA123), .pn)
        case "DATE": return Canary.element(Tag(0x0040, 0xA121), .da)
        case "DATETIME": return Canary.element(Tag(0x0040, 0xA120), .dt)
        case "TIME": return Canary.element(Tag(0x0040, 0xA122), .tm)
        case "UIDREF": return Canary.element(Tag(0x0040, 0xA124), .ui)
        case "NUM": return measurement("42")
        case "CODE": return DataElement(tag: Tag(0x0040, 0xA168), items: [coded("M", "DCM", "Male")])
        case "CONTAINER": return DataElement(tag: Tag(0x0040, 0xA050), vr: .cs, ascii: "SEPARATE")
        case "IMAGE", "COMPOSITE", "WAVEFORM":
            let reference = DataSet(elements: [
                DataElement(tag: Tag(0x0008, 0x1150), vr: .ui, ascii: "1.2.840.10008.5.1.4.1.1.2"),
                Canary.element(Tag(0x0008, 0x1155), .ui),
            ])
            return DataElement(tag: Tag(0x0008, 0x1199), items: [reference])
        default: return DataElement(tag: Tag(0x0040, 0xA160), vr: .ut, ascii: "Pelvis \(Canary.text)")
        }
    }
}

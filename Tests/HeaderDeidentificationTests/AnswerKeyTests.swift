import DICOMFile
import DICOMModel
import Foundation
import HeaderDeidentification
import Testing

/// Table E.1-1 against an answer key that a script works out from the reference tables (Fixtures/make_answer_key.py).
struct AnswerKeyTests {
    struct Row: Sendable {
        let tag: Tag
        let vr: VR
        let action: String
        let ct: String
        let sr: String
        let nested: String
        /// By the name of an option: `kept` or `cleaned`; nothing where it leaves the row as it is.
        let options: [String: String]
    }

    /// The key's lines as fields, its head first.
    static let lines: [[String]] = {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let text = (try? String(contentsOf: fixtures.appending(path: "answer_key.csv"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }()

    static let rows: [Row] = {
        guard let names = lines.first?.dropFirst(6) else { return [] }
        return lines.dropFirst().compactMap { fields in
            guard fields.count == 16, let tag = Tag(parsing: fields[0]), let vr = VR(fields[1]) else { return nil }
            let options = Dictionary(uniqueKeysWithValues: zip(names, fields.dropFirst(6))).filter { !$0.value.isEmpty }
            return Row(
                tag: tag, vr: vr, action: fields[2], ct: fields[3], sr: fields[4], nested: fields[5], options: options)
        }
    }()

    static let transferSyntaxes: [TransferSyntax] = [
        .explicitVRLittleEndian, .implicitVRLittleEndian, .explicitVRBigEndian, .deflatedExplicitVRLittleEndian,
    ]
    private let anatomicRegion = Tag(0x0008, 0x2218)

    @Test func `the answer key has every single Attribute of the table`() {
        #expect(Self.rows.count == 652)
        for row in Self.rows {
            #expect(DeidentificationProfile.basic.action(for: row.tag)?.rawValue == row.action, "\(row.tag)")
        }
    }

    @Test(arguments: transferSyntaxes)
    func `every row is carried out at root level of a CT Image`(_ transferSyntax: TransferSyntax) throws {
        let result = try deidentified(object(planted, transferSyntax))
        for row in Self.rows { check(row, row.ct, in: result.object.dataSet) }
        #expect(result.object.transferSyntax == transferSyntax)
    }

    @Test func `every row is carried out at root level of an Enhanced SR`() throws {
        let result = try deidentified(object(planted, sopClass: "1.2.840.10008.5.1.4.1.1.88.22"))
        for row in Self.rows { check(row, row.sr, in: result.object.dataSet) }
    }

    @Test(arguments: transferSyntaxes)
    func `every row is carried out in nested items`(_ transferSyntax: TransferSyntax) throws {
        let innermost = DataSet(elements: planted)
        let inner = DataElement(tag: anatomicRegion, items: [innermost])
        let outer = DataElement(tag: anatomicRegion, items: [DataSet(elements: [inner])])
        let result = try deidentified(object([outer], transferSyntax))
        let item = try #require(result.object.dataSet.items(anatomicRegion).first?.items(anatomicRegion).first)
        for row in Self.rows { check(row, row.nested, in: item) }
    }

    @Test(arguments: transferSyntaxes)
    func `no planted value is left in any byte`(_ transferSyntax: TransferSyntax) throws {
        let privates = [
            DataElement(tag: Tag(0x0009, 0x0010), vr: .lo, ascii: Canary.text),
            DataElement(tag: Tag(0x0009, 0x1001), vr: .un, bytes: Array(Canary.text.utf8)),
            DataElement(tag: Tag(0x5000, 0x3000), vr: .ow, bytes: Array(Canary.text.utf8)),
            DataElement(tag: Tag(0x6002, 0x4000), vr: .lt, ascii: Canary.text),
            DataElement(tag: Tag(0x6002, 0x0022), vr: .lo, ascii: Canary.text),
            DataElement(tag: Tag(0x0008, 0x0A0A), vr: .lo, ascii: Canary.text),
            DataElement(tag: Tag(0x0042, 0x0010), vr: .st, ascii: Canary.text),
            DataElement(tag: .digitalSignaturesSequence, items: [DataSet(elements: planted)]),
            DataElement(tag: .dataSetTrailingPadding, vr: .ob, bytes: Array(Canary.text.utf8)),
        ]
        let nested = DataElement(tag: anatomicRegion, items: [DataSet(elements: planted + privates.dropLast(2))])
        var original = object(planted + privates + [nested], transferSyntax)
        original.preamble = Array((Canary.text + String(repeating: " ", count: 128)).utf8.prefix(128))
        original.trailingBytes = ValueBytes(Array(Canary.text.utf8))
        let before = try DICOMObject.read(MemoryByteSource(try original.serialized()))
        if !transferSyntax.isDeflated { #expect(Canary.sings(in: try before.serialized())) }
        let result = try deidentified(original)
        var uncompressed = result.object
        uncompressed.setTransferSyntax(.explicitVRLittleEndian)
        #expect(!Canary.sings(in: try uncompressed.serialized()))
        #expect(!Canary.sings(in: result.bytes))
        #expect(try ResidualSweep(original: before).residuals(in: result.object).filter(\.isBlocking) == [])
        result.object.dataSet.walk { _, element, _ in
            #expect(!element.tag.isPrivate && !element.tag.isCurve && !element.tag.isOverlay)
        }
    }

    // MARK: -

    private var planted: [DataElement] {
        Self.rows.filter { $0.tag.group > 0x0004 && $0.tag.group < 0xFFFA }.map { Canary.element($0.tag, $0.vr) }
            .sorted { $0.tag < $1.tag }
    }

    private func check(_ row: Row, _ expected: String, in dataSet: DataSet) {
        guard ![.patientName, .patientID, .sopInstanceUID].contains(row.tag) else { return }
        let element = dataSet[row.tag]
        switch expected {
        case "gone":
            #expect(element == nil, "\(row.tag) \(row.action)")
        case "empty":
            #expect(element?.isEmpty == true, "\(row.tag) \(row.action)")
        case "dummy":
            #expect(element?.isEmpty == false, "\(row.tag) \(row.action)")
            if let bytes = (try? dataSet.bytes(row.tag)) ?? nil { #expect(!Canary.sings(in: bytes), "\(row.tag)") }
        case "uid":
            #expect(dataSet.string(row.tag) == pseudonyms.uid(UID(Canary.uid)).value, "\(row.tag)")
        default: Issue.record("unknown expectation for \(row.tag)")
        }
    }
}

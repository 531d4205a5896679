import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Names and texts in the character sets of PS3.5 6.1.2. Bytes as Python's codecs and pydicom's PersonName write them.
struct CharacterSetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        /// Specific Character Set.
        let terms: [String]
        let name: [UInt8]
        /// Runs of bytes that must not be left: the parts of the name without what only switches character sets.
        let parts: [[UInt8]]
        /// The same as text.
        let texts: [String]

        var testDescription: String { terms.joined(separator: "\\") }

        init(_ terms: [String], _ name: String, parts: [String], texts: [String]) {
            self.terms = terms
            self.name = Self.bytes(name)
            self.parts = parts.map(Self.bytes)
            self.texts = texts
        }

        private static func bytes(_ digits: String) -> [UInt8] {
            let values = digits.compactMap(\.hexDigitValue)
            return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
        }
    }

    static let cases = [
        Case(["ISO_IR 100"], "4dfc6c6c6572", parts: ["fc6c6c6572"], texts: ["Müller"]),
        Case(["ISO_IR 101"], "4b6f76e16373", parts: ["4b6f76e16373"], texts: ["Kovács"]),
        Case(["ISO_IR 109"], "d56f72f5", parts: ["d56f72f5"], texts: ["Ġorġ"]),
        Case(["ISO_IR 144"], "b8d2d0ddded2", parts: ["b8d2d0ddded2"], texts: ["Иванов"]),
        Case(["ISO_IR 126"], "c4e9efedf5f3e9eff2", parts: ["c4e9efedf5f3e9eff2"], texts: ["Διονυσιος"]),
        Case(["ISO_IR 166"], "b9d2c1caa1d8c5", parts: ["b9d2c1caa1d8c5"], texts: ["นามสกุล"]),
        Case(["ISO_IR 192"], "e78e8be5b08fe4b89c", parts: ["e78e8be5b08fe4b89c"], texts: ["王小东"]),
        Case(["GB18030"], "cdf5d0a1b6ab", parts: ["cdf5d0a1b6ab"], texts: ["王小东"]),
        Case(["GBK"], "cdf5d0a1b6ab", parts: ["cdf5d0a1b6ab"], texts: ["王小东"]),
        Case(["ISO_IR 13"], "d4cfc0de5ec0dbb3", parts: ["d4cfc0de", "c0dbb3"], texts: ["ﾔﾏﾀﾞ", "ﾀﾛｳ"]),
        // Single-byte, ideographic and phonetic groups: PS3.5 annexes H and I.
        Case(
            ["ISO 2022 IR 13", "ISO 2022 IR 87"],
            "d4cfc0de5ec0dbb33d1b24423b3345441b284a5e1b244242404f3a1b284a3d1b24422464245e24401b284a5e1b2442243f246d24261b284a",
            parts: ["d4cfc0de", "3b334544", "42404f3a", "2464245e2440", "243f246d2426"],
            texts: ["ﾔﾏﾀﾞ", "山田", "太郎", "やまだ", "たろう"]),
        Case(
            ["", "ISO 2022 IR 87"],
            "59616d6164615e5461726f753d1b24423b3345441b28425e1b244242404f3a1b28423d1b24422464245e24401b28425e1b2442243f246d24261b2842",
            parts: ["59616d616461", "3b334544", "42404f3a", "2464245e2440"], texts: ["Yamada", "山田", "太郎", "やまだ"]),
        Case(
            ["", "ISO 2022 IR 149"],
            "486f6e675e47696c646f6e673d1b242943fbf35e1b242943d1ced4d73d1b242943c8ab5e1b242943b1e6b5bf",
            parts: ["47696c646f6e67", "d1ced4d7", "b1e6b5bf"], texts: ["Gildong", "吉洞", "길동"]),
    ]
    private let anatomicRegion = Tag(0x0008, 0x2218)
    private let imageComments = Tag(0x0020, 0x4000)

    private func original(_ one: Case) throws -> DICOMObject {
        // The name is in free text as well, after a word that may stay; GB and UTF-8 need no escape there.
        let text = Array("chest ".utf8) + one.name
        let nested = DataSet(elements: [
            DataElement(tag: Tag(0x0008, 0x1070), vr: .pn, bytes: one.name),
            DataElement(tag: imageComments, vr: .lt, bytes: text),
        ])
        let made = object([
            DataElement(
                tag: .specificCharacterSet, vr: .cs, bytes: Array(one.terms.joined(separator: "\\").utf8)),
            DataElement(tag: .seriesDescription, vr: .lo, bytes: text),
            DataElement(tag: .patientName, vr: .pn, bytes: one.name),
            DataElement(tag: .patientID, vr: .lo, ascii: "PAT-4711"),
            DataElement(tag: imageComments, vr: .lt, bytes: text),
            DataElement(tag: anatomicRegion, items: [nested]),
        ])
        return try DICOMObject.read(MemoryByteSource(try made.serialized()))
    }

    @Test(arguments: cases)
    func `a name is gone from every element, and known words stay beside it`(_ one: Case) throws {
        for options: Set<ProfileOption> in [[], [.cleanDescriptors], CorpusOptionTests.profiles[0].options] {
            let result = try deidentified(try original(one), options: options)
            for part in one.parts + one.texts.map({ Array($0.utf8) }) where part.count > 3 {
                #expect(!contains(result.bytes, part), "\(options)")
            }
            guard options.contains(.cleanDescriptors) else { continue }
            let dataSet = result.object.dataSet
            #expect(dataSet.string(.seriesDescription) == "chest")
            #expect(dataSet.string(imageComments) == "chest")
            #expect(dataSet.items(anatomicRegion).first?.string(imageComments) == "chest")
        }
    }

    @Test(arguments: cases)
    func `the sweep finds each group of the name in its own bytes and in UTF-8`(_ one: Case) throws {
        let original = try original(one)
        for leak in [one.name] + one.texts.map({ Array($0.utf8) }) where leak.count > 3 {
            var leaking = original
            _ = try deidentifier.deidentify(&leaking, pixels: .noPixels)
            leaking.dataSet[.seriesDescription] = DataElement(tag: .seriesDescription, vr: .lo, bytes: leak)
            let found = try ResidualSweep(original: original).residuals(
                in: MemoryByteSource(try leaking.serialized()))
            #expect(found.contains { $0.isBlocking && $0.kind == .personName })
        }
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.dropLast(part.count - 1).contains { bytes[$0...].starts(with: part) }
    }
}

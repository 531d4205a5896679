import DICOMFile
import DICOMModel
import DeviceRules
import Testing

@Suite struct ConditionTests {
    /// A rule from a signature of CTP's, whose grammar needs no more than a line.
    private func holds(_ signature: String, _ object: DICOMObject = Header.ultrasound) throws -> Bool {
        let imported = try ImportedRules(parsing: "{ \(signature) }\n(0,0,1,1)\n", form: .ctp)
        let rule = try #require(imported.rules.first, "\(imported.notes)")
        return try rule.applies(
            to: object, format: DeviceFormat(modality: "", manufacturer: "", model: "", rows: nil, columns: nil))
    }

    // By DicomObject.java: values are joined by a backslash, a missing Attribute is an empty text.
    @Test(arguments: [
        (#"Modality.equals("US")"#, true), (#"Modality.equals("us")"#, false),
        (#"Modality.equalsIgnoreCase("us")"#, true),
        (#"Manufacturer.contains("Medical")"#, true), (#"Manufacturer.contains("medical")"#, false),
        (#"Manufacturer.containsIgnoreCase("medical")"#, true), (#"Manufacturer.startsWith("ACME")"#, true),
        (#"Manufacturer.startsWithIgnoreCase("acme")"#, true), (#"Manufacturer.endsWith("Systems")"#, true),
        (#"Manufacturer.endsWithIgnoreCase("SYSTEMS")"#, true), (#"[0008,1090].equals("Sono 5+")"#, true),
        (#"[00081090].matches("Sono [0-9]\+")"#, true), (#"[0008,1090].matches("Sono")"#, false),
        (#"Rows.equals("768")"#, true), (#"Rows.containsIgnoreCase("76")"#, true),
        (#"Rows.isGreaterThan("767")"#, true),
        (#"Rows.isLessThan("768")"#, false), (#"ImageType.equals("SECONDARY")"#, false),
        (#"ImageType.equals("DERIVED\SECONDARY\CAPTURE")"#, true), (#"ImageType.contains("SECONDARY")"#, true),
        (#"SeriesDescription.equals("")"#, true), (#"SeriesDescription.contains("x")"#, false),
        (#"SeriesDescription.isLessThan("5")"#, false), (#"[0002,0013].equals("MAKER_1")"#, true),
    ])
    func `a test means what it means in CTP`(signature: String, expected: Bool) throws {
        #expect(try holds(signature) == expected)
    }

    @Test(arguments: [
        (#"!Modality.equals("CT")"#, true), (#"!Modality.equals("CT") * Rows.equals("1")"#, false),
        // * binds closer than +
        (#"Modality.equals("US") + Rows.equals("1") * Rows.equals("2")"#, true),
        (#"(Modality.equals("US") + Rows.equals("1")) * Rows.equals("2")"#, false),
        (#"!(Modality.equals("US") * Rows.equals("1"))"#, true), (#"!!Modality.equals("US")"#, true),
        ("true", true), ("false", false), ("true. * false.", false),
        ("Modality.equals(\"US\") // * Rows.equals(\"1\")\n", true),
    ])
    func `operators bind as in CTP`(signature: String, expected: Bool) throws {
        #expect(try holds(signature) == expected)
    }

    @Test func `a value in a sequence's first Item is found by its path`() throws {
        var item = DataSet()
        item[Tag(0x0008, 0x0104)] = DataElement(tag: Tag(0x0008, 0x0104), vr: .lo, bytes: Array("Phantom ".utf8))
        let object = Header.object([], items: [(Tag(0x0008, 0x2228), [item, DataSet()])])
        #expect(try holds(#"PrimaryAnatomicStructureSequence::CodeMeaning.equals("Phantom")"#, object))
        #expect(try !holds(#"CodeMeaning.equals("Phantom")"#, object))
    }

    @Test func `a regular expression that explodes is an error, not an answer`() {
        let object = Header.object([(.manufacturer, .lo, String(repeating: "a", count: 60) + "b")])
        #expect(throws: DeviceRuleError.self) { try holds(#"Manufacturer.matches("(a*)*c")"#, object) }
    }

    @Test func `a device is compared with what reports show of it`() {
        let format = DeviceFormat(modality: "US", manufacturer: "GE", model: "LOGIQE9", rows: 720, columns: 960)
        #expect(
            DeviceMatch(modality: "US", manufacturer: "GE", model: "LOGIQE9", rows: 720, columns: 960).matches(format))
        #expect(DeviceMatch(model: "LOGIQE9").matches(format))
        #expect(!DeviceMatch(model: "LOGIQE9", rows: 480).matches(format))
        #expect(!DeviceMatch(manufacturer: "ge").matches(format))
    }
}

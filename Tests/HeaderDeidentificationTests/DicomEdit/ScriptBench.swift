import DICOMFile
import DICOMModel
import HeaderDeidentification
import Testing

/// Runs scripts on Data Sets made for a test.
enum Bench {
    static let name = DataElement(tag: .patientName, vr: .pn, ascii: "Zzcanary^Quuxina")
    static let id = DataElement(tag: .patientID, vr: .lo, ascii: "ID-4711")
    static let study = DataElement(tag: Tag(0x0008, 0x0020), vr: .da, ascii: "20200131")

    static let context = ScriptContext(
        project: "PROJ", subject: Sensitive("PROJ_0001"), session: Sensitive("PROJ_0001_MR1"), modalityLabel: "MR",
        lookups: ["pid": ["ID-4711": Sensitive("SUBJ-1")]], pseudonyms: pseudonyms)

    static func dataSet(_ elements: DataElement...) -> DataSet {
        dataSet(elements)
    }

    static func dataSet(_ elements: [DataElement]) -> DataSet {
        DataSet(elements: elements.sorted { $0.tag < $1.tag })
    }

    static func sequence(_ tag: Tag, _ items: [DataElement]...) -> DataElement {
        DataElement(tag: tag, items: items.map { DataSet(elements: $0) })
    }

    /// Applies `script`, which needs no version, to `dataSet`.
    static func run(
        _ script: String, _ dataSet: DataSet, tolerance: ScriptTolerance = .strict, context: ScriptContext = context
    ) throws -> ScriptResult {
        try DicomEditScript(parsing: "version \"6.6\"\n" + script, tolerance: tolerance)
            .apply(to: dataSet, context: context)
    }

    /// What `expression` gives, written to (0040,A160) of an object with a few elements.
    static func value(_ expression: String, _ elements: DataElement...) throws -> String? {
        let result = try run("(0040,A160) := " + expression, dataSet([name, id, study] + elements))
        return result.dataSet.strings(Tag(0x0040, 0xA160)).first
            ?? (result.dataSet[Tag(0x0040, 0xA160)] == nil ? nil : "")
    }

    /// The code of the error that running `script` ends in; nil where it ends well.
    static func failure(_ script: String, _ elements: DataElement...) -> String? {
        do {
            _ = try run(script, dataSet([name, id, study] + elements))
            return nil
        } catch let error as DicomEditError {
            return error.code.name
        } catch {
            return "\(type(of: error))"
        }
    }

    /// The rules of what XNAT refuses in `script`.
    static func refusals(_ script: String, tolerance: ScriptTolerance = .strict) -> [String] {
        DicomEditScript.examined("version \"6.6\"\n" + script, tolerance: tolerance).diagnostics
            .filter { $0.severity == .refused }.map(\.rule.name)
    }
}

/// The tag `(gggg,eeee)`.
func tag(_ text: String) -> Tag {
    Tag(parsing: text) ?? Tag(0, 0)
}

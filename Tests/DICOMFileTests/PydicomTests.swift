import DICOMFile
import DICOMModel
import Foundation
import TestSupport
import Testing

/// Values as pydicom reads them: another implementation's view of the same files.
@Suite struct `Agreement with pydicom` {
    /// Prints one line an element: path, bytes of the value (where pydicom keeps them raw), decoded text.
    private static let script = """
        import sys, warnings, json
        warnings.simplefilter("ignore")
        import pydicom
        from pydicom.dataelem import RawDataElement
        TEXT = {"AE","AS","CS","DA","DS","DT","IS","LO","LT","PN","SH","ST","TM","UC","UI","UR","UT"}
        def values(v):
            if v is None: return []
            if isinstance(v, (str, bytes)): return [v]
            try: return [str(x) for x in v] if not hasattr(v, "original_string") and hasattr(v, "__iter__") else [str(v)]
            except TypeError: return [str(v)]
        def walk(ds, path, out):
            for tag in sorted(ds.keys()):
                raw = ds._dict[tag]
                name = path + "(%04X,%04X)" % (tag.group, tag.element)
                entry = {"path": name}
                if isinstance(raw, RawDataElement) and isinstance(raw.value, bytes) and tag != 0x7FE00010:
                    entry["count"] = len(raw.value)
                    entry["bytes"] = raw.value[:64].hex()
                if tag == 0x00080005 or tag == 0x7FE00010: continue
                try: element = ds[tag]
                except Exception: continue
                if element.VR == "SQ":
                    entry = {"path": name, "items": len(element.value)}
                    for index, item in enumerate(element.value): walk(item, name + "[%d]/" % index, out)
                elif element.VR in TEXT and element.VR not in ("DS", "IS", "DA", "TM", "DT"):
                    value = element.value
                    entry["text"] = ([str(x) for x in value] if isinstance(value, pydicom.multival.MultiValue)
                        else [str(value)] if value not in (None, "") else [])
                out.append(entry)
        for path in sys.argv[1:]:
            out = []
            ds = pydicom.dcmread(path, force=True, stop_before_pixels=True)
            walk(ds, "", out)
            print(json.dumps({"file": path, "elements": out}))
        """

    private struct File: Decodable {
        let file: String
        let elements: [Element]
    }

    private struct Element: Decodable {
        let path: String
        let count: Int?
        let bytes: String?
        let items: Int?
        let text: [String]?
    }

    @Test(.enabled(if: Corpus.isPresent))
    func `elements have the same bytes and the same text`() throws {
        let all = Corpus.files("plain") + Corpus.files("text")
        let sample = all.enumerated().filter { $0.offset % 9 == 0 }.map(\.element)
        guard let result = try run("/usr/bin/python3", ["-c", Self.script] + sample), result.status == 0 else { return }
        var compared = 0
        for line in result.output.split(separator: "\n") {
            let file = try JSONDecoder().decode(File.self, from: Data(line.utf8))
            guard let object = try? DICOMObject.read(try FileByteSource(path: file.file)) else { continue }
            compared += compare(file, with: object)
        }
        #expect(compared > 10_000)
    }

    private func compare(_ file: File, with object: DICOMObject) -> Int {
        var ours: [String: (element: DataElement, dataSet: DataSet)] = [:]
        object.dataSet.walk { path, element, dataSet in ours[path.description] = (element, dataSet) }
        for theirs in file.elements {
            guard let (element, dataSet) = ours[theirs.path] else {
                Issue.record("\(theirs.path) is missing in \(file.file)")
                continue
            }
            if let items = theirs.items { #expect(element.items?.count == items, "\(theirs.path) \(file.file)") }
            if let count = theirs.count, case .bytes(let value) = element.value {
                #expect(value.count == count, "\(theirs.path) \(file.file)")
                let head = (try? value.load(0..<64)) ?? []
                #expect(head.map { String(format: "%02x", $0) }.joined() == theirs.bytes, "\(theirs.path) \(file.file)")
            }
            if let text = theirs.text, dataSet.characterSet.isKnown {
                let texts = dataSet.strings(element).map(Self.trimmed)
                #expect(texts == text.map(Self.trimmed), "\(theirs.path) \(file.file)")
            }
        }
        return file.elements.count
    }

    /// pydicom keeps some of the padding.
    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: CharacterSet(charactersIn: " \0"))
    }
}

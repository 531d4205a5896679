import Crypto
import DICOMFile
import DICOMModel
import HeaderDeidentification
import PHIClassification

/// One Attribute of one file.
struct InventoryEntry: Codable, Sendable {
    struct Value: Codable, Sendable {
        /// Tells values apart without saying what they are: keyed with a key of the run.
        var token: String
        var detectors: [String]
        /// Only where values were asked for.
        var text: String?
    }

    var path: String
    var keyword: String?
    var vr: String
    var count: Int
    /// Each different one once.
    var values: [Value]
}

extension WorkerTasks {
    /// Every Attribute of a file, at every level.
    func inventory(_ path: String, showsValues: Bool) throws -> [InventoryEntry] {
        let object = try readOrUnpack(path)
        var builder = InventoryBuilder(pseudonyms: pseudonyms, showsValues: showsValues)
        for dataSet in [object.fileMeta, object.dataSet] {
            try dataSet.walk { path, element, dataSet in try builder.add(element, at: path, in: dataSet) }
        }
        return builder.entries
    }
}

/// Collects the Attributes of one file.
private struct InventoryBuilder {
    let pseudonyms: Pseudonyms
    let showsValues: Bool
    private let detectors = ValueDetectors()
    private(set) var entries: [InventoryEntry] = []
    private var places: [String: Int] = [:]
    private var tokens: [Set<String>] = []

    init(pseudonyms: Pseudonyms, showsValues: Bool) {
        self.pseudonyms = pseudonyms
        self.showsValues = showsValues
    }

    mutating func add(_ element: DataElement, at path: ElementPath, in dataSet: DataSet) throws {
        let name = path.sequences.map { "\($0.tag)/" }.joined() + path.tag.description
        let vr = dataSet.effectiveVR(element)
        let place = places[name + vr.description] ?? entries.count
        if place == entries.count {
            places[name + vr.description] = place
            tokens.append([])
            entries.append(
                InventoryEntry(
                    path: name, keyword: DataDictionary.keyword(path.tag), vr: vr.description, count: 0, values: []))
        }
        entries[place].count += 1
        for (content, text) in try values(of: element, in: dataSet) {
            let token = pseudonyms.token(content, domain: "inventory")
            guard tokens[place].insert(token).inserted else { continue }
            entries[place].values.append(
                InventoryEntry.Value(
                    token: token, detectors: text.map { detectors.tripped(by: $0, vr: vr) } ?? [],
                    text: showsValues ? text.map { String($0.prefix(80)) } : nil))
        }
    }

    /// What tells a value from others, and its text where it is one; nothing for sequences.
    private func values(of element: DataElement, in dataSet: DataSet) throws -> [(content: String, text: String?)] {
        switch element.value {
        case .items: return []
        case .fragments(let pixels): return [(try pixels.fragments.map(Self.digest).joined(), nil)]
        case .bytes(let value):
            let vr = dataSet.effectiveVR(element)
            if vr.isText || value.count <= 64 {
                let texts = dataSet.strings(element)
                return (texts.isEmpty ? [""] : texts).map { ($0, $0) }
            }
            return [(try Self.digest(value), try Self.readable(value))]
        }
    }

    private static func digest(_ value: ValueBytes) throws -> String {
        var hash = SHA256()
        for start in stride(from: 0, to: value.count, by: 1 << 20) {
            hash.update(data: try value.load(start..<min(start + 1 << 20, value.count)))
        }
        return hexadecimal(hash.finalize())
    }

    /// Runs of eight characters and more in the first 64 KiB of a binary value; nil where there are none.
    private static func readable(_ value: ValueBytes) throws -> String? {
        guard value.count <= 1 << 16 else { return nil }
        let runs = try value.load().split { !(0x20...0x7E).contains($0) }.filter { $0.count >= 8 }
        return runs.isEmpty ? nil : runs.prefix(50).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
}

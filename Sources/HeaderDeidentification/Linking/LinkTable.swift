import Crypto
import Foundation

/// The link table as it lies on disk: JSON, sealed with AES-256-GCM under a key of its own.
///
/// The file is the line `quench-link-table-1`, which is authenticated as well, then nonce (12 bytes), ciphertext and tag
/// (16 bytes). Without the key nothing of it can be read, and a change of any byte is noticed.
public struct LinkTable: Sendable {
    private static let head = Array("quench-link-table-1\n".utf8)

    /// By Study, in the order of patient and date.
    public private(set) var records: [LinkRecord]

    public init(records: some Sequence<LinkRecord>) {
        self.records = Set(records).sorted { $0.values.lexicographicallyPrecedes($1.values) }
    }

    /// - Throws: `.linkTable` where the bytes are no link table, were changed, or were sealed under another key.
    public init(opening bytes: [UInt8], key: ProjectKey) throws(HeaderDeidentificationError) {
        guard bytes.starts(with: Self.head) else {
            throw HeaderDeidentificationError(.linkTable, "the file is no link table of Quench")
        }
        do {
            let box = try AES.GCM.SealedBox(combined: Data(bytes.dropFirst(Self.head.count)))
            let opened = try AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: Self.head)
            records = try JSONDecoder().decode([LinkRecord].self, from: opened)
        } catch {
            throw HeaderDeidentificationError(
                .linkTable, "the link table can't be opened", hint: "it was sealed with another key, or was changed")
        }
    }

    /// The table sealed under `key`, with a new nonce each time.
    public func sealed(with key: ProjectKey) throws(HeaderDeidentificationError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(
                try JSONEncoder().encode(records), using: SymmetricKey(data: key.bytes), authenticating: Self.head)
            guard let combined = box.combined else {
                throw HeaderDeidentificationError(.linkTable, "the link table can't be sealed")
            }
            return Self.head + Array(combined)
        } catch {
            throw HeaderDeidentificationError(.linkTable, "the link table can't be sealed")
        }
    }

    public mutating func add(_ more: some Sequence<LinkRecord>) {
        self = LinkTable(records: records + Array(more))
    }

    /// The whole table as comma-separated values, for the trusted side.
    public var csv: String {
        ([LinkRecord.columns] + records.map(\.values)).map { row in row.map(Self.quoted).joined(separator: ",") + "\n" }
            .joined()
    }

    /// Quoted where it must be; a leading sign that a spreadsheet would take for a formula gets an apostrophe.
    private static func quoted(_ value: String) -> String {
        let value = value.first.map { "=+-@".contains($0) } == true ? "'" + value : value
        guard value.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
}

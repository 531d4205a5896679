internal import Crypto
import DICOMModel
public import Foundation
internal import GRDB

extension Ledger {
    /// Stores a PNG for the report and returns its SHA-256 in hexadecimal digits, by which events name it. The same
    /// picture is stored once.
    public func store(picture: Data) throws -> String { try store(picture) }

    /// Stores lines of `RetainedAttribute`; the same list is stored once.
    public func store(attributes: String) throws -> String { try store(Data(attributes.utf8)) }

    /// The list of that SHA-256, or nil where there is none. Throws `.corrupt` where what is stored under it isn't it.
    public func attributes(sha256: String) throws -> [RetainedAttribute]? {
        try stored("list", sha256: sha256).map { stored in
            String(decoding: stored, as: UTF8.self).split(separator: "\n").compactMap { RetainedAttribute(line: $0) }
        }
    }

    private func store(_ picture: Data) throws -> String {
        let name = hexadecimal(SHA256.hash(data: picture))
        try LedgerError.mapping {
            try database.write { database in
                try database.execute(
                    sql: "INSERT INTO picture (sha256, png) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    arguments: [name, picture])
            }
        }
        return name
    }

    /// The picture of that SHA-256, or nil where there is none. Throws `.corrupt` where what is stored under it isn't it.
    public func picture(sha256: String) throws -> Data? { try stored("picture", sha256: sha256) }

    private func stored(_ name: String, sha256: String) throws -> Data? {
        let png = try read {
            try Data.fetchOne($0, sql: "SELECT png FROM picture WHERE sha256 = ?", arguments: [sha256])
        }
        guard let png else { return nil }
        guard hexadecimal(SHA256.hash(data: png)) == sha256 else {
            throw LedgerError(.corrupt, "a \(name) of the report was changed")
        }
        return png
    }
}

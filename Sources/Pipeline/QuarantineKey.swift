import Crypto
import DICOMModel
import Foundation
public import HeaderDeidentification
import Ledger

/// What originals in quarantine are sealed with: 32 bytes, from a key file of their own or derived from the project key.
/// It never prints itself.
public struct QuarantineKey: Sendable, CustomStringConvertible, CustomReflectable {
    private static let kind = "quench-quarantine-key-1"
    private let bytes: [UInt8]

    /// Reads a key file of mode 0600.
    ///
    /// - Throws: `LedgerError` with code `.key`.
    public init(contentsOf path: String) throws {
        bytes = try SecretFile.read(path, kind: Self.kind)
    }

    /// HKDF-SHA-256 (RFC 5869) of the project key, so that an output can be reviewed by whoever has that.
    public init(derivedFrom key: ProjectKey) {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.bytes), salt: Data(), info: Data(Self.kind.utf8),
            outputByteCount: 32)
        bytes = derived.withUnsafeBytes { Array($0) }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Makes a key file of mode 0600.
    ///
    /// - Throws: `LedgerError` with code `.key` where the name is taken: a key is never overwritten.
    public static func generate(at path: String) throws -> QuarantineKey {
        QuarantineKey(bytes: try SecretFile.generate(at: path, kind: kind))
    }

    /// First 8 bytes of the SHA-256 of the key: tells keys apart and gives nothing away.
    var mark: [UInt8] { Array(SHA256.hash(data: bytes).prefix(8)) }

    public var fingerprint: String { hexadecimal(mark) }

    /// The key of one file, which no other file has.
    func fileKey(salt: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), salt: salt, info: Data("quench-sealed-1".utf8),
            outputByteCount: 32)
    }

    public var description: String { "‹quarantine key›" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
